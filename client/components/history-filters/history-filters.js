import { button, element, newId } from "../../browser/element.js";
import { ORDERS } from "../../models/history-filter.js";

const CONFIDENCES = ["", "10", "25", "50", "75", "90", "95"];

/**
 * The filter and the order as a form that applies itself. Properties: `filter`, `labels` (those to
 * suggest), `models`. Fires "filter" with the new one.
 */
export class HistoryFilters extends HTMLElement {
  #filter;
  #form;
  #suggestions = element("datalist", { id: newId("labels") });
  models = [];

  set filter(filter) {
    this.#filter = filter;
    if (this.#form) this.#fill();
  }

  set labels(labels) {
    this.#suggestions.replaceChildren(
      ...labels.map(({ label, count }) => element("option", { value: label }, String(count))),
    );
  }

  // Lifecycle

  connectedCallback() {
    this.#form = element(
      "form",
      {
        role: "search",
        "aria-label": "Filter the history",
        on: {
          change: () => this.#tell(),
          submit: (event) => {
            event.preventDefault();
            this.#tell();
          },
        },
      },
      field(
        "Label",
        element("input", {
          name: "label",
          type: "search",
          list: this.#suggestions.id,
          placeholder: "Any label",
          autocapitalize: "off",
          spellcheck: "false",
        }),
      ),
      field("Order", choice("order", Object.entries(ORDERS))),
      field("At least", choice("min", percents("Any confidence"))),
      field("At most", choice("max", percents("Any confidence"))),
      field("From", element("input", { name: "from", type: "date" })),
      field("To", element("input", { name: "to", type: "date" })),
      field("Model", choice("model", this.#modelChoices())),
      element(
        "div",
        { class: "actions" },
        button("Show everything", { on: { click: () => this.#clear() } }),
      ),
    );
    this.replaceChildren(this.#suggestions, this.#form);
    this.#fill();
  }

  // Private

  #modelChoices() {
    const names = new Set(this.models.map(({ name }) => name));
    if (this.#filter.model) names.add(this.#filter.model);
    return [["", "Any model"], ...[...names].map((name) => [name, name])];
  }

  #fill() {
    for (const [name, value] of Object.entries(this.#filter)) {
      const control = this.#form.elements[name];
      const isUnlisted = control instanceof HTMLSelectElement && !hasOption(control, value);
      if (isUnlisted)
        control.append(
          element("option", { value }, ["min", "max"].includes(name) ? `${value} %` : value),
        );
      if (control.value !== value) control.value = value;
    }
  }

  #tell() {
    const values = Object.fromEntries(new FormData(this.#form));
    this.dispatchEvent(
      new CustomEvent("filter", { detail: { ...values, label: values.label.trim() } }),
    );
  }

  #clear() {
    for (const control of this.#form.elements) {
      if (control.name) control.value = control.name === "order" ? "NEWEST" : "";
    }
    this.#tell();
  }
}

function field(label, control) {
  control.id = newId(control.name);
  return element("div", { class: "field" }, element("label", { for: control.id }, label), control);
}

function choice(name, entries) {
  return element(
    "select",
    { name },
    entries.map(([value, text]) => element("option", { value }, text)),
  );
}

function percents(textForAny) {
  return CONFIDENCES.map((value) => [value, value ? `${value} %` : textForAny]);
}

function hasOption(select, value) {
  return [...select.options].some((option) => option.value === value);
}
