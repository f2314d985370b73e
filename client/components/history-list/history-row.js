import { element, link } from "../../browser/element.js";
import { formatAddress } from "../../models/address.js";
import { percent } from "../../models/confidence.js";
import { formatDateTime, formatWhen } from "../../models/formats.js";
import { say } from "../../models/words.js";

/**
 * One answer in the list: the crop, what was said about it, and when.
 *
 * @param {(() => void)|null} parts.onDelete null where it may not be deleted
 */
export function historyRow(row, { crops, onDelete }) {
  const crop = Object.assign(element("crop-image"), { crops, path: row.image.url });
  const anchor = link("", formatAddress(["history", row.id]));
  anchor.append(
    crop,
    element(
      "span",
      { class: "text" },
      element("span", { class: "label" }, row.label),
      element(
        "span",
        { class: "details" },
        element("span", {}, percent(row.confidence)),
        element(
          "time",
          { datetime: row.createdAt, title: formatDateTime(row.createdAt) },
          formatWhen(row.createdAt),
        ),
        element("span", { class: "model for-developers" }, row.model.name),
      ),
    ),
  );
  const remove =
    onDelete &&
    element(
      "button",
      {
        type: "button",
        class: "remove",
        "aria-label": say("history.deleteOne", { label: row.label }),
        title: say("history.delete"),
        on: { click: onDelete },
      },
      "×",
    );
  return element("div", { class: "row", role: "listitem", "data-id": row.id }, anchor, remove);
}
