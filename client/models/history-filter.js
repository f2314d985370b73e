/** The filter and the order of a history, between an address and the API. */

export const ORDERS = ["NEWEST", "OLDEST", "MOST_CONFIDENT", "LEAST_CONFIDENT"];
export const CORRECTED = ["yes", "no"];
const DEFAULT_ORDER = "NEWEST";
const LONGEST_SEARCH = 100;

/** The parameters of an address, each a text; "" where it is not given or makes no sense. */
export function filterFromAddress(parameters) {
  const text = (name) => (parameters.get(name) ?? "").trim();
  const order = text("order");
  return {
    search: text("search").slice(0, LONGEST_SEARCH),
    label: text("label"),
    corrected: CORRECTED.includes(text("corrected")) ? text("corrected") : "",
    model: text("model"),
    min: wholePercent(text("min")),
    max: wholePercent(text("max")),
    from: day(text("from")),
    to: day(text("to")),
    order: ORDERS.includes(order) ? order : DEFAULT_ORDER,
  };
}

/** The parameters for an address: what is not as usual. */
export function filterToAddress({ order, ...conditions }) {
  return { ...conditions, order: order === DEFAULT_ORDER ? "" : order };
}

/** How many conditions hold something back. */
export function countConditions({ order, ...conditions }) {
  return Object.values(conditions).filter((condition) => condition !== "").length;
}

/**
 * The variables of the operation. Percent become fractions; a day is meant where its person is, from its
 * first moment to its last.
 */
export function filterVariables({ search, label, corrected, model, min, max, from, to, order }) {
  const filter = {
    ...(search && { search }),
    ...(label && { label }),
    ...(corrected && { isCorrected: corrected === "yes" }),
    ...(model && { model }),
    ...(min && { minConfidence: Number(min) / 100 }),
    ...(max && { maxConfidence: Number(max) / 100 }),
    ...(from && { createdAfter: momentBefore(from, 0) }),
    ...(to && { createdBefore: momentBefore(to, 1) }),
  };
  return { filter: Object.keys(filter).length > 0 ? filter : null, orderBy: order };
}

/** Whether two conditions leave nothing, whatever there is. */
export function isContradiction({ min, max, from, to }) {
  return (min && max && Number(min) > Number(max)) || (from && to && from > to);
}

function wholePercent(text) {
  return /^\d{1,3}$/.test(text) && Number(text) <= 100 ? String(Number(text)) : "";
}

function day(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : "";
}

/** Midnight where the person is, some days after `dayText`; "after" a moment leaves that moment out. */
function momentBefore(dayText, daysLater) {
  const [year, month, date] = dayText.split("-").map(Number);
  const midnight = new Date(year, month - 1, date + daysLater);
  return (daysLater === 0 ? new Date(midnight.getTime() - 1) : midnight).toISOString();
}
