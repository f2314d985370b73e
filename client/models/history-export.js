/** Reads a whole history, page after page. */

import { HISTORY_COUNT, HISTORY_EXPORT } from "./history-operations.js";

const ROWS_A_PAGE = 100;

/**
 * @param {object} options
 * @param {object} options.variables filter and order
 * @param {AbortSignal} options.signal
 * @param {(fraction: number) => void} options.onProgress from 0 to 1
 * @returns {Promise<object[]>} predictions with their scores
 */
export async function readWholeHistory({ api, variables, signal, onProgress }) {
  const { filter } = variables;
  const { viewer } = await api.query(HISTORY_COUNT, { filter }, { signal });
  const total = Math.max(1, viewer.history.totalCount);
  const rows = [];
  for (let after = null, hasMore = true; hasMore; ) {
    const page = await readPage(api, { first: ROWS_A_PAGE, after, ...variables }, signal);
    rows.push(...page.edges.map((edge) => edge.node));
    ({ endCursor: after, hasNextPage: hasMore } = page.pageInfo);
    onProgress(Math.min(1, rows.length / total));
  }
  return rows;
}

async function readPage(api, variables, signal) {
  const { viewer } = await api.query(HISTORY_EXPORT, variables, { signal });
  return viewer.history;
}
