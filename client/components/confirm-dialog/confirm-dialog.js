import { button, element, newId } from "../../browser/element.js";
import { say } from "../../models/words.js";

/** Asks before something that cannot be undone. */
export class ConfirmDialog extends HTMLElement {
  static hasStylesheet = false;

  /** @returns {Promise<boolean>} whether the person is sure */
  ask({ title, text, confirm }) {
    const titleId = newId("confirm");
    const dialog = element(
      "dialog",
      { "aria-labelledby": titleId },
      element("h2", { id: titleId }, title),
      element("p", {}, text),
      element(
        "form",
        { method: "dialog", class: "actions" },
        button(say("page.keep"), { type: "submit", autofocus: true }),
        button(confirm, { type: "submit", class: "button danger", value: "yes" }),
      ),
    );
    this.replaceChildren(dialog);
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  }
}
