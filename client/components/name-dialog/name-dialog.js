import { button, element, newId } from "../../browser/element.js";
import { say } from "../../models/words.js";
import { EntryForm } from "../entry-form/entry-form.js";

/** Asks for a name. */
export class NameDialog extends HTMLElement {
  static hasStylesheet = false;
  static parts = [EntryForm];

  /**
   * @param {(name: string) => Promise<void>} asked.action what it throws is told beside the name
   * @returns {Promise<boolean>} whether it was named
   */
  ask({ title, label, value = "", submitLabel, maxlength, action }) {
    const titleId = newId("name");
    const form = element("entry-form");
    Object.assign(form, {
      fields: [
        {
          name: "name",
          label,
          value,
          maxlength,
          required: true,
          autofocus: true,
          autocomplete: "off",
        },
      ],
      submitLabel,
      action: ({ name }) => action(name.trim()),
    });
    const dialog = element(
      "dialog",
      { "aria-labelledby": titleId },
      element("h2", { id: titleId }, title),
      form,
      element(
        "div",
        { class: "actions" },
        button(say("page.cancel"), { on: { click: () => dialog.close("") } }),
      ),
    );
    form.addEventListener("done", () => dialog.close("done"));
    this.replaceChildren(dialog);
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "done"), {
        once: true,
      });
    });
  }
}
