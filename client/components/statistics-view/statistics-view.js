import { button, element, icon, link } from "../../browser/element.js";
import { lastDays } from "../../models/day-series.js";
import { explain } from "../../models/error-sentences.js";
import { formatCount, formatNumber } from "../../models/formats.js";
import { STATISTICS } from "../../models/operations.js";
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
        element("h1", { tabindex: "-1" }, "Statistics"),
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
    this.#lead.textContent = "Counting …";
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
    this.#lead.textContent = `${formatCount(total, "answer")} in your history`;
    const days = element("day-chart");
    days.days = lastDays(perDay);
    const labels = element("label-chart");
    labels.counts = byLabel;
    this.#content.replaceChildren(
      panel("The last 30 days", days),
      panel("Most frequent labels", labels),
      panel("Models", models(byModel)),
    );
  }

  #showProblem(error) {
    this.#lead.textContent = "";
    this.#content.replaceChildren(
      element("p", { class: "problem", role: "alert" }, explain(error).sentence),
      button("Try again", { class: "button primary", on: { click: () => this.#load() } }),
    );
  }
}

function panel(title, content) {
  return element("section", { class: "panel" }, element("h2", {}, title), content);
}

function models(counts) {
  const items = counts.map(({ model, count }) =>
    element(
      "div",
      {},
      element("dt", {}, `${model.name}, version ${model.version}`),
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
    element("h2", {}, "Nothing to count yet"),
    element(
      "p",
      {},
      "Once Telltale has answered a few photos, this shows what they were and when.",
    ),
    link("Show it a photo", "#/", { class: "button primary" }),
  );
}
