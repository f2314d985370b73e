/** The pages of an account. */

import { AccountView } from "./account-view/account-view.js";
import { ConfirmDialog } from "./confirm-dialog/confirm-dialog.js";
import { CropImage } from "./crop-image/crop-image.js";
import { DayChart } from "./day-chart/day-chart.js";
import { EntryForm } from "./entry-form/entry-form.js";
import { HistoryExport } from "./history-export/history-export.js";
import { HistoryFilters } from "./history-filters/history-filters.js";
import { HistoryList } from "./history-list/history-list.js";
import { HistoryView } from "./history-view/history-view.js";
import { LabelChart } from "./label-chart/label-chart.js";
import { PredictionView } from "./prediction-view/prediction-view.js";
import { StatisticsView } from "./statistics-view/statistics-view.js";
import { TokenList } from "./token-list/token-list.js";

export const components = {
  "account-view": AccountView,
  "confirm-dialog": ConfirmDialog,
  "crop-image": CropImage,
  "day-chart": DayChart,
  "entry-form": EntryForm,
  "history-export": HistoryExport,
  "history-filters": HistoryFilters,
  "history-list": HistoryList,
  "history-view": HistoryView,
  "label-chart": LabelChart,
  "prediction-view": PredictionView,
  "statistics-view": StatisticsView,
  "token-list": TokenList,
};
