/** Days without an answer are not counted by the API, but a chart of days has to show them. */

const DAY_MS = 86_400_000;

/**
 * @param {{day: string, count: number}[]} counts days as "2026-11-22" (UTC), the latest last
 * @param {object} options
 * @param {number} options.days how many days to show, today included
 * @param {string} [options.to] the last day, where it is not today
 * @returns {{day: string, count: number}[]} without gaps
 */
export function lastDays(counts, { days = 30, nowMs = Date.now(), to = "" } = {}) {
  const lastMs = to ? Math.min(nowMs, Date.parse(to)) : nowMs;
  const countOf = new Map(counts.map(({ day, count }) => [day, count]));
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(lastMs - (days - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    return { day, count: countOf.get(day) ?? 0 };
  });
}
