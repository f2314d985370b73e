import { button, element } from "../../browser/element.js";
import { say } from "../../models/words.js";

const TOLD_FOR_MS = 6_000;

/** What was just deleted, while it can be taken back; and what went wrong out of sight. */
export class UndoToast extends HTMLElement {
  #deletions;
  #message = "";
  #timer;

  set deletions(deletions) {
    this.#deletions = deletions;
    deletions.addEventListener("change", () => this.#render());
    this.#render();
  }

  // Lifecycle

  connectedCallback() {
    this.setAttribute("role", "status");
  }

  // Actions

  /** Shows a sentence for a while. */
  tell(message) {
    clearTimeout(this.#timer);
    this.#message = message;
    this.#render();
    this.#timer = setTimeout(() => this.tell(""), message ? TOLD_FOR_MS : 0);
    if (!message) clearTimeout(this.#timer);
  }

  // Private

  #render() {
    const pending = this.#deletions.all.map(({ prediction }) =>
      element(
        "div",
        { class: "toast" },
        element("span", {}, say("history.deleted", prediction)),
        button(say("page.undo"), { on: { click: () => this.#deletions.undo(prediction.id) } }),
      ),
    );
    const message =
      this.#message && element("div", { class: "toast" }, element("span", {}, this.#message));
    this.replaceChildren(...pending.slice(-3), ...(message ? [message] : []));
  }
}
