/** Dialogs: each has a heading, opens at once, and is gone with the view that asked. */

import { say } from "../models/words.js";
import { button, element, newId } from "./element.js";
import { LiveElement } from "./live-element.js";

export function titled(title, settings, ...content) {
  const id = newId("dialog");
  const heading = element("h2", { id }, title);
  return element("dialog", { "aria-labelledby": id, ...settings }, heading, ...content);
}

/** A button that closes the dialog it stands in. */
export function closing(text, settings = {}) {
  const close = ({ currentTarget }) => currentTarget.closest("dialog").close("");
  return button(text, { ...settings, on: { click: close } });
}

/**
 * Shows a dialog in a view until it is closed.
 *
 * @returns {Promise<string>} what it was closed with
 */
export function shown(view, dialog) {
  view.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    const onClose = () => {
      dialog.remove();
      resolve(dialog.returnValue);
    };
    dialog.addEventListener("close", onClose, { once: true });
  });
}

/** Asks before something that cannot be undone. @returns {Promise<boolean>} whether the person is sure */
export async function isSure(view, { title, text, confirm }) {
  const answers = element(
    "form",
    { method: "dialog", class: "actions" },
    button(say("page.keep"), { type: "submit", autofocus: true }),
    button(confirm, { type: "submit", class: "button danger", value: "yes" }),
  );
  return (await shown(view, titled(title, {}, element("p", {}, text), answers))) === "yes";
}

/** A component that is a dialog. Fires "closed" with what it was closed with. */
export class DialogElement extends LiveElement {
  dialog;

  open(title, settings, ...content) {
    const tell = () =>
      this.dispatchEvent(new CustomEvent("closed", { detail: this.dialog.returnValue }));
    this.dialog = titled(title, { ...settings, on: { close: tell } }, ...content);
    this.replaceChildren(this.dialog);
    this.dialog.showModal();
  }
}
