/** Days as a person at this place counts them. */

import { once, relativeTimes } from "./formats.js";
import { spokenLocale } from "./words.js";

const DAY_MS = 86_400_000;
const weekdays = once(
  (locale) => new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" }),
);
const longDates = once((locale) => new Intl.DateTimeFormat(locale, { dateStyle: "long" }));

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

/** "Today", "Yesterday", "Sunday, November 22", and the year where it is another. */
function formatDayHeading(momentMs, daysAgo) {
  const text = daysAgo <= 1 ? relativeTimes().format(-daysAgo, "day") : null;
  if (text) return text[0].toLocaleUpperCase(spokenLocale()) + text.slice(1);
  const isThisYear = new Date(momentMs).getFullYear() === new Date().getFullYear();
  return (isThisYear ? weekdays() : longDates()).format(momentMs);
}
