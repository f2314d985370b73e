import { deletedSentence } from "../models/pending-deletions.js";

/** Takes predictions out of sight at once; they are deleted when that can no longer be undone. */
export function deletePredictions({ announce, deletions, history }, predictions, onRestore) {
  const putBack = history.remove(predictions.map(({ id }) => id));
  deletions.schedule(predictions, () => {
    putBack();
    onRestore?.();
    document.querySelector("history-view")?.restore();
  });
  announce(deletedSentence(predictions));
}
