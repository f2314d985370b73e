import { element, link } from "../../browser/element.js";
import { formatAddress } from "../../models/address.js";
import { CropImage } from "../crop-image/crop-image.js";

/** Answers as small pictures that lead to them. */
export class PhotoStrip extends HTMLElement {
  static parts = [CropImage];

  /** @param {object} app @param {object[]} predictions */
  show({ crops }, predictions) {
    const items = predictions.map(({ id, correction, image, label }) => {
      const anchor = link("", formatAddress(["history", id]));
      const crop = Object.assign(element("crop-image"), { crops, path: image.url });
      anchor.append(crop, element("span", {}, correction?.label ?? label));
      return element("li", {}, anchor);
    });
    this.replaceChildren(element("ul", { role: "list" }, items));
  }
}
