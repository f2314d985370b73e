import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { buildSchema, parse, validate } from "graphql";
import * as account from "../../client/models/account-operations.js";
import * as history from "../../client/models/history-operations.js";
import * as looking from "../../client/models/looking-operations.js";
import { multipartFields, predictVariables } from "../../client/models/multipart.js";
import {
  asCurl,
  asGraphql,
  asPython,
  playgroundAddress,
} from "../../client/models/operation-text.js";
import * as operations from "../../client/models/operations.js";
import * as teaching from "../../client/models/teaching-operations.js";

const ORIGIN = "https://telltale.example.org";
const schema = buildSchema(
  await readFile(new URL("../../schema.graphql", import.meta.url), "utf8"),
);
const TRICKY = {
  input: { name: `it's "quoted" $HOME \\n \n`, none: null, yes: true, some: [1.5] },
};
const REQUEST = { operation: operations.HISTORY, variables: TRICKY };
const WITH_FILE = { operation: operations.PREDICT, variables: predictVariables(), hasFile: true };

const modules = { ...operations, ...account, ...history, ...looking, ...teaching };
const sent = Object.entries(modules).filter(([, exported]) => exported.document);

for (const [name, operation] of sent) {
  test(`${name} is valid in the schema and called by its name`, () => {
    const document = parse(operation.document);
    assert.deepEqual(validate(schema, document), []);
    assert.equal(document.definitions[0].name.value, operation.name);
  });
}

test("the text as GraphQL is the operation, with its variables as a comment", () => {
  assert.deepEqual(validate(schema, parse(asGraphql(REQUEST))), []);
  const comment = asGraphql(REQUEST).split("# Variables\n")[1].replaceAll(/^# /gm, "");
  assert.deepEqual(JSON.parse(comment), TRICKY);
});

/** What a shell makes of a command's arguments. */
function argumentsOf(command) {
  const script = `curl() { printf '%s\\0' "$@"; }; TELLTALE_TOKEN=tt_1; ${command}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

test("a shell passes curl exactly this operation and these variables", () => {
  const passed = argumentsOf(asCurl(REQUEST, ORIGIN));
  assert.equal(passed[0], `${ORIGIN}/graphql`);
  assert.ok(passed.includes("Authorization: Bearer tt_1"));
  assert.deepEqual(JSON.parse(passed.at(-1)), {
    query: operations.HISTORY.document,
    operationName: "History",
    variables: TRICKY,
  });
});

test("curl sends a photo as the multipart specification says", () => {
  const passed = argumentsOf(asCurl(WITH_FILE, ORIGIN));
  const { operations: text, map } = multipartFields(operations.PREDICT, predictVariables());
  assert.deepEqual(passed.slice(-6), [
    "-F",
    `operations=${text}`,
    "-F",
    `map=${map}`,
    "-F",
    "photo=@photo.jpg",
  ]);
});

test("an archive takes the place that stands for it", () => {
  const { map } = multipartFields(teaching.BRING_LESSON, {
    input: { archive: null, name: "Things" },
  });
  assert.deepEqual(JSON.parse(map), { photo: ["variables.input.archive"] });
});

/** Runs the text with a stand-in for httpx that prints what it is given. */
function sentByPython(text) {
  const httpx = [
    "import sys, types, json",
    "class Response:",
    "    def json(self): return None",
    "def post(url, **sent):",
    "    sent.pop('files', None)",
    "    print(json.dumps([url, sent]))",
    "    return Response()",
    "sys.modules['httpx'] = types.SimpleNamespace(post=post)",
    "import builtins, io",
    "builtins.open = lambda *a: io.BytesIO()",
  ].join("\n");
  const environment = { ...process.env, TELLTALE_TOKEN: "tt_1" };
  const printed = execFileSync("python3", ["-c", `${httpx}\n${text}`], {
    encoding: "utf8",
    env: environment,
  });
  return JSON.parse(printed.split("\n")[0]);
}

test("Python sends exactly this operation and these variables", () => {
  const [url, sent] = sentByPython(asPython(REQUEST, ORIGIN));
  assert.equal(url, `${ORIGIN}/graphql`);
  assert.equal(sent.headers.Authorization, "Bearer tt_1");
  assert.deepEqual(sent.json.variables, TRICKY);
  assert.equal(sent.json.query.trim(), operations.HISTORY.document);
});

test("Python sends a photo as the multipart specification says", () => {
  const [, sent] = sentByPython(asPython(WITH_FILE, ORIGIN));
  const fields = multipartFields(operations.PREDICT, predictVariables());
  assert.deepEqual(JSON.parse(sent.data.map), JSON.parse(fields.map));
  assert.deepEqual(JSON.parse(sent.data.operations).variables, predictVariables());
});

test("the playground opens with the operation and its variables", () => {
  const { searchParams } = new URL(playgroundAddress(REQUEST, ORIGIN));
  assert.equal(searchParams.get("query"), operations.HISTORY.document);
  assert.equal(searchParams.get("operationName"), "History");
  assert.deepEqual(JSON.parse(searchParams.get("variables")), TRICKY);
});
