import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused, UserErrors } from "../../client/models/errors.js";
import {
  deletedSentence,
  PendingDeletions,
  UNDO_TIME_MS,
} from "../../client/models/pending-deletions.js";
import "./english.mjs";

const CAT = { id: "cat", label: "tabby" };

function newDeletions(mutate = async () => ({ deletedId: "cat" })) {
  const sent = [];
  const api = {
    mutate: async (_operation, variables, options) => {
      sent.push({ id: variables.input.id, keepalive: options?.keepalive ?? false });
      return mutate();
    },
  };
  return { deletions: new PendingDeletions({ api }), sent };
}

test("what was deleted is called what its person says it is", () => {
  const tom = { ...CAT, correction: { label: "Tom" } };
  assert.equal(deletedSentence([{ ...CAT, correction: null }]), "Deleted “tabby”");
  assert.equal(deletedSentence([tom]), "Deleted “Tom”");
  assert.equal(deletedSentence([tom, CAT]), "2 answers deleted");
});

test("a deletion leaves when the time to undo it is over", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { deletions, sent } = newDeletions();
  deletions.schedule([CAT], () => {});
  context.mock.timers.tick(UNDO_TIME_MS - 1);
  assert.deepEqual(sent, []);
  context.mock.timers.tick(1);
  assert.deepEqual(sent, [{ id: "cat", keepalive: false }]);
  assert.equal(deletions.has("cat"), false);
});

test("an undone deletion is never sent, and puts the row back", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { deletions, sent } = newDeletions();
  let restored = 0;
  deletions.schedule([CAT], () => {
    restored += 1;
  });
  deletions.undo();
  context.mock.timers.tick(UNDO_TIME_MS);
  assert.equal(restored, 1);
  assert.deepEqual(sent, []);
});

test("when the page goes, what is pending leaves at once and outlives it, but once", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { deletions, sent } = newDeletions();
  deletions.schedule([CAT], () => {});
  await deletions.flush({ keepalive: true });
  context.mock.timers.tick(UNDO_TIME_MS);
  assert.deepEqual(sent, [{ id: "cat", keepalive: true }]);
});

test("that they are sent is told once the server has answered", async () => {
  const told = [];
  const { deletions } = newDeletions(async () => told.push("answered"));
  deletions.addEventListener("sent", () => told.push("sent"));
  deletions.schedule([CAT], () => {});
  await deletions.flush();
  assert.deepEqual(told, ["answered", "sent"]);
});

test("a deletion that fails puts the row back and says why", async () => {
  const error = new Refused({ code: "INTERNAL_SERVER_ERROR", message: "", status: 200 });
  const { deletions } = newDeletions(() => Promise.reject(error));
  const failures = [];
  let restored = 0;
  deletions.addEventListener("failed", ({ detail }) => failures.push(detail));
  deletions.schedule([CAT], () => {
    restored += 1;
  });
  await deletions.flush();
  assert.equal(restored, 1);
  assert.deepEqual(failures, [error]);
});

test("what is gone already is deleted", async () => {
  const error = new UserErrors([{ code: "NOT_FOUND", message: "" }]);
  const { deletions } = newDeletions(() => Promise.reject(error));
  let restored = 0;
  deletions.schedule([CAT], () => {
    restored += 1;
  });
  await deletions.flush();
  assert.equal(restored, 0);
});

test("several are one deletion: each gives the whole time again, and all come back together", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { deletions, sent } = newDeletions();
  const restored = [];
  deletions.schedule([CAT], () => restored.push("cat"));
  context.mock.timers.tick(UNDO_TIME_MS - 1);
  deletions.schedule([{ id: "fox" }, { id: "owl" }], () => restored.push("fox and owl"));
  context.mock.timers.tick(UNDO_TIME_MS - 1);
  assert.deepEqual(sent, []);
  assert.equal(deletions.all.length, 3);
  deletions.undo();
  assert.deepEqual(restored, ["fox and owl", "cat"]);
});

test("nothing leaves while somebody looks at it", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { deletions, sent } = newDeletions();
  deletions.schedule([CAT], () => {});
  deletions.pause();
  context.mock.timers.tick(10 * UNDO_TIME_MS);
  assert.deepEqual(sent, []);
  deletions.resume();
  context.mock.timers.tick(UNDO_TIME_MS);
  assert.equal(sent.length, 1);
});
