import { actions, button, element, link, newId } from "../../browser/element.js";
import { explain } from "../../models/error-sentences.js";
import { say } from "../../models/words.js";

/** A box to tick, and below it what that means. */
export function checkField(box, label, hintId, hint) {
  return element(
    "div",
    { class: "field" },
    element("label", { class: "choice" }, box, element("span", {}, label)),
    element("p", { id: hintId, class: "hint" }, hint),
  );
}

/** @param {string} autocomplete "current-password" or "new-password" */
export function passwordField(name, label, autocomplete) {
  return { name, label, autocomplete, type: "password", required: true };
}

/**
 * A form that tells each error beside the field at fault. Properties, set before it is connected:
 * `fields` (name, label, and attributes of the input, or `options`; the value of a checkbox is a
 * boolean), `submitLabel`, `isDangerous`,
 * `username` (whose password it is, for password managers), and
 * `action`, an async function of the values; what it throws is explained. Fires "done" with what the
 * action returned.
 */
export class EntryForm extends HTMLElement {
  action = async () => {};
  fields = [];
  isDangerous = false;
  submitLabel = say("form.send");
  username = null;
  #alert;
  #form;
  #submit;

  // Lifecycle

  connectedCallback() {
    if (this.#form) return;
    this.#alert = element("div", { class: "form-alert", role: "alert" });
    const kind = this.isDangerous ? "button danger" : "button primary";
    this.#submit = button(this.submitLabel, { type: "submit", class: kind });
    this.#form = element(
      "form",
      { on: { submit: (event) => this.#onSubmit(event) } },
      this.username && usernameOf(this.username),
      this.fields.map((field) => fieldOf(field)),
      this.#alert,
      actions(this.#submit),
    );
    this.replaceChildren(this.#form);
  }

  // Actions

  reset() {
    this.#form.reset();
  }

  // Private

  async #onSubmit(event) {
    event.preventDefault();
    if (this.#submit.disabled) return;
    this.#clearErrors();
    this.#submit.disabled = true;
    this.#form.setAttribute("aria-busy", "true");
    try {
      const detail = await this.action(this.#values());
      this.dispatchEvent(new CustomEvent("done", { detail }));
    } catch (error) {
      this.#show(error.errors ?? [error]);
    } finally {
      this.#submit.disabled = false;
      this.#form.removeAttribute("aria-busy");
    }
  }

  #values() {
    const values = Object.fromEntries(new FormData(this.#form));
    for (const field of this.fields.filter(({ options }) => options?.areSeveral)) {
      values[field.name] = new FormData(this.#form).getAll(field.name);
    }
    for (const { name } of this.fields.filter(({ type }) => type === "checkbox")) {
      values[name] = this.#form.elements[name].checked;
    }
    return values;
  }

  #show(errors) {
    const unplaced = errors.filter((error) => !this.#showAtField(error));
    for (const error of unplaced) this.#alert.append(explanation(error));
    this.#form.querySelector("[aria-invalid]")?.focus();
  }

  #showAtField(error) {
    const name = error.field?.at(-1);
    // The API calls the new password by one name, whoever asks for it.
    const input =
      this.#form.elements[name] ?? (name === "newPassword" && this.#form.elements.password);
    if (!(input instanceof HTMLElement)) return false;
    input.setAttribute("aria-invalid", "true");
    document.getElementById(`${input.id}-error`).append(explanation(error));
    return true;
  }

  #clearErrors() {
    this.#alert.replaceChildren();
    for (const input of this.#form.querySelectorAll("[aria-invalid]")) {
      input.removeAttribute("aria-invalid");
      document.getElementById(`${input.id}-error`).replaceChildren();
    }
  }
}

function explanation(error) {
  const { sentence, remedy } = explain(error);
  const way = remedy === "sign-in" && [" ", link(say("doors.signIn"), "#/log-in")];
  return element("p", {}, sentence, way);
}

/** Never sent: without a name it is no part of the form's data. */
function usernameOf(value) {
  return element("input", { type: "text", autocomplete: "username", hidden: true, value });
}

function fieldOf({ name, label, hint, options, ...attributes }) {
  if (options) return choiceOf({ name, label, options });
  if (attributes.type === "checkbox") return checkOf({ name, label, hint });
  const id = newId(name);
  const describedBy = [hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(" ");
  const input = element("input", { id, name, "aria-describedby": describedBy, ...attributes });
  return element(
    "div",
    { class: "field" },
    element("label", { for: id }, label),
    attributes.type === "password" ? withReveal(input) : input,
    hint && element("p", { id: `${id}-hint`, class: "hint" }, hint),
    element("div", { id: `${id}-error`, class: "field-error", role: "alert" }),
  );
}

function checkOf({ name, label, hint }) {
  const id = newId(name);
  return checkField(
    element("input", { type: "checkbox", name, "aria-describedby": id }),
    label,
    id,
    hint,
  );
}

function withReveal(input) {
  const reveal = element("button", { type: "button", class: "reveal" });
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    reveal.textContent = say(isShown ? "form.hide" : "form.show");
    reveal.setAttribute("aria-label", say(isShown ? "form.hidePassword" : "form.showPassword"));
  };
  reveal.addEventListener("click", () => show(input.type === "password"));
  show(false);
  return element("div", { class: "with-reveal" }, input, reveal);
}

function choiceOf({ name, label, options }) {
  const type = options.areSeveral ? "checkbox" : "radio";
  const choices = options.choices.map(({ value, text, isChosen }) =>
    element(
      "label",
      { class: "choice" },
      element("input", { type, name, value, checked: Boolean(isChosen) }),
      element("span", {}, text),
    ),
  );
  return element("fieldset", { class: "field" }, element("legend", {}, label), choices);
}
