import { button, element, newId } from "../../browser/element.js";
import { formatPercent } from "../../models/formats.js";
import { ORDERS } from "../../models/history-filter.js";
import { say } from "../../models/words.js";

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
        "aria-label": say("filters.name"),
        on: {
          change: () => this.#tell(),
          submit: (event) => {
            event.preventDefault();
            this.#tell();
          },
        },
      },
      field(
        say("filters.label"),
        element("input", {
          name: "label",
          type: "search",
          list: this.#suggestions.id,
          placeholder: say("filters.anyLabel"),
          autocapitalize: "off",
          spellcheck: "false",
        }),
      ),
      field(
        say("filters.order"),
        choice(
          "order",
          ORDERS.map((order) => [order, say(`filters.${order}`)]),
        ),
      ),
      field(say("filters.min"), choice("min", percents())),
      field(say("filters.max"), choice("max", percents())),
      field(say("filters.from"), element("input", { name: "from", type: "date" })),
      field(say("filters.to"), element("input", { name: "to", type: "date" })),
      field(say("filters.model"), choice("model", this.#modelChoices()), "field for-developers"),
      element(
        "div",
        { class: "actions" },
        button(say("history.showAll"), { on: { click: () => this.#clear() } }),
      ),
    );
    this.replaceChildren(this.#suggestions, this.#form);
    this.#fill();
  }

  // Private

  #modelChoices() {
    const names = new Set(this.models.map(({ name }) => name));
    if (this.#filter.model) names.add(this.#filter.model);
    return [["", say("filters.anyModel")], ...[...names].map((name) => [name, name])];
  }

  #fill() {
    for (const [name, value] of Object.entries(this.#filter)) {
      const control = this.#form.elements[name];
      const isUnlisted = control instanceof HTMLSelectElement && !hasOption(control, value);
      if (isUnlisted)
        control.append(
          element("option", { value }, ["min", "max"].includes(name) ? percent(value) : value),
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

function field(label, control, className = "field") {
  control.id = newId(control.name);
  return element(
    "div",
    { class: className },
    element("label", { for: control.id }, label),
    control,
  );
}

function choice(name, entries) {
  return element(
    "select",
    { name },
    entries.map(([value, text]) => element("option", { value }, text)),
  );
}

function percents() {
  return CONFIDENCES.map((value) => [value, value ? percent(value) : say("filters.any")]);
}

const percent = (wholePercent) => formatPercent(Number(wholePercent) / 100);

function hasOption(select, value) {
  return [...select.options].some((option) => option.value === value);
}
