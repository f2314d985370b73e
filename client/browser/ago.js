import { formatDateTime, formatWhen } from "../models/formats.js";
import { element } from "./element.js";

const AGES_EVERY_MS = 30_000;
let isAgeing = false;

/**
 * When something was, as people say it, and as it is said later: "just now" ages.
 *
 * @param {string} moment of the API
 */
export function ago(moment) {
  if (!isAgeing) setInterval(age, AGES_EVERY_MS);
  isAgeing = true;
  const settings = { class: "ago", datetime: moment, title: formatDateTime(moment) };
  return element("time", settings, formatWhen(moment));
}

function age() {
  for (const time of document.querySelectorAll(".ago")) {
    const now = formatWhen(time.dateTime);
    if (now !== time.textContent) time.textContent = now;
  }
}
