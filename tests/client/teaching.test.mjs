import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../client/models/connection.js";
import { Unreachable, UserErrors } from "../../client/models/errors.js";
import { accuracySentence, advice, canLearn } from "../../client/models/lesson-advice.js";
import { TeachingQueue } from "../../client/models/teaching-queue.js";
import { alikeSentences, tallySentences } from "../../client/models/teaching-tally.js";
import "./english.mjs";

const FERN = { name: "fern", isSomethingElse: false };
const file = (name) => Object.assign(new Blob([name]), { name });
const label = (name, exampleCount, isSomethingElse = false) => ({
  name,
  exampleCount,
  isSomethingElse,
});
const app = { session: { limits: null, account: null } };

/** Everything is done for a lesson. */
function finished(queue, lessonId) {
  return new Promise((resolve) => {
    queue.addEventListener("change", () => {
      const { done, total } = queue.tallyOf(lessonId);
      if (total > 0 && done === total) resolve();
    });
  });
}

/** A queue whose API says to each photo what `answers` has for it: an error's code, or nothing. */
function newQueue(answers = {}, alike = {}) {
  const sent = [];
  const connection = new Connection();
  const api = {
    mutate: async (_, { input }, { isPatient }) => {
      assert.equal(isPatient, true);
      const [{ base64 }] = input.images;
      sent.push([input.classifier, input.label, base64]);
      if (answers[base64]) throw new UserErrors([{ code: answers[base64], message: "" }]);
      return { nearDuplicates: alike[base64] ?? [] };
    },
  };
  const prepare = (photo) => photo.text();
  return { connection, queue: new TeachingQueue({ api, connection, prepare }), sent };
}

test("each photo becomes an example of its label, in the order they came", async () => {
  const { queue, sent } = newQueue();
  const done = finished(queue, "plants");
  queue.add("plants", FERN, [file("1"), file("2"), file("3")]);
  assert.equal(queue.isBusy, true);
  await done;
  assert.deepEqual(
    sent,
    ["1", "2", "3"].map((photo) => ["plants", "fern", photo]),
  );
  assert.deepEqual(tallySentences(queue.tallyOf("plants"), app), ["3 photos added."]);
  assert.equal(queue.isBusy, false);
});

test("what was there already is told, and is no failure; what is refused is named", async () => {
  const { queue } = newQueue({ 2: "EXAMPLE_KNOWN", 3: "EXAMPLE_OF_ANOTHER_LABEL" });
  const done = finished(queue, "plants");
  queue.add("plants", FERN, [file("1"), file("2"), file("3")]);
  await done;
  const told = tallySentences(queue.tallyOf("plants"), app);
  assert.deepEqual(told.slice(0, 2), ["1 photo added.", "1 was there already."]);
  assert.match(told[2], /^3: .*another label/);
});

test("what looks the same as another is told, and what contradicts it", async () => {
  const near = (other) => [{ example: { label: FERN }, other: { label: { name: other } } }];
  const { queue } = newQueue({}, { 1: near("fern"), 2: near("fern"), 3: near("moss") });
  const done = finished(queue, "plants");
  queue.add("plants", FERN, [file("1"), file("2"), file("3"), file("4")]);
  await done;
  const told = tallySentences(queue.tallyOf("plants"), app);
  assert.equal(told[0], "4 photos added.");
  assert.match(told[1], /^1, 2 look the same as photos that are there: five different/);
  assert.match(told[2], /^3 looks the same as a photo of “moss”/);
  assert.match(alikeSentences(near("fern"))[0], /^1 photo looks the same/);
});

test("where no photo is left today the others of the lesson are not sent in vain", async () => {
  const { queue, sent } = newQueue({ 1: "QUOTA_SPENT" });
  const done = Promise.all([finished(queue, "plants"), finished(queue, "cups")]);
  queue.add("plants", FERN, [file("1"), file("2"), file("3"), file("4")]);
  queue.add("cups", FERN, [file("5")]);
  await done;
  assert.deepEqual(
    sent.map(([, , photo]) => photo),
    ["1", "2", "5"],
  );
  assert.equal(tallySentences(queue.tallyOf("plants"), app).at(-1), "2 photos were left out.");
});

test("once a photo is given up nothing says that it is tried on", async () => {
  const { connection, queue } = newQueue({ 1: "NOT_FOUND" });
  connection.watch()(new Unreachable()); // of its last try
  const done = finished(queue, "plants");
  queue.add("plants", FERN, [file("1")]);
  await done;
  assert.equal(connection.state, "well");
});

test("it can learn from two labels of two photos each", () => {
  assert.equal(canLearn([label("fern", 9), label("ivy", 1)]), false);
  assert.equal(canLearn([label("fern", 2), label("ivy", 2), label("moss", 0)]), true);
});

test("advice names what has too little first, and then what makes it better", () => {
  assert.match(advice([label("fern", 9)])[0], /takes two labels/);
  assert.deepEqual(advice([label("fern", 2), label("ivy", 1)]), [
    "“ivy” has 1 photo; it takes two, and five make it fair.",
    "“fern” has 2 photos; five make it fair.",
  ]);
  assert.equal(advice([label("fern", 5), label("ivy", 12)]).length, 2);
  assert.deepEqual(advice([label("fern", 10), label("ivy", 12), label("other", 10, true)]), []);
});

test("how often it is right is told where that is no guess, and is never certain", () => {
  assert.match(accuracySentence({ estimatedAccuracy: null }), /With ten photos/);
  assert.match(accuracySentence({ estimatedAccuracy: 1 }), /99%/);
});
