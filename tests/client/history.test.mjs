import assert from "node:assert/strict";
import { test } from "node:test";
import { correctRow } from "../../client/models/correct-row.js";
import { lastDays } from "../../client/models/day-series.js";
import {
  countConditions,
  filterFromAddress,
  filterToAddress,
  filterVariables,
  isContradiction,
} from "../../client/models/history-filter.js";
import { HistoryPages } from "../../client/models/history-pages.js";

const filterOf = (search) => filterFromAddress(new URLSearchParams(search));

test("an address without parameters is the whole history, the newest first", () => {
  const filter = filterOf("");
  assert.deepEqual(filterVariables(filter), { filter: null, orderBy: "NEWEST" });
  assert.equal(countConditions(filter), 0);
});

test("a link reopens the same filter and order", () => {
  const search =
    "search=fox+1&label=tabby&corrected=yes&model=lite0&min=50&max=90&from=2026-11-01&to=2026-11-22&order=OLDEST";
  const filter = filterOf(search);
  assert.equal(new URLSearchParams(filterToAddress(filter)).toString(), search);
  assert.equal(countConditions(filter), 8);
  const variables = filterVariables(filter).filter;
  assert.deepEqual([variables.search, variables.isCorrected], ["fox 1", true]);
});

test("nonsense in an address is left out", () => {
  const filter = filterOf("min=-1&max=101&from=yesterday&to=2026-99-99&order=RANDOM");
  assert.deepEqual(filterVariables(filter), { filter: null, orderBy: "NEWEST" });
});

test("conditions that rule each other out are told apart from those that find nothing", () => {
  assert.ok(isContradiction(filterOf("min=90&max=10")));
  assert.ok(isContradiction(filterOf("from=2026-11-22&to=2026-11-21")));
  assert.ok(!isContradiction(filterOf("min=10&max=10&from=2026-11-22")));
});

test("percent become fractions", () => {
  assert.deepEqual(filterVariables(filterOf("min=50&max=90")).filter, {
    minConfidence: 0.5,
    maxConfidence: 0.9,
  });
});

test("days begin and end where the person is, and both are included", () => {
  const { filter } = filterVariables(filterOf("from=2026-11-22&to=2026-11-22"));
  const first = new Date(2026, 10, 22);
  const next = new Date(2026, 10, 23);
  // After and before leave out the moment itself.
  assert.equal(Date.parse(filter.createdAfter), first.getTime() - 1);
  assert.equal(Date.parse(filter.createdBefore), next.getTime());
});

/** An API whose history has `total` rows, named by their place. */
function apiOf(total) {
  const asked = [];
  return {
    asked,
    query: async (_operation, variables) => {
      asked.push(variables);
      const start = Number(variables.after ?? 0);
      const end = Math.min(total, start + variables.first);
      const ids = Array.from({ length: end - start }, (_, index) => String(start + index));
      return {
        viewer: {
          history: {
            edges: ids.map((id) => ({ node: { id } })),
            pageInfo: { hasNextPage: end < total, endCursor: String(end) },
          },
        },
      };
    },
  };
}

test("pages follow each other by cursor until there are no more", async () => {
  const api = apiOf(130);
  const pages = new HistoryPages({ api });
  pages.show({ filter: null, orderBy: "NEWEST" });
  while (pages.hasMore) await pages.loadMore();
  assert.equal(pages.rows.length, 130);
  assert.equal(new Set(pages.rows.map(({ id }) => id)).size, 130);
  assert.deepEqual(
    api.asked.map(({ after }) => after),
    [null, "60", "120"],
  );
});

test("two calls at once read one page", async () => {
  const api = apiOf(100);
  const pages = new HistoryPages({ api });
  await Promise.all([pages.loadMore(), pages.loadMore()]);
  assert.equal(api.asked.length, 1);
  assert.equal(pages.rows.length, 60);
});

test("another filter starts over, and an answer to the old one is dropped", async () => {
  const pages = new HistoryPages({ api: apiOf(100) });
  pages.show({ filter: null, orderBy: "NEWEST" });
  const old = pages.loadMore();
  pages.show({ filter: { label: "cat" }, orderBy: "NEWEST" });
  await old;
  assert.equal(pages.rows.length, 0);
  assert.equal(pages.hasMore, true);
});

test("the same filter keeps what was read", async () => {
  const pages = new HistoryPages({ api: apiOf(100) });
  pages.show({ filter: null, orderBy: "NEWEST" });
  await pages.loadMore();
  pages.show({ filter: null, orderBy: "NEWEST" });
  assert.equal(pages.rows.length, 60);
});

test("what came since takes nothing away, and is read when the pages are next shown", async () => {
  const pages = new HistoryPages({ api: apiOf(100) });
  pages.show({ filter: null, orderBy: "NEWEST" });
  const reading = pages.loadMore();
  pages.isOutdated = true;
  await reading;
  assert.equal(pages.rows.length, 60);
  await pages.loadMore();
  assert.equal(pages.rows.length, 100);
  pages.show({ filter: null, orderBy: "NEWEST" });
  assert.equal(pages.rows.length, 0);
  await pages.loadMore();
  pages.show({ filter: null, orderBy: "NEWEST" });
  assert.equal(pages.rows.length, 60);
});

test("a page that could not be read can be read again", async () => {
  const api = apiOf(10);
  const { query } = api;
  api.query = async () => {
    throw new Error("gone");
  };
  const pages = new HistoryPages({ api });
  await assert.rejects(pages.loadMore(), /gone/);
  api.query = query;
  await pages.loadMore();
  assert.equal(pages.rows.length, 10);
});

test("rows that are put back are where they were", async () => {
  const pages = new HistoryPages({ api: apiOf(5) });
  await pages.loadMore();
  const putBack = pages.remove(["2", "3"]);
  assert.deepEqual(
    pages.rows.map(({ id }) => id),
    ["0", "1", "4"],
  );
  putBack();
  assert.deepEqual(
    pages.rows.map(({ id }) => id),
    ["0", "1", "2", "3", "4"],
  );
});

const TOM = { label: "Tom" };
for (const [search, isOutdated] of [
  ["", false],
  ["label=tabby&min=50", false],
  ["corrected=no", true],
  ["search=tom", true],
]) {
  const what = isOutdated ? "may no longer match" : "stays where it is";
  test(`what is corrected under “${search}” ${what}`, async () => {
    const pages = new HistoryPages({ api: apiOf(5) });
    pages.show(filterVariables(filterOf(search)));
    await pages.loadMore();
    correctRow(pages, "2", TOM);
    assert.deepEqual(
      pages.rows.map(({ correction }) => correction),
      [undefined, undefined, TOM, undefined, undefined],
    );
    assert.equal(pages.isOutdated, isOutdated);
  });
}

test("what was read anew since is asked for again", async () => {
  const pages = new HistoryPages({ api: apiOf(5) });
  await pages.loadMore();
  const putBack = pages.remove(["2"]);
  pages.forget();
  await pages.loadMore();
  putBack();
  assert.deepEqual(pages.rows, []);
  assert.equal(pages.hasMore, true);
});

test("days without an answer count nothing, and today is the last", () => {
  const nowMs = Date.UTC(2026, 10, 22, 23);
  const days = lastDays([{ day: "2026-11-20", count: 3 }], { days: 3, nowMs });
  assert.deepEqual(days, [
    { day: "2026-11-20", count: 3 },
    { day: "2026-11-21", count: 0 },
    { day: "2026-11-22", count: 0 },
  ]);
});
