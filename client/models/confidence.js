/** Says how sure an answer is, without more certainty than there is. */

import { formatList, formatPercent } from "./formats.js";
import { say } from "./words.js";

const WORDS = [
  [0.95, "certain"],
  [0.75, "sure"],
  [0.5, "probable"],
  [0.25, "unsure"],
  [0, "guess"],
];
/** Below this the next labels are worth naming. */
const CLEAR_ENOUGH = 0.5;
/** A label less probable than this is no alternative. */
const WORTH_NAMING = 0.05;

export function confidenceWords(confidence) {
  // Of the percentage that stands beside them: 49.6 % is told as 50 %, and so it is no less than that.
  const shown = Math.round(confidence * 100) / 100;
  const [, word] = WORDS.find(([least]) => shown >= least) ?? WORDS.at(-1);
  return say(`answer.${word}`);
}

/** Whole percent; never 100 or 0, which no classifier can know. */
export function percent(probability) {
  if (probability > 0.99) return say("answer.over", { percent: formatPercent(0.99) });
  if (probability < 0.01) return say("answer.under", { percent: formatPercent(0.01) });
  return formatPercent(probability);
}

/** Such as "Unsure: 29% — could also be tabby or Egyptian cat". */
export function confidenceSentence(confidence, scores = []) {
  const words = confidenceWords(confidence);
  const sentence = say("answer.sentence", { words, percent: percent(confidence) });
  const others = scores.slice(1, 3).filter((score) => score.probability >= WORTH_NAMING);
  if (confidence >= CLEAR_ENOUGH || others.length === 0) return sentence;
  const labels = formatList(others.map((score) => score.label));
  return say("answer.alternatives", { sentence, labels });
}
