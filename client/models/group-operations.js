/** The operations on groups of photos that look alike; they come when somebody looks at them. */

import { ERRORS, operation } from "./operations.js";

export const LOOKALIKES = operation(
  "Lookalikes",
  `query Lookalikes($least: Float!) {
  viewer {
    id
    lookalikes(first: 50, minSimilarity: $least) {
      label
      predictions { id label correction { label } image { url } }
    }
  }
}`,
);

const CORRECT_PREDICTIONS = operation(
  "CorrectPredictions",
  `mutation CorrectPredictions($input: CorrectPredictionsInput!) {
  correctPredictions(input: $input) { predictions { id label correction { label } } ${ERRORS} }
}`,
);

const REMOVE_CORRECTIONS = operation(
  "RemoveCorrections",
  `mutation RemoveCorrections($input: RemoveCorrectionsInput!) {
  removeCorrections(input: $input) { predictions { id label correction { label } } ${ERRORS} }
}`,
);

/** As many as the API takes at once. */
const AT_ONCE = 100;

/**
 * Says of photos what they all show.
 *
 * @param {object[]} predictions
 * @param {string} label
 * @param {string|null} classifier the id of a lesson that is to learn them
 * @returns {Promise<object[]>} the predictions as they are then
 */
export async function nameAll(api, predictions, label, classifier = null) {
  return inParts(api, CORRECT_PREDICTIONS, predictions, { label, classifier });
}

/** Says of photos again what was said of them before they were named. @param {object[]} predictions as they were */
export async function nameAsBefore(api, predictions) {
  const names = new Set(predictions.map(({ correction }) => correction?.label ?? null));
  for (const label of names) {
    const same = predictions.filter(({ correction }) => (correction?.label ?? null) === label);
    if (label === null) await inParts(api, REMOVE_CORRECTIONS, same, {});
    else await inParts(api, CORRECT_PREDICTIONS, same, { label });
  }
}

async function inParts(api, mutation, predictions, input) {
  const changed = [];
  for (let at = 0; at < predictions.length; at += AT_ONCE) {
    const part = predictions.slice(at, at + AT_ONCE).map(({ id }) => id);
    const payload = await api.mutate(mutation, { input: { predictions: part, ...input } });
    changed.push(...payload.predictions);
  }
  return changed;
}
