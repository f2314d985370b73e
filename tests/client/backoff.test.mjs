import assert from "node:assert/strict";
import { test } from "node:test";
import { pauseMs, withPatience } from "../../client/models/backoff.js";
import { Asleep } from "../../client/models/errors.js";

test("pauses double up to eight seconds, and half of each is random", () => {
  const pauses = (random) =>
    [0, 1, 2, 3, 4, 5, 20].map((attempt) => pauseMs(attempt, () => random));
  assert.deepEqual(pauses(0), [250, 500, 1000, 2000, 4000, 4000, 4000]);
  assert.deepEqual(pauses(1), [500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

test("the last error is thrown when the patience is over", async () => {
  let calls = 0;
  const fail = async () => {
    calls += 1;
    throw new Asleep();
  };
  await assert.rejects(withPatience(fail, { patienceMs: 0 }), Asleep);
  assert.equal(calls, 1);
});

test("a failure that does not pass is thrown at once", async () => {
  const error = new Error("bug");
  await assert.rejects(
    withPatience(() => Promise.reject(error)),
    error,
  );
});
