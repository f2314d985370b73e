/** What the first page needs. The other sets are fetched when a page of theirs is opened; see routes.js. */

import { ConnectionNotice } from "./connection-notice/connection-notice.js";
import { PhotoCard } from "./photo-card/photo-card.js";
import { PhotoPicker } from "./photo-picker/photo-picker.js";
import { PredictView } from "./predict-view/predict-view.js";
import { RequestDisclosure } from "./request-disclosure/request-disclosure.js";
import { ScoreList } from "./score-list/score-list.js";
import { SiteHeader } from "./site-header/site-header.js";
import { UndoToast } from "./undo-toast/undo-toast.js";

export const components = {
  "connection-notice": ConnectionNotice,
  "photo-card": PhotoCard,
  "photo-picker": PhotoPicker,
  "predict-view": PredictView,
  "request-disclosure": RequestDisclosure,
  "score-list": ScoreList,
  "site-header": SiteHeader,
  "undo-toast": UndoToast,
};
