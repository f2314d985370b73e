import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { Api } from "../../client/models/api.js";
import { Connection } from "../../client/models/connection.js";
import { Identity } from "../../client/models/identity.js";

const OPERATION = { name: "Ping", document: "query Ping { ping }" };
let answers;
let origin;
let requests;
let server;

before(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    requests.push({ method: request.method, headers: request.headers, body });
    const {
      status = 200,
      headers = {},
      json,
      text,
    } = answers.shift() ?? { json: { data: { ping: "pong" } } };
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(text ?? JSON.stringify(json));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${server.address().port}`;
});

after(() => server.close());

beforeEach(() => {
  answers = [];
  requests = [];
});

function newApi({
  token = null,
  cookies = "csrftoken=abc",
  onIdentityChanged,
  at = origin,
  accountId,
  connection = new Connection(),
} = {}) {
  const configuration = {
    identifiesBy: token === null ? "session" : "token",
    token,
    addressOf: (path) => `${at}${path}`,
  };
  const jar = typeof cookies === "string" ? () => cookies : cookies;
  const identity = new Identity({ configuration, cookies: jar, fetch });
  if (accountId !== undefined) identity.expect(accountId);
  return new Api({ configuration, connection, identity, fetch, onIdentityChanged });
}

const refusal = (code) => ({
  json: { data: null, errors: [{ message: "No.", extensions: { code } }] },
});

test("a query brings its data, and names its operation", async () => {
  assert.deepEqual(await newApi().query(OPERATION, { first: 1 }), { ping: "pong" });
  assert.deepEqual(JSON.parse(requests[0].body), {
    query: OPERATION.document,
    operationName: "Ping",
    variables: { first: 1 },
  });
});

test("a session sends the CSRF token of its cookie", async () => {
  await newApi({ cookies: "theme=dark; csrftoken=abc" }).query(OPERATION);
  assert.equal(requests[0].headers["x-csrftoken"], "abc");
  assert.equal(requests[0].headers.authorization, undefined);
});

test("a token goes as bearer, without a CSRF token", async () => {
  await newApi({ token: "tt_1", cookies: "csrftoken=abc" }).query(OPERATION);
  assert.equal(requests[0].headers.authorization, "Bearer tt_1");
  assert.equal(requests[0].headers["x-csrftoken"], undefined);
});

test("a query is tried again while the server wakes up or is busy", async () => {
  answers = [{ status: 503, text: "<html>" }, refusal("BUSY")];
  assert.deepEqual(await newApi().query(OPERATION), { ping: "pong" });
  assert.equal(requests.length, 3);
});

test("a busy server that says so with a status of its own is not asleep", async () => {
  answers = [{ status: 503, ...refusal("BUSY") }];
  await assert.rejects(newApi().mutate(OPERATION), { code: "BUSY", isPassing: true });
});

for (const status of [502, 503, 504]) {
  test(`a host that answers ${status} in the server's place means that it sleeps`, async () => {
    answers = [{ status, text: "<html>" }];
    await assert.rejects(newApi().mutate(OPERATION), { code: "ASLEEP" });
  });
}

test("who asks too often is told when to ask again, by the API or by its host", async () => {
  const error = {
    message: "No.",
    extensions: { code: "RATE_LIMITED", retryAfterSeconds: 600 },
  };
  answers = [
    { json: { data: null, errors: [error] } },
    { status: 429, text: "slow down", headers: { "Retry-After": "30" } },
    { status: 429, text: "slow down", headers: { "Retry-After": "Tue, 24 Nov 2026 10:00:00 GMT" } },
  ];
  for (const retryAfterSeconds of [600, 30, null]) {
    const expected = { code: "RATE_LIMITED", retryAfterSeconds, isPassing: false };
    await assert.rejects(newApi().mutate(OPERATION), expected);
  }
});

test("a query is not tried again when it is refused for good", async () => {
  answers = [refusal("BAD_USER_INPUT")];
  await assert.rejects(newApi().query(OPERATION), { code: "BAD_USER_INPUT", message: "No." });
  assert.equal(requests.length, 1);
});

test("a mutation without an answer is never sent twice", async () => {
  answers = [{ status: 502, text: "" }];
  await assert.rejects(newApi().mutate(OPERATION), { code: "ASLEEP" });
  assert.equal(requests.length, 1);
});

test("nobody tries a mutation again, and so nothing says so, but where its caller does", async () => {
  const connection = new Connection();
  const gone = newApi({ at: "http://127.0.0.1:9", connection });
  await assert.rejects(gone.mutate(OPERATION, {}, { isPatient: true }), { code: "UNREACHABLE" });
  assert.equal(connection.state, "unreachable");
  await assert.rejects(gone.mutate(OPERATION), { code: "UNREACHABLE" });
  assert.equal(connection.state, "well");
});

