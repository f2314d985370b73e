import { closing, DialogElement } from "../../browser/dialog.js";
import { actions, button, element } from "../../browser/element.js";
import { explain } from "../../models/error-sentences.js";
import { HISTORY } from "../../models/operations.js";
import { ADD_EXAMPLES, SUGGESTIONS } from "../../models/teaching-operations.js";
import { alikeSentences } from "../../models/teaching-tally.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";

const PAGE = 60;
/** As many as the API takes at once. */
const AT_ONCE = 100;

/**
 * Photos of the history that show a label; those that would teach the most come first. Opens when it is
 * connected. Properties: `app`, `lesson`, `label`. Fires "closed".
 */
export class HistoryDialog extends DialogElement {
  static parts = [CropImage];

  #cursor = null;
  #grid = element("div", { class: "grid" });
  #known = new Set();
  #more = button(say("history.more"), { hidden: true, on: { click: () => this.#load() } });
  #said = element("p", { role: "status" });
  app;
  label;
  lesson;

  // Lifecycle

  connectedCallback() {
    // What is taught with already would only be refused.
    for (const { node } of this.lesson.examples.edges) this.#known.add(node.prediction?.id);
    this.open(
      say("lesson.pick", { label: this.label.name }),
      { class: "tall" },
      element("div", { class: "scroll" }, this.#grid, this.#more),
      this.#said,
      actions(
        button(say("lesson.use"), { class: "button primary", on: { click: () => this.#use() } }),
        closing(say("page.cancel")),
      ),
    );
    this.#start();
  }

  // Private

  async #start() {
    this.#said.textContent = say("history.loading");
    if (this.lesson.currentVersion) await this.#suggest();
    await this.#load();
  }

  async #suggest() {
    try {
      const { node } = await this.app.api.query(SUGGESTIONS, { id: this.lesson.id });
      this.#show(node.suggestions, "is-suggested");
    } catch {
      // The history itself is there all the same.
    }
  }

  async #load() {
    try {
      const variables = { first: PAGE, after: this.#cursor, orderBy: "NEWEST" };
      const { viewer } = await this.app.api.query(HISTORY, variables);
      const { edges, pageInfo } = viewer.history;
      this.#cursor = pageInfo.endCursor;
      this.#more.hidden = !pageInfo.hasNextPage;
      this.#show(edges.map(({ node }) => node));
      this.#said.textContent = this.#grid.hasChildNodes() ? "" : say("lesson.nothingToPick");
    } catch (error) {
      this.#said.textContent = explain(error).sentence;
    }
  }

  #show(predictions, className = "") {
    for (const { id, label, image } of predictions) {
      if (this.#known.has(id)) continue;
      this.#known.add(id);
      const { crops } = this.app;
      const crop = element("crop-image", { set: { crops, path: image.url } });
      const box = element("input", { type: "checkbox", value: id });
      const name = element("span", { class: "name" }, label);
      this.#grid.append(element("label", { class: `pick ${className}` }, box, crop, name));
    }
  }

  async #use() {
    const chosen = [...this.#grid.querySelectorAll("input:checked")].slice(0, AT_ONCE);
    if (chosen.length === 0) {
      this.#said.textContent = say("lesson.pickSome");
      return;
    }
    const input = {
      classifier: this.lesson.id,
      label: this.label.name,
      isSomethingElse: this.label.isSomethingElse,
      predictions: chosen.map(({ value }) => value),
    };
    try {
      const { nearDuplicates } = await this.app.api.mutate(ADD_EXAMPLES, { input });
      const told = alikeSentences(nearDuplicates).join(" ");
      if (told) this.app.tell(told);
      this.dialog.close();
    } catch (error) {
      // Those that were there already are where they were wanted, and the others were added.
      const told = (error.errors ?? [error]).filter(({ code }) => code !== "EXAMPLE_KNOWN");
      if (told.length === 0) this.dialog.close();
      else this.#said.textContent = explain(told[0]).sentence;
    }
  }
}
