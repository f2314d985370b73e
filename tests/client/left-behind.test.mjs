/** Photos of a page that is gone, taken up once it is known who is here: in that order every page begins. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { UploadQueue } from "../../client/models/upload-queue.js";

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const tried = (key) => ({
  key,
  name: `${key}.jpg`,
  account: null,
  file: new Blob(["photo"]),
  model: null,
  prediction: { label: "cat" },
});

/** A queue whose gate stands as it does when the photos come, and what it sends and has stored. */
function begun(gate) {
  const sent = [];
  const stored = new Set();
  const queue = new UploadQueue({
    prepare: async (file) => file,
    send: async ({ key }, { isTry }) => {
      sent.push(isTry ? `try ${key}` : key);
      return { label: "cat" };
    },
    store: { put: ({ key }) => stored.add(key), delete: (key) => stored.delete(key) },
  });
  queue.enter(gate, gate === "open" ? "ada" : null);
  return { queue, sent, stored };
}

test("what an earlier page only tried is kept where somebody is here already, once each", async () => {
  const { queue, sent, stored } = begun("open");
  const news = [];
  queue.addEventListener("change", ({ detail }) => detail.isNews && news.push(detail.key));
  queue.restore([1, 2, 3].map((number) => tried(`key-${number}`)));
  await settled();
  assert.deepEqual(sent, ["key-1", "key-2", "key-3"]);
  assert.ok(queue.photos.every(({ state, isKept }) => state === "answered" && isKept));
  assert.equal(stored.size, 0);
  assert.deepEqual(news, []);
  // What is kept is not sent again, whoever goes and comes.
  queue.enter("trying");
  queue.enter("open", "ada");
  await settled();
  assert.equal(sent.length, 3);
});

for (const gate of ["trying", "shut"]) {
  test(`what an earlier page tried stands as it was answered where nobody is here: ${gate}`, async () => {
    const { queue, sent, stored } = begun(gate);
    queue.restore([tried("key-1")]);
    await settled();
    assert.deepEqual(sent, []);
    assert.equal(queue.photos[0].state, "answered");
    assert.deepEqual([...stored], ["key-1"]);
  });
}
