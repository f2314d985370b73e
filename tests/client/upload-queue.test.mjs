import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused, UserErrors } from "../../client/models/errors.js";
import { UploadQueue } from "../../client/models/upload-queue.js";

const file = (name = "cat.jpg") => Object.assign(new Blob(["photo"]), { name });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

function newQueue({ send, prepare = async (blob) => blob, gate = "open" } = {}) {
  const sent = [];
  let lastKey = 0;
  const queue = new UploadQueue({
    prepare,
    newKey() {
      lastKey += 1;
      return `key-${lastKey}`;
    },
    send: (photo, options) => {
      sent.push(photo.key);
      return send(photo, options);
    },
  });
  queue.gate = gate;
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
    ["thinking", "thinking", "answered"],
  );
});

test("photos wait for somebody to log in, and are sent then", async () => {
  const { queue, sent } = newQueue({ send: async () => ({ label: "cat" }), gate: "shut" });
  queue.add([file()]);
  assert.equal(queue.photos[0].state, "held");
  queue.gate = "open";
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

test("the thirty latest answers stay, older ones are let go", async () => {
  const { queue } = newQueue({ send: async () => ({ label: "cat" }) });
  queue.add(Array.from({ length: 33 }, (_, index) => file(String(index))));
  await settled();
  assert.deepEqual(
    queue.photos.map(({ name }) => name),
    Array.from({ length: 30 }, (_, index) => String(32 - index)),
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
