import { element, newId } from "../../browser/element.js";
import { formatPercent } from "../../models/formats.js";
import { CORRECTED, ORDERS } from "../../models/history-filter.js";
import { say } from "../../models/words.js";

const CONFIDENCES = ["", "10", "25", "50", "75", "90", "95"];

/**
 * The order and the conditions that are chosen, as a form that applies itself. Properties: `filter`, `models`. Fires
 * "filter" with the new one.
 */
export class HistoryFilters extends HTMLElement {
  #filter;
  #form;
  models = [];

  set filter(filter) {
    this.#filter = filter;
    if (this.#form) this.#fill();
  }

  // Lifecycle

  connectedCallback() {
    const tell = (event) => {
      event.preventDefault();
      const values = Object.fromEntries(new FormData(this.#form));
      this.dispatchEvent(new CustomEvent("filter", { detail: { ...this.#filter, ...values } }));
    };
    this.#form = element(
      "form",
      { "aria-label": say("filters.name"), on: { change: tell, submit: tell } },
      field(say("filters.order"), choice("order", named("", ORDERS))),
      field(say("filters.min"), choice("min", percents())),
      field(say("filters.max"), choice("max", percents())),
      field(say("filters.from"), element("input", { name: "from", type: "date" })),
      field(say("filters.to"), element("input", { name: "to", type: "date" })),
      field(
        say("filters.corrected"),
        choice("corrected", [["", say("filters.any")], ...named("corrected-", CORRECTED)]),
      ),
      field(say("filters.model"), choice("model", this.#modelChoices()), "field for-developers"),
    );
    this.replaceChildren(this.#form);
    this.#fill();
  }

  // Private

  #modelChoices() {
    const names = new Set(this.models.map(({ name }) => name));
    if (this.#filter.model) names.add(this.#filter.model);
    return [["", say("filters.any")], ...[...names].map((name) => [name, name])];
  }

  #fill() {
    for (const control of this.#form.elements) {
      const value = this.#filter[control.name];
      const isUnlisted = control instanceof HTMLSelectElement && !hasOption(control, value);
      // Of all choices only percentages and models can be others than those that are offered.
      const text = control.name === "model" ? value : percent(value);
      if (isUnlisted) control.append(element("option", { value }, text));
      if (control.value !== value) control.value = value;
    }
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

function named(prefix, values) {
  return values.map((value) => [value, say(`filters.${prefix}${value}`)]);
}

function percents() {
  return CONFIDENCES.map((value) => [value, value ? percent(value) : say("filters.any")]);
}

const percent = (wholePercent) => formatPercent(Number(wholePercent) / 100);

function hasOption(select, value) {
  return [...select.options].some((option) => option.value === value);
}
