/** Numbers, sizes and times as people read them, in the language that is spoken. */

import { say, spokenLocale } from "./words.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Each is made when it is first used: all of them together cost a phone a long task at the start. */
export const relativeTimes = once(
  (locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }),
);
const dateTimes = once(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }),
);
const dates = once((locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium" }));
const days = once(
  (locale) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" }),
);
const numbers = once((locale) => new Intl.NumberFormat(locale));
const percents = once((locale) => new Intl.NumberFormat(locale, { style: "percent" }));
const alternatives = once((locale) => new Intl.ListFormat(locale, { type: "disjunction" }));

export const formatNumber = (number) => numbers().format(number);
export const formatPercent = (fraction) => percents().format(fraction);
/** "tabby or lynx" */
export const formatList = (texts) => alternatives().format(texts);
export const formatDateTime = (text) => dateTimes().format(new Date(text));
export const formatDate = (text) => dates().format(new Date(text));
/** @param {string} day such as "2026-11-22" (UTC) */
export const formatDay = (day) => days().format(new Date(`${day}T00:00:00Z`));

/** "2 minutes ago" within a day, else the date. */
export function formatWhen(text, nowMs = Date.now()) {
  const agoMs = nowMs - Date.parse(text);
  if (agoMs < MINUTE_MS) return say("time.justNow");
  if (agoMs < HOUR_MS) return relativeTimes().format(-Math.floor(agoMs / MINUTE_MS), "minute");
  if (agoMs < DAY_MS) return relativeTimes().format(-Math.floor(agoMs / HOUR_MS), "hour");
  return formatDate(text);
}

/** "in 5 hours", for what is less than two days away. */
export function formatUntil(text, nowMs = Date.now()) {
  return formatWait(Date.parse(text) - nowMs);
}

export function formatWait(waitMs) {
  const minutes = Math.max(1, Math.ceil(waitMs / MINUTE_MS));
  if (minutes < 60) return relativeTimes().format(minutes, "minute");
  return relativeTimes().format(Math.round(minutes / 60), "hour");
}

export function formatBytes(bytes) {
  if (bytes < 1000) return inUnit(bytes, "byte");
  if (bytes < 1_000_000) return inUnit(Math.round(bytes / 1000), "kilobyte");
  return inUnit(bytes / 1_000_000, "megabyte", { minimumFractionDigits: 1 });
}

function inUnit(number, unit, digits) {
  const style = { style: "unit", unit, maximumFractionDigits: 1, ...digits };
  return new Intl.NumberFormat(spokenLocale(), style).format(number);
}

export function once(make) {
  const made = new Map();
  return () => {
    const locale = spokenLocale();
    if (!made.has(locale)) made.set(locale, make(locale));
    return made.get(locale);
  };
}
