import { ago } from "../../browser/ago.js";
import { button, element, link } from "../../browser/element.js";
import { formatAddress } from "../../models/address.js";
import { percent } from "../../models/confidence.js";
import { say } from "../../models/words.js";

/**
 * One answer in the list: the crop, what was said about it, and when.
 *
 * @param {(() => void)|null} parts.onDelete null where it may not be deleted
 */
export function historyRow(row, { crops, onDelete }) {
  const crop = element("crop-image", { set: { crops, path: row.image.url } });
  const anchor = link("", formatAddress(["history", row.id]));
  const given = row.isKnown === false ? say("answer.none") : row.label;
  const label = row.correction?.label ?? given;
  anchor.append(crop, textOf(row, label));
  const box = {
    type: "checkbox",
    value: row.id,
    "aria-label": say("history.selectOne", { label }),
  };
  const remove = {
    type: "button",
    class: "remove no-print",
    "aria-label": say("history.deleteOne", { label }),
    title: say("history.delete"),
    on: { click: onDelete },
  };
  return element(
    "div",
    { class: "row", role: "listitem", "data-id": row.id },
    onDelete && element("input", box),
    anchor,
    onDelete && element("button", remove, "×"),
  );
}

/** What stands in the place of a row while its deletion can be undone. */
export function deletedRow(id, onUndo) {
  return element(
    "div",
    { class: "row is-deleted no-print", role: "listitem", "data-id": id },
    element("span", {}, say("history.isDeleted")),
    button(say("page.undo"), { on: { click: onUndo } }),
  );
}

function textOf({ confidence, correction, createdAt, fileName, label: given, model }, label) {
  return element(
    "span",
    { class: "text" },
    element("span", { class: "label" }, label),
    element(
      "span",
      { class: "details" },
      element(
        "span",
        { class: correction && "correction" },
        correction ? say("history.corrected", { label: given }) : percent(confidence),
      ),
      ago(createdAt),
      fileName && element("span", { class: "file" }, fileName),
      element("span", { class: "model for-developers" }, model.name),
    ),
  );
}
