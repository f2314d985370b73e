import { closing, DialogElement } from "../../browser/dialog.js";
import { actions, button, element } from "../../browser/element.js";
import { explain } from "../../models/error-sentences.js";
import { MOVE_EXAMPLES, REMOVE_EXAMPLES } from "../../models/teaching-operations.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";

/**
 * One photo that something was taught with: what it shows can be changed, or it is removed. Opens when it
 * is connected. Properties: `app`, `example`, `labels`, `lessonId`. Fires "closed".
 */
export class ExampleDialog extends DialogElement {
  static parts = [CropImage];

  #problem = element("p", { class: "problem", role: "alert" });
  app;
  example;
  labels;
  lessonId;

  // Lifecycle

  connectedCallback() {
    const { image, isSuspicious, label } = this.example;
    const { crops } = this.app;
    const alt = say("lesson.photoOf", { label: label.name });
    const others = this.labels.filter(({ id }) => id && id !== label.id);
    this.open(
      label.name,
      {},
      element("crop-image", { set: { crops, path: image.url, alt } }),
      isSuspicious && element("p", {}, say("lesson.doubt", { label: label.name })),
      others.length > 0 && element("p", { class: "hint" }, say("lesson.itIs")),
      element(
        "div",
        { class: "chips" },
        others.map((other) =>
          button(other.name, { class: "button chip", on: { click: () => this.#move(other) } }),
        ),
      ),
      this.#problem,
      actions(
        closing(say("page.close"), { autofocus: true }),
        button(say("page.remove"), { iconName: "trash", on: { click: () => this.#remove() } }),
      ),
    );
  }

  // Private

  get #which() {
    return { classifier: this.lessonId, examples: [this.example.id] };
  }

  #move({ name }) {
    this.#change(MOVE_EXAMPLES, { ...this.#which, label: name });
  }

  #remove() {
    this.#change(REMOVE_EXAMPLES, this.#which);
  }

  async #change(operation, input) {
    try {
      await this.app.api.mutate(operation, { input });
      this.dialog.close();
    } catch (error) {
      this.#problem.textContent = explain(error).sentence;
    }
  }
}
