import { element, link, newId } from "../../browser/element.js";
import { LiveElement } from "../../browser/live-element.js";
import { formatAddress } from "../../models/address.js";
import { SIMILAR } from "../../models/looking-operations.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";

/**
 * The person's photos that look most like one of them, asked for after its answer; without any there is nothing to
 * see. Properties: `app`, `predictionId`.
 */
export class SimilarPhotos extends LiveElement {
  static parts = [CropImage];

  app;
  predictionId;

  // Lifecycle

  async connectedCallback() {
    const { signal } = this;
    try {
      const { node } = await this.app.api.query(SIMILAR, { id: this.predictionId }, { signal });
      this.#show(node?.similar ?? []);
    } catch {
      // The answer stands without them.
    }
  }

  // Private

  #show(similar) {
    const { crops, deletions } = this.app;
    const shown = similar.filter(({ prediction }) => !deletions.has(prediction.id));
    if (shown.length === 0) return;
    const items = shown.map(({ prediction: { id, correction, image, label } }) => {
      const anchor = link("", formatAddress(["history", id]));
      const crop = element("crop-image", { set: { crops, path: image.url } });
      anchor.append(crop, element("span", {}, correction?.label ?? label));
      return element("li", {}, anchor);
    });
    const id = newId("similar");
    const heading = element("h2", { id }, say("looking.similar"));
    const list = element("ul", { role: "list" }, items);
    this.append(element("section", { "aria-labelledby": id }, heading, list));
  }
}
