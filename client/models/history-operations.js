/** The operations on a history as a whole; they come when somebody looks at theirs. */

import { ERRORS, operation, PREDICTION, pageOfHistory } from "./operations.js";

export const HISTORY_COUNT = operation(
  "HistoryCount",
  `query HistoryCount($filter: HistoryFilter) {
  viewer { id history(first: 1, filter: $filter) { totalCount } }
}`,
);

/** Two requests: with a filter, what both count is more than one may ask for. */
export const STATISTICS = operation(
  "Statistics",
  `query Statistics($filter: HistoryFilter) {
  viewer { id statistics(filter: $filter) { total corrected byLabel(first: 20) { label count } } }
}`,
);

export const STATISTICS_OVER_TIME = operation(
  "StatisticsOverTime",
  `query StatisticsOverTime($filter: HistoryFilter) {
  viewer {
    id
    statistics(filter: $filter) {
      perDay(last: 30) { day count }
      byModel { count model { name version } }
    }
  }
}`,
);

export const CLEAR_HISTORY = operation(
  "ClearHistory",
  `mutation ClearHistory {
  clearHistory { deletedCount ${ERRORS} }
}`,
);

export const HISTORY_EXPORT = pageOfHistory(
  "HistoryExport",
  "...PredictionFields scores(first: 5) { label probability }",
  PREDICTION,
);
