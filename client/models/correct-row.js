/**
 * Puts right in the pages of a history (HistoryPages) what an answer is said to be: its row keeps its place and its
 * neighbours. Where that decides which rows there are, only the server knows whether this is still one.
 */
export function correctRow(pages, id, correction) {
  for (const row of pages.rows) if (row.id === id) row.correction = correction;
  const { isCorrected, search } = pages.variables?.filter ?? {};
  if (isCorrected !== undefined || search) pages.isOutdated = true;
}
