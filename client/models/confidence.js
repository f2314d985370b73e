/** Says how sure an answer is, without more certainty than there is. */

const NBSP = "\u00a0";
const WORDS = [
  [0.95, "Almost certain"],
  [0.75, "Quite sure"],
  [0.5, "Probably"],
  [0.25, "Unsure"],
  [0, "Only a guess"],
];
/** Below this the next labels are worth naming. */
const CLEAR_ENOUGH = 0.5;
/** A label less probable than this is no alternative. */
const WORTH_NAMING = 0.05;

export function confidenceWords(confidence) {
  return WORDS.find(([least]) => confidence >= least)?.[1] ?? WORDS.at(-1)[1];
}

/** Whole percent; never 100 or 0, which no classifier can know. */
export function percent(probability) {
  if (probability > 0.99) return `>${NBSP}99${NBSP}%`;
  if (probability < 0.01) return `<${NBSP}1${NBSP}%`;
  return `${Math.round(probability * 100)}${NBSP}%`;
}

/** Such as "Unsure: 29 % — could also be tabby or Egyptian cat". */
export function confidenceSentence(confidence, scores = []) {
  const sentence = `${confidenceWords(confidence)}: ${percent(confidence)}`;
  const others = scores.slice(1, 3).filter((score) => score.probability >= WORTH_NAMING);
  if (confidence >= CLEAR_ENOUGH || others.length === 0) return sentence;
  return `${sentence} — could also be ${others.map((score) => score.label).join(" or ")}`;
}
