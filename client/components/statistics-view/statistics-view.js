import { button, element, icon, link } from "../../browser/element.js";
import { lastDays } from "../../models/day-series.js";
import { explain } from "../../models/error-sentences.js";
import { formatNumber } from "../../models/formats.js";
import { STATISTICS } from "../../models/operations.js";
import { say } from "../../models/words.js";
import { DayChart } from "../day-chart/day-chart.js";
import { LabelChart } from "../label-chart/label-chart.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";

/** What the whole history amounts to. Property `app`. */
export class StatisticsView extends HTMLElement {
  static parts = [DayChart, LabelChart, RequestDisclosure];

  #abort;
  #content = element("div", { class: "content" });
  #lead = element("p", { class: "lead", role: "status" });
  app;

  // Lifecycle

  connectedCallback() {
    this.#abort = new AbortController();
    const disclosure = element("request-disclosure");
    disclosure.configuration = this.app.configuration;
    disclosure.request = { operation: STATISTICS, variables: {} };
    this.replaceChildren(
      element(
        "header",
        { class: "view-header" },
        element("h1", { tabindex: "-1" }, say("statistics.title")),
        this.#lead,
      ),
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
      const { viewer } = await this.app.api.query(STATISTICS, {}, { signal });
      this.#show(viewer.statistics);
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#showProblem(error);
    }
  }

  #show({ total, byLabel, byModel, perDay }) {
    if (total === 0) {
      this.#lead.textContent = "";
      this.#content.replaceChildren(nothing());
      return;
    }
    this.#lead.textContent = say("statistics.total", { count: total });
    const days = element("day-chart");
    days.days = lastDays(perDay);
    const labels = element("label-chart");
    labels.counts = byLabel;
    this.#content.replaceChildren(
      panel("statistics.days", days),
      panel("statistics.labels", labels),
      panel("statistics.models", models(byModel), "panel for-developers"),
    );
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

function nothing() {
  return element(
    "div",
    { class: "empty" },
    icon("chart"),
    element("h2", {}, say("statistics.empty")),
    element("p", {}, say("statistics.emptyText")),
    link(say("history.showPhoto"), "#/", { class: "button primary" }),
  );
}
