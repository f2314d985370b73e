/** Photos of the history on their way from where they were picked to where a lesson is made of them. */

import { formatAddress } from "../models/address.js";

const FIRST = "first";

/** Leads to where lessons are made. @param {object[]} predictions which all show `label` */
export function startLesson(app, label, predictions) {
  app.startsLesson = { label, predictions };
  app.go(formatAddress(["lessons"], { [FIRST]: label }));
}

/**
 * What a new lesson starts with; after a reload it is the name alone.
 *
 * @param {URLSearchParams} parameters of the address
 * @returns {{label: string, predictions: object[]}}
 */
export function startOfLesson(app, parameters) {
  const label = parameters.get(FIRST) ?? "";
  const isMeant = app.startsLesson?.label === label;
  return isMeant ? app.startsLesson : { label, predictions: [] };
}
