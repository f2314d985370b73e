import { button, element, newId } from "../../browser/element.js";
import { explain } from "../../models/error-sentences.js";
import { MOVE_EXAMPLES, REMOVE_EXAMPLES } from "../../models/teaching-operations.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";

/**
 * One photo that something was taught with: what it shows can be changed, or it is removed. Opens when it
 * is connected. Properties: `app`, `example`, `labels`, `lessonId`. Fires "closed" with whether it changed.
 */
export class ExampleDialog extends HTMLElement {
  static parts = [CropImage];

  #dialog;
  #problem = element("p", { class: "problem", role: "alert" });
  app;
  example;
  labels;
  lessonId;

  // Lifecycle

  connectedCallback() {
    const { image, isSuspicious, label } = this.example;
    const title = element("h2", { id: newId("example") }, label.name);
    const crop = Object.assign(element("crop-image"), {
      crops: this.app.crops,
      path: image.url,
      alt: say("lesson.photoOf", { label: label.name }),
    });
    const others = this.labels.filter(({ id }) => id && id !== label.id);
    this.#dialog = element(
      "dialog",
      { "aria-labelledby": title.id, on: { close: () => this.#onClose() } },
      title,
      crop,
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
      element(
        "div",
        { class: "actions" },
        button(say("page.close"), { autofocus: true, on: { click: () => this.#dialog.close() } }),
        button(say("page.remove"), { iconName: "trash", on: { click: () => this.#remove() } }),
      ),
    );
    this.replaceChildren(this.#dialog);
    this.#dialog.showModal();
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
      this.#dialog.close("changed");
    } catch (error) {
      this.#problem.textContent = explain(error).sentence;
    }
  }

  #onClose() {
    const detail = this.#dialog.returnValue === "changed";
    this.dispatchEvent(new CustomEvent("closed", { detail }));
  }
}
