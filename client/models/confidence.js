/** Says how sure an answer is, without more certainty than there is. */

import { formatList, formatPercent } from "./formats.js";
import { say } from "./words.js";

/** What a headline may promise. */
const CERTAINTIES = [
  [0.75, "sure"],
  [0.25, "unsure"],
  [0, "guess"],
];
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
  return say(`answer.${stepOf(WORDS, confidence)}`);
}

/** @returns {"sure"|"unsure"|"guess"} */
export const certaintyOf = (confidence) => stepOf(CERTAINTIES, confidence);

/**
 * Such as "Red fox", "Maybe red fox" or "Hard to say": no more than the confidence allows. What is like none of the
 * labels that somebody taught is not known.
 */
export function headline(label, confidence, isKnown = true) {
  if (!isKnown) return say("answer.none");
  if (certaintyOf(confidence) === "sure") return capitalised(label);
  return say(`answer.headlines.${stepOf(WORDS, confidence)}`, { label });
}

/** A label as it begins a line. */
export const capitalised = (label) => label[0].toLocaleUpperCase("en") + label.slice(1);

/** Of the percentage that is shown: 49.6 % is told as 50 %, and so it is no less than that. */
function stepOf(steps, confidence) {
  const shown = Math.round(confidence * 100) / 100;
  const [, step] = steps.find(([least]) => shown >= least) ?? steps.at(-1);
  return step;
}

/** What a photo is said to show: by its person, else by the answer. */
export const nameOf = ({ correction, label }) => correction?.label ?? label;

/** What a prediction comes to: what somebody said it is, or else what Telltale did. */
export const headlineOf = ({ confidence, correction, isKnown, label }) =>
  correction ? capitalised(correction.label) : headline(label, confidence, isKnown);

/** How far to trust what `headlineOf` says. */
export function trustSentence({ confidence, correction, isKnown, label, scores }) {
  if (!correction) return confidenceSentence(confidence, scores, isKnown);
  return say("answer.corrected", { label, percent: percent(confidence) });
}

/** Whole percent; never 100 or 0, which no classifier can know. */
export function percent(probability) {
  if (probability > 0.99) return say("answer.over", { percent: formatPercent(0.99) });
  if (probability < 0.01) return say("answer.under", { percent: formatPercent(0.01) });
  return formatPercent(probability);
}

/** Such as "Unsure: 29% — could also be tabby or Egyptian cat". */
export function confidenceSentence(confidence, scores = [], isKnown = true) {
  if (!isKnown) return say("answer.noneNearest", { label: scores[0].label });
  const words = confidenceWords(confidence);
  const isGuess = certaintyOf(confidence) === "guess" && scores.length > 0;
  // The headline of a guess names nothing.
  const sentence = isGuess
    ? say("answer.guessing", { words, label: scores[0].label, percent: percent(confidence) })
    : say("answer.sentence", { words, percent: percent(confidence) });
  const others = scores.slice(1, 3).filter((score) => score.probability >= WORTH_NAMING);
  if (confidence >= CLEAR_ENOUGH || others.length === 0) return sentence;
  const labels = formatList(others.map((score) => score.label));
  return say("answer.alternatives", { sentence, labels });
}
