import { button, element } from "../../browser/element.js";
import { deletedSentence } from "../../models/pending-deletions.js";
import { say } from "../../models/words.js";

const TOLD_FOR_MS = 10_000;

/**
 * One line above everything else: what was just deleted, while it can be taken back, and what went wrong out of
 * sight. It stays while somebody points at it or is in it; Ctrl+Z takes back too. Property `deletions`.
 */
export class UndoToast extends HTMLElement {
  #deletions;
  #message = null;
  #timer;

  set deletions(deletions) {
    this.#deletions = deletions;
    deletions.addEventListener("change", () => this.#onDeletions());
  }

  // Lifecycle

  connectedCallback() {
    this.popover = "manual";
    for (const type of ["pointerenter", "focusin"]) this.addEventListener(type, () => this.#stay());
    for (const type of ["pointerleave", "focusout"])
      this.addEventListener(type, () => this.#leave());
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  // Actions

  /** Shows a sentence for a while, with a way on. @param {{text: string, href: string}} [way] */
  tell(sentence, way = null) {
    this.#message = { sentence, way };
    this.#render();
    this.#leave();
  }

  // Private

  #onDeletions() {
    if (this.#deletions.all.length > 0) this.#message = null;
    this.#render();
  }

  #onKey(event) {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === "z";
    if (!isUndo || this.#deletions.all.length === 0 || event.target.matches("input, textarea"))
      return;
    event.preventDefault();
    this.#deletions.undo();
  }

  #stay() {
    clearTimeout(this.#timer);
    this.#deletions.pause();
  }

  #leave() {
    if (this.matches(":hover, :focus-within")) return;
    this.#deletions.resume();
    clearTimeout(this.#timer);
    if (this.#message) this.#timer = setTimeout(() => this.#close(), TOLD_FOR_MS);
  }

  #close() {
    this.#message = null;
    this.#render();
  }

  #render() {
    const content = this.#content();
    const hadFocus = this.contains(document.activeElement);
    this.hidePopover();
    this.replaceChildren(...content);
    if (content.length > 0) this.showPopover();
    if (!hadFocus) return;
    const way = this.querySelector("button, a") ?? document.querySelector("main h1");
    way?.focus({ preventScroll: true });
  }

  #content() {
    const deleted = this.#deletions.all;
    if (deleted.length > 0) {
      const undo = {
        "aria-keyshortcuts": "Control+Z",
        on: { click: () => this.#deletions.undo() },
      };
      const told = this.#message && [this.#message.sentence, element("br")];
      const said = element("span", {}, told, deletedSentence(deleted));
      return [said, button(say("page.undo"), undo)];
    }
    if (!this.#message) return [];
    const { sentence, way } = this.#message;
    return [
      element("span", {}, sentence),
      way && element("a", { class: "button", href: way.href }, way.text),
    ].filter(Boolean);
  }
}
