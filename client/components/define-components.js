/** Names the custom elements; importing their modules alone has no effect. */

import { CameraDialog } from "./camera-dialog/camera-dialog.js";
import { ConfirmDialog } from "./confirm-dialog/confirm-dialog.js";
import { ConnectionNotice } from "./connection-notice/connection-notice.js";
import { CredentialsView } from "./credentials-view/credentials-view.js";
import { CropImage } from "./crop-image/crop-image.js";
import { EntryForm } from "./entry-form/entry-form.js";
import { HistoryFilters } from "./history-filters/history-filters.js";
import { HistoryList } from "./history-list/history-list.js";
import { HistoryView } from "./history-view/history-view.js";
import { PhotoCard } from "./photo-card/photo-card.js";
import { PhotoPicker } from "./photo-picker/photo-picker.js";
import { PredictView } from "./predict-view/predict-view.js";
import { PredictionView } from "./prediction-view/prediction-view.js";
import { RequestDisclosure } from "./request-disclosure/request-disclosure.js";
import { ScoreList } from "./score-list/score-list.js";
import { SiteHeader } from "./site-header/site-header.js";
import { UndoToast } from "./undo-toast/undo-toast.js";

const COMPONENTS = {
  "camera-dialog": CameraDialog,
  "confirm-dialog": ConfirmDialog,
  "connection-notice": ConnectionNotice,
  "credentials-view": CredentialsView,
  "crop-image": CropImage,
  "entry-form": EntryForm,
  "history-filters": HistoryFilters,
  "history-list": HistoryList,
  "history-view": HistoryView,
  "photo-card": PhotoCard,
  "photo-picker": PhotoPicker,
  "predict-view": PredictView,
  "prediction-view": PredictionView,
  "request-disclosure": RequestDisclosure,
  "score-list": ScoreList,
  "site-header": SiteHeader,
  "undo-toast": UndoToast,
};

export function defineComponents() {
  for (const [tag, component] of Object.entries(COMPONENTS)) customElements.define(tag, component);
}
