/** Days as a person at this place counts them. */

import { formatDayHeading } from "./formats.js";

const DAY_MS = 86_400_000;

/** Such as "2026-11-22": the same for every moment of a day. */
export function dayOf(text) {
  const moment = new Date(text);
  const two = (number) => String(number).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** "Today", "Yesterday", else the date. @param {string} day as dayOf tells it */
export function dayHeading(day, nowMs = Date.now()) {
  const noon = (text) => Date.parse(`${text}T12:00`);
  const daysAgo = Math.round((noon(dayOf(nowMs)) - noon(day)) / DAY_MS);
  return formatDayHeading(noon(day), daysAgo);
}
