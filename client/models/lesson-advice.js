/** What would make a lesson better, in words. Measured: with 2, 5, 10 and 20 photos a label 66, 76, 81, 85 % are right. */

import { formatPercent } from "./formats.js";
import { say } from "./words.js";

const LEAST = 2;
const FAIR = 5;
const GOOD = 10;
const MOST_ADVICE = 4;

/** Whether there is enough to learn from: two labels with two photos each. */
export function canLearn(labels) {
  return labels.filter(({ exampleCount }) => exampleCount >= LEAST).length >= LEAST;
}

/**
 * @param {{name: string, exampleCount: number, isSomethingElse: boolean}[]} labels
 * @returns {string[]} what to do next, the most urgent first
 */
export function advice(labels) {
  const few = labels.filter(({ exampleCount }) => exampleCount < FAIR);
  if (labels.length < LEAST) return [say("lesson.needsTwo")];
  if (few.length > 0) {
    const sorted = [...few].sort((one, other) => one.exampleCount - other.exampleCount);
    return sorted.slice(0, MOST_ADVICE).map(({ name, exampleCount }) =>
      say(exampleCount < LEAST ? "lesson.tooFew" : "lesson.fewPhotos", {
        label: name,
        count: exampleCount,
      }),
    );
  }
  return [
    labels.some(({ exampleCount }) => exampleCount < GOOD) && say("lesson.tenAreGood"),
    !labels.some(({ isSomethingElse }) => isSomethingElse) && say("lesson.somethingElseHelps"),
  ].filter(Boolean);
}

/** How often a version is right, as far as that can be told; never more certain than a guess is. */
export function accuracySentence({ estimatedAccuracy }) {
  if (estimatedAccuracy === null) return say("lesson.notEstimated");
  const percent = formatPercent(Math.min(0.99, estimatedAccuracy));
  return say("lesson.estimated", { percent });
}
