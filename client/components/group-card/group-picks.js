import { element, link } from "../../browser/element.js";
import { formatAddress } from "../../models/address.js";

/** A photo of a group of which nothing is to be done any more. */
export function linkTo(id, photo, crop) {
  const anchor = link("", formatAddress(["history", id]), { class: "pick", "aria-label": photo });
  anchor.append(crop);
  return anchor;
}

/**
 * A photo of a group that can be picked.
 *
 * @param {string} photo what a person who does not see it is told of it
 * @param {HTMLElement} crop
 * @param {object} settings `isPicked` at first, `nameOf(isPicked)` what stands below it, `onPick(isPicked)`
 */
export function pickOf(photo, crop, { isPicked, nameOf, onPick }) {
  const name = element("span", { class: "name" }, nameOf(isPicked));
  const change = ({ currentTarget: { checked } }) => {
    name.textContent = nameOf(checked);
    onPick(checked);
  };
  const box = element("input", {
    type: "checkbox",
    checked: isPicked,
    "aria-label": photo,
    on: { change },
  });
  return element("label", { class: "pick" }, box, crop, name);
}
