import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused, UserErrors } from "../../client/models/errors.js";
import { UploadQueue } from "../../client/models/upload-queue.js";

const file = (name = "cat.jpg") => Object.assign(new Blob(["photo"]), { name });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

function newQueue({ send, prepare = async (blob) => blob, gate = "open", store } = {}) {
  const sent = [];
  let lastKey = 0;
  const queue = new UploadQueue({
    prepare,
    store,
    newKey() {
      lastKey += 1;
      return `key-${lastKey}`;
    },
    send: (photo, options) => {
      sent.push(options.isTry ? `try ${photo.key}` : photo.key);
      return send(photo, options);
    },
  });
  queue.enter(gate, gate === "open" ? "ada" : null);
  return { queue, sent };
}

/** Sends that are answered by hand. */
function pendingSends() {
  const pending = [];
  const send = (photo, { signal }) =>
    new Promise((resolve, reject) => {
      pending.push({ photo, resolve, reject });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  return { pending, send };
}

test("two photos are on their way at a time, in the order they came", async () => {
  const { pending, send } = pendingSends();
  const { queue, sent } = newQueue({ send });
  queue.add([file("1"), file("2"), file("3")]);
  await settled();
  assert.deepEqual(sent, ["key-1", "key-2"]);
  pending[0].resolve({ label: "cat" });
  await settled();
  assert.deepEqual(sent, ["key-1", "key-2", "key-3"]);
  assert.deepEqual(
    queue.photos.map(({ state }) => state),
    ["answered", "thinking", "thinking"],
  );
});

test("photos wait for somebody to log in, and are sent then", async () => {
  const { queue, sent } = newQueue({ send: async () => ({ label: "cat" }), gate: "shut" });
  queue.add([file()]);
  assert.equal(queue.photos[0].state, "held");
  queue.enter("open", "ada");
  await settled();
  assert.deepEqual(sent, ["key-1"]);
  assert.equal(queue.photos[0].prediction.label, "cat");
});

test("while it is not known who is here, nothing is sent and nobody is asked to log in", () => {
  const { queue, sent } = newQueue({ send: async () => ({}), gate: "unknown" });
  queue.add([file()]);
  assert.equal(queue.photos[0].state, "waiting");
  assert.deepEqual(sent, []);
});

test("a busy server is asked again with the same key and the same bytes", async () => {
  let prepared = 0;
  const answers = [new Refused({ code: "BUSY", message: "", status: 200 }), null];
  const { queue, sent } = newQueue({
    prepare: async (blob) => {
      prepared += 1;
      return blob;
    },
    send: async () => {
      const error = answers.shift();
      if (error) throw error;
      return { label: "cat" };
    },
  });
  const answered = new Promise((resolve) => {
    queue.addEventListener("change", ({ detail }) => detail.state === "answered" && resolve());
  });
  queue.add([file()]);
  await answered;
  assert.deepEqual(sent, ["key-1", "key-1"]);
  assert.equal(prepared, 1);
});

test("a photo that is refused fails, and a retry keeps its key", async () => {
  const errors = [new UserErrors([{ code: "QUOTA_SPENT", message: "", field: [] }]), null];
  const { queue, sent } = newQueue({
    send: async () => {
      const error = errors.shift();
      if (error) throw error;
      return { label: "cat" };
    },
  });
  queue.add([file()]);
  await settled();
  const [photo] = queue.photos;
  assert.deepEqual([photo.state, photo.error.code], ["failed", "QUOTA_SPENT"]);
  queue.retry(photo);
  await settled();
  assert.equal(photo.state, "answered");
  assert.deepEqual(sent, ["key-1", "key-1"]);
});

test("a session that ended holds the photo instead of losing it", async () => {
  const { queue } = newQueue({
    send: async () => {
      throw new Refused({ code: "UNAUTHENTICATED", message: "", status: 200 });
    },
  });
  queue.add([file()]);
  await settled();
  assert.equal(queue.photos[0].state, "held");
});

test("removing a photo on its way stops it, and lets the next one go", async () => {
  const { pending, send } = pendingSends();
  const { queue, sent } = newQueue({ send });
  queue.add([file("1"), file("2"), file("3")]);
  await settled();
  queue.remove(pending[0].photo);
  await settled();
  assert.equal(queue.photos.length, 2);
  assert.deepEqual(sent, ["key-1", "key-2", "key-3"]);
  assert.ok(queue.photos.every(({ state }) => state === "thinking"));
});

test("nothing vanishes: a choice keeps its order, the latest one stands first", async () => {
  const { queue } = newQueue({ send: async () => ({ label: "cat" }) });
  queue.add(Array.from({ length: 40 }, (_, index) => file(String(index))));
  queue.add([file("later 1"), file("later 2")]);
  await settled();
  const names = queue.photos.map(({ name }) => name);
  assert.deepEqual(names.slice(0, 3), ["later 1", "later 2", "0"]);
  assert.equal(names.at(-1), "39");
  assert.equal(queue.counts.answered, 42);
});

test("five are tried without an account, then one is asked for and all are kept, once each", async () => {
  const { queue, sent } = newQueue({ send: async () => ({ label: "cat" }), gate: "trying" });
  queue.add(Array.from({ length: 7 }, (_, index) => file(String(index))));
  await settled();
  assert.deepEqual(
    sent,
    [1, 2, 3, 4, 5].map((number) => `try key-${number}`),
  );
  assert.deepEqual(queue.counts, { total: 7, answered: 5, failed: 0, held: 2, tried: 5 });
  queue.enter("open", "ada");
  queue.enter("open", "ada");
  await settled();
  assert.deepEqual(
    sent.slice(5).sort(),
    [1, 2, 3, 4, 5, 6, 7].map((number) => `key-${number}`),
  );
  assert.ok(
    queue.photos.every(({ state, isKept, file }) => state === "answered" && isKept && !file),
  );
});

test("an answer that was tried is no news when it is kept, unless it is another", async () => {
  const labels = ["cat", "fox", "cat", "dog"];
  const { queue } = newQueue({ send: async () => ({ label: labels.shift() }), gate: "trying" });
  const told = [];
  queue.addEventListener("change", ({ detail: { isNews, prediction, state } }) => {
    if (state === "answered" && isNews) told.push(prediction.label);
  });
  queue.add([file("1"), file("2")]);
  await settled();
  queue.enter("open", "ada");
  await settled();
  assert.ok(queue.photos.every(({ isKept }) => isKept));
  assert.deepEqual(told, ["cat", "fox", "dog"]);
});

test("where no more may be tried the photo is held, and is not lost", async () => {
  const { queue } = newQueue({
    gate: "trying",
    send: async () => {
      throw new Refused({ code: "RATE_LIMITED", message: "", status: 200 });
    },
  });
  queue.add([file()]);
  await settled();
  assert.equal(queue.photos[0].state, "held");
});

test("what somebody chose is never sent for another, nor tried when the session is over", async () => {
  const { pending, send } = pendingSends();
  const { queue, sent } = newQueue({ send });
  queue.add([file("1"), file("2"), file("3")]);
  await settled();
  queue.enter("trying");
  pending[0].reject(new Refused({ code: "UNAUTHENTICATED", message: "", status: 200 }));
  await settled();
  assert.deepEqual(sent, ["key-1", "key-2"]);
  assert.equal(queue.photos[0].state, "held");
  queue.enter("open", "bob");
  await settled();
  assert.deepEqual(queue.photos, []);
});

test("what has no kept answer is stored, and is taken up by the next page", async () => {
  const stored = new Map();
  const store = {
    put: ({ key, name, account, file, prediction }) =>
      stored.set(key, { key, name, account, file, prediction }),
    delete: (key) => stored.delete(key),
    clear: () => stored.clear(),
  };
  const { queue } = newQueue({ send: async () => ({ label: "cat" }), gate: "trying", store });
  queue.add([file("tried")]);
  await settled();
  assert.equal(stored.get("key-1").prediction.label, "cat");

  const { queue: next, sent } = newQueue({
    send: async () => ({ label: "cat" }),
    gate: "unknown",
    store,
  });
  next.restore([...stored.values()]);
  assert.equal(next.photos[0].state, "answered");
  next.enter("open", "ada");
  await settled();
  assert.deepEqual(sent, ["key-1"]);
  assert.equal(stored.size, 0);
  next.add([file("on its way")]);
  next.clear();
  assert.deepEqual([next.photos, stored.size], [[], 0]);
});

test("failed ones are tried again together, and what has no answer is cancelled together", async () => {
  const errors = [1, 2].map(
    () => new UserErrors([{ code: "QUOTA_SPENT", message: "", field: [] }]),
  );
  const { pending, send } = pendingSends();
  const { queue } = newQueue({
    send: async (...photo) => {
      const error = errors.shift();
      if (error) throw error;
      return send(...photo);
    },
  });
  queue.add([file("1"), file("2")]);
  await settled();
  assert.equal(queue.counts.failed, 2);
  queue.retryFailed();
  await settled();
  pending[0].resolve({ label: "cat" });
  await settled();
  queue.cancelAll();
  assert.deepEqual(
    queue.photos.map(({ name }) => name),
    ["1"],
  );
});

test("a queue is busy until every photo has its answer", async () => {
  const { pending, send } = pendingSends();
  const { queue } = newQueue({ send });
  assert.equal(queue.isBusy, false);
  queue.add([file()]);
  await settled();
  assert.equal(queue.isBusy, true);
  pending[0].resolve({ label: "cat" });
  await settled();
  assert.equal(queue.isBusy, false);
});

test("a photo whose lesson is gone is answered by Telltale itself, by the same key", async () => {
  const gone = new UserErrors([{ code: "MODEL_UNKNOWN", message: "", field: [] }]);
  const models = [];
  const stored = [];
  const { queue, sent } = newQueue({
    send: async ({ model }) => {
      models.push(model);
      if (model) throw gone;
      return { label: "cat" };
    },
    store: { put: ({ model }) => stored.push(model), delete() {} },
  });
  queue.model = "Cups";
  queue.add([file()]);
  await settled();
  assert.equal(queue.photos[0].state, "failed");
  queue.retryFailed();
  await settled();
  assert.equal(queue.photos[0].state, "answered");
  assert.deepEqual(models, ["Cups", null]);
  assert.deepEqual(stored, ["Cups", null]);
  assert.deepEqual(sent, ["key-1", "key-1"]);
});
