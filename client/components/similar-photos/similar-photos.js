import { element, newId } from "../../browser/element.js";
import { SIMILAR } from "../../models/looking-operations.js";
import { say } from "../../models/words.js";
import { PhotoStrip } from "../photo-strip/photo-strip.js";

/**
 * The person's photos that look most like one of them, asked for after its answer; without any there is nothing to
 * see. Properties: `app`, `predictionId`.
 */
export class SimilarPhotos extends HTMLElement {
  static parts = [PhotoStrip];

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
    const { deletions } = this.app;
    const predictions = similar.map(({ prediction }) => prediction);
    const shown = predictions.filter(({ id }) => !deletions.has(id));
    if (shown.length === 0) return;
    const id = newId("similar");
    const strip = element("photo-strip");
    strip.show(this.app, shown);
    const heading = element("h2", { id }, say("looking.similar"));
    this.append(element("section", { "aria-labelledby": id }, heading, strip));
  }
}
