import { element, link, newId } from "../../browser/element.js";
import { formatAddress } from "../../models/address.js";
import { SIMILAR } from "../../models/looking-operations.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";

/**
 * The person's photos that look most like one of them, asked for after its answer; without any there is nothing to
 * see. Properties: `app`, `predictionId`.
 */
export class SimilarPhotos extends HTMLElement {
  static parts = [CropImage];

  #abort;
  app;
  predictionId;

  // Lifecycle

  async connectedCallback() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      const { node } = await this.app.api.query(SIMILAR, { id: this.predictionId }, { signal });
      this.#show(node?.similar ?? []);
    } catch {
      // The answer stands without them.
    }
  }

  disconnectedCallback() {
    this.#abort.abort();
  }

  // Private

  #show(similar) {
    const { crops, deletions } = this.app;
    const shown = similar.filter(({ prediction }) => !deletions.has(prediction.id));
    if (shown.length === 0) return;
    const items = shown.map(({ prediction: { id, correction, image, label } }) => {
      const anchor = link("", formatAddress(["history", id]));
      const crop = Object.assign(element("crop-image"), { crops, path: image.url });
      anchor.append(crop, element("span", {}, correction?.label ?? label));
      return element("li", {}, anchor);
    });
    const id = newId("similar");
    const heading = element("h2", { id }, say("looking.similar"));
    const list = element("ul", { role: "list" }, items);
    this.append(element("section", { "aria-labelledby": id }, heading, list));
  }
}
