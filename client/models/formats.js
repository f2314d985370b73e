/** Numbers, sizes and times as people read them, in the language of the page. */

const LANGUAGE = "en";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Each is made when it is first used: all of them together cost a phone a long task at the start. */
const relativeTimes = once(() => new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" }));
const dateTimes = once(
  () => new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "short" }),
);
const dates = once(() => new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium" }));
const days = once(
  () => new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short", timeZone: "UTC" }),
);
const numbers = once(() => new Intl.NumberFormat(LANGUAGE));

export const formatNumber = (number) => numbers().format(number);
export const formatDateTime = (text) => dateTimes().format(new Date(text));
export const formatDate = (text) => dates().format(new Date(text));
/** @param {string} day such as "2026-11-22" (UTC) */
export const formatDay = (day) => days().format(new Date(`${day}T00:00:00Z`));

/** "2 minutes ago" within a day, else the date. */
export function formatWhen(text, nowMs = Date.now()) {
  const agoMs = nowMs - Date.parse(text);
  if (agoMs < MINUTE_MS) return "just now";
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
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `singular` gets an "s" for every number but one. */
export function formatCount(number, singular) {
  return `${formatNumber(number)} ${singular}${number === 1 ? "" : "s"}`;
}

function once(make) {
  let made;
  return () => {
    made ??= make();
    return made;
  };
}