test("a mutation's errors are thrown with their fields", async () => {
  const errors = [{ code: "EMAIL_TAKEN", message: "Taken.", field: ["input", "email"] }];
  answers = [{ json: { data: { register: { user: null, errors } } } }];
  await assert.rejects(newApi().mutate(OPERATION), { code: "EMAIL_TAKEN", errors });
});

test("a CSRF token that is refused is renewed once", async () => {
  const forbidden = { status: 403, ...refusal("FORBIDDEN") };
  answers = [forbidden, { text: "<html>" }];
  assert.deepEqual(await newApi().query(OPERATION), { ping: "pong" });
  assert.deepEqual(
    requests.map(({ method }) => method),
    ["POST", "GET", "POST"],
  );
  answers = [forbidden, { text: "<html>" }, forbidden];
  await assert.rejects(newApi().query(OPERATION), { code: "FORBIDDEN" });
});

test("whoever is no longer known is told about", async () => {
  let lost = 0;
  answers = [{ status: 401, ...refusal("UNAUTHENTICATED") }];
  const api = newApi({
    token: "tt_old",
    onIdentityChanged: () => {
      lost += 1;
    },
  });
  await assert.rejects(api.query(OPERATION), { code: "UNAUTHENTICATED" });
  assert.equal(lost, 1);
});

test("an answer for nobody or for another account is no answer, unless it is asked who is here", async () => {
  const viewers = [{ id: "ada" }, null, { id: "bob" }];
  const told = [];
  const api = newApi({ accountId: "ada", onIdentityChanged: () => told.push("changed") });
  const answer = (viewer) => ({ json: { data: { viewer } } });
  answers = viewers.map(answer);
  assert.deepEqual(await api.query(OPERATION), { viewer: { id: "ada" } });
  await assert.rejects(api.query(OPERATION), { code: "UNAUTHENTICATED" });
  await assert.rejects(api.query(OPERATION), { code: "UNAUTHENTICATED" });
  assert.deepEqual(told, ["changed", "changed"]);

  answers = [answer({ id: "bob" })];
  const asked = await api.query(OPERATION, {}, { isForAnybody: true });
  assert.deepEqual(asked, { viewer: { id: "bob" } });
});

test("nothing is written for whoever logged in meanwhile", async () => {
  let cookies = "csrftoken=abc";
  const api = newApi({ accountId: "ada", cookies: () => cookies });
  const saved = { json: { data: { save: { errors: [] } } } };
  answers = [saved];
  await api.mutate(OPERATION);
  assert.equal(requests.length, 1);

  cookies = "csrftoken=of-another-log-in";
  answers = [{ json: { data: { viewer: { id: "bob" } } } }];
  await assert.rejects(api.mutate(OPERATION), { code: "UNAUTHENTICATED" });
  assert.equal(JSON.parse(requests[1].body).operationName, "Who");
  assert.equal(requests.length, 2);

  answers = [{ json: { data: { viewer: { id: "ada" } } } }, saved, saved];
  await api.mutate(OPERATION);
  await api.mutate(OPERATION);
  assert.equal(requests.length, 5); // asked once
});

test("a file goes with its operation in one request", async () => {
  answers = [{ json: { data: { predict: { errors: [] } } } }];
  await newApi().mutate(OPERATION, { input: {} }, { file: new Blob(["pixels"]) });
  assert.match(requests[0].headers["content-type"], /^multipart\/form-data; boundary=/);
  assert.match(requests[0].body, /name="operations".*name="map".*name="photo".*pixels/s);
});

test("a session without a CSRF token fetches one before it sends anything", async () => {
  let cookies = "";
  answers = [{ text: "<html>" }];
  const api = newApi({ cookies: () => cookies });
  const asking = api.query(OPERATION);
  cookies = "csrftoken=new";
  await asking;
  assert.deepEqual(
    requests.map(({ method }) => method),
    ["GET", "POST"],
  );
});

test("an answer that is not the API's is told by its status", async () => {
  answers = [{ status: 413, text: "too large" }];
  await assert.rejects(newApi().mutate(OPERATION), { code: "IMAGE_TOO_LARGE" });
});

test("no server at all is unreachable, and asking stops when it is aborted", async () => {
  const api = newApi({ at: "http://127.0.0.1:9" });
  await assert.rejects(api.query(OPERATION, {}, { patienceMs: 0 }), { code: "UNREACHABLE" });
  const abort = new AbortController();
  const asking = api.query(OPERATION, {}, { signal: abort.signal });
  setTimeout(() => abort.abort(), 20);
  await assert.rejects(asking, { name: "AbortError" });
});
