import { button, element, icon, link } from "../../browser/element.js";
import { lastDays } from "../../models/day-series.js";
import { explain } from "../../models/error-sentences.js";
import { formatNumber } from "../../models/formats.js";
import {
  countConditions,
  filterFromAddress,
  filterVariables,
} from "../../models/history-filter.js";
import { STATISTICS, STATISTICS_OVER_TIME } from "../../models/operations.js";
import { say } from "../../models/words.js";
import { DayChart } from "../day-chart/day-chart.js";
import { FilterChips } from "../filter-chips/filter-chips.js";
import { LabelChart } from "../label-chart/label-chart.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";

/** What the history amounts to, or what a filter leaves of it. Properties: `app`, `parameters`. */
export class StatisticsView extends HTMLElement {
  static parts = [DayChart, FilterChips, LabelChart, RequestDisclosure];

  #abort;
  #content = element("div", { class: "content" });
  #filter;
  #lead = element("p", { class: "lead", role: "status" });
  app;
  parameters;

  // Lifecycle

  connectedCallback() {
    this.#abort = new AbortController();
    this.#filter = filterFromAddress(this.parameters);
    const { filter } = filterVariables(this.#filter);
    const disclosure = element("request-disclosure");
    disclosure.configuration = this.app.configuration;
    disclosure.request = { operation: STATISTICS, variables: { filter } };
    const chips = element("filter-chips");
    chips.show(this.#filter, { parts: ["statistics"] });
    this.replaceChildren(
      element(
        "header",
        { class: "view-header" },
        element("h1", { tabindex: "-1" }, say("statistics.title")),
        this.#lead,
      ),
      chips,
      this.#content,
      disclosure,
    );
    this.#load();
  }

  disconnectedCallback() {
    this.#abort.abort();
  }

  // Private

  async #load() {
    this.#lead.textContent = say("statistics.counting");
    try {
      const { signal } = this.#abort;
      const { filter } = filterVariables(this.#filter);
      const ask = (operation) => this.app.api.query(operation, { filter }, { signal });
      const answers = await Promise.all([STATISTICS, STATISTICS_OVER_TIME].map(ask));
      this.#show(Object.assign({}, ...answers.map(({ viewer }) => viewer.statistics)));
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#showProblem(error);
    }
  }

  #show({ total, corrected, byLabel, byModel, perDay }) {
    if (total === 0) {
      this.#lead.textContent = "";
      this.#content.replaceChildren(nothing(this.#isFiltered));
      return;
    }
    const told = [
      say(this.#isFiltered ? "statistics.found" : "statistics.total", { count: total }),
      corrected > 0 && say("statistics.corrected", { count: corrected }),
    ];
    this.#lead.textContent = told.filter(Boolean).join(". ");
    const days = element("day-chart");
    days.days = lastDays(perDay, { to: this.#filter.to });
    const labels = element("label-chart");
    Object.assign(labels, { filter: this.#filter, counts: byLabel });
    this.#content.replaceChildren(
      panel("statistics.days", days),
      panel("statistics.labels", labels),
      panel("statistics.models", models(byModel), "panel for-developers"),
    );
  }

  get #isFiltered() {
    return countConditions(this.#filter) > 0;
  }

  #showProblem(error) {
    this.#lead.textContent = "";
    this.#content.replaceChildren(
      element("p", { class: "problem", role: "alert" }, explain(error).sentence),
      button(say("page.tryAgain"), { class: "button primary", on: { click: () => this.#load() } }),
    );
  }
}

/** @param {string} title the name of its words */
function panel(title, content, className = "panel") {
  return element("section", { class: className }, element("h2", {}, say(title)), content);
}

function models(counts) {
  const items = counts.map(({ model, count }) =>
    element(
      "div",
      {},
      element("dt", {}, say("prediction.modelVersion", model)),
      element("dd", {}, formatNumber(count)),
    ),
  );
  return element("dl", { class: "pairs" }, items);
}

function nothing(isFiltered) {
  return element(
    "div",
    { class: "empty" },
    icon("chart"),
    element("h2", {}, say(isFiltered ? "statistics.noMatch" : "statistics.empty")),
    element("p", {}, say(isFiltered ? "history.noMatchText" : "statistics.emptyText")),
    isFiltered
      ? link(say("history.showAll"), "#/statistics", { class: "button primary" })
      : link(say("history.showPhoto"), "#/", { class: "button primary" }),
  );
}
