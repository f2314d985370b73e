import { element, icon } from "../../browser/element.js";
import { LiveElement } from "../../browser/live-element.js";
import { nothing, pageHeader, pair, panel, problem } from "../../browser/page.js";
import { lastDays } from "../../models/day-series.js";
import { formatNumber } from "../../models/formats.js";
import {
  countConditions,
  filterFromAddress,
  filterVariables,
} from "../../models/history-filter.js";
import { STATISTICS, STATISTICS_OVER_TIME } from "../../models/history-operations.js";
import { say } from "../../models/words.js";
import { DayChart } from "../day-chart/day-chart.js";
import { FilterChips } from "../filter-chips/filter-chips.js";
import { LabelChart } from "../label-chart/label-chart.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";

/** What the history amounts to, or what a filter leaves of it. Properties: `app`, `parameters`. */
export class StatisticsView extends LiveElement {
  static parts = [DayChart, FilterChips, LabelChart, RequestDisclosure];

  #content = element("div", { class: "content" });
  #filter;
  #lead = element("p", { class: "lead", role: "status" });
  app;
  parameters;

  // Lifecycle

  connectedCallback() {
    this.#filter = filterFromAddress(this.parameters);
    const { filter } = filterVariables(this.#filter);
    const { configuration } = this.app;
    const request = { operation: STATISTICS, variables: { filter } };
    const chips = element("filter-chips");
    chips.show(this.#filter, { parts: ["statistics"] });
    this.replaceChildren(
      pageHeader(say("statistics.title"), this.#lead),
      chips,
      this.#content,
      element("request-disclosure", { set: { configuration, request } }),
    );
    this.#load();
  }

  // Private

  async #load() {
    this.#lead.textContent = say("statistics.counting");
    try {
      const { signal } = this;
      const { filter } = filterVariables(this.#filter);
      const ask = (operation) => this.app.api.query(operation, { filter }, { signal });
      const answers = await Promise.all([STATISTICS, STATISTICS_OVER_TIME].map(ask));
      this.#show(Object.assign({}, ...answers.map(({ viewer }) => viewer.statistics)));
    } catch (error) {
      if (!this.signal.aborted) this.#showProblem(error);
    }
  }

  #show({ total, corrected, byLabel, byModel, perDay }) {
    if (total === 0) {
      this.#lead.textContent = "";
      const told = this.#isFiltered
        ? nothing("statistics.noMatch", "history.noMatchText", "history.showAll", "#/statistics")
        : nothing("statistics.empty", "statistics.emptyText", "history.showPhoto", "#/");
      this.#content.replaceChildren(element("div", { class: "empty" }, icon("chart"), told));
      return;
    }
    const told = [
      say(this.#isFiltered ? "statistics.found" : "statistics.total", { count: total }),
      corrected > 0 && say("statistics.corrected", { count: corrected }),
    ];
    this.#lead.textContent = told.filter(Boolean).join(". ");
    const days = element("day-chart", { set: { days: lastDays(perDay, { to: this.#filter.to }) } });
    const labels = element("label-chart", { set: { filter: this.#filter, counts: byLabel } });
    this.#content.replaceChildren(
      panel("statistics.days", {}, days),
      panel("statistics.labels", {}, labels),
      panel("statistics.models", { class: "panel for-developers" }, models(byModel)),
    );
  }

  get #isFiltered() {
    return countConditions(this.#filter) > 0;
  }

  #showProblem(error) {
    this.#lead.textContent = "";
    this.#content.replaceChildren(...problem(error, () => this.#load()));
  }
}

function models(counts) {
  const items = counts.map(({ model, count }) =>
    pair(say("prediction.modelVersion", model), formatNumber(count)),
  );
  return element("dl", { class: "pairs" }, items);
}
