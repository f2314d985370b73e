import { button, element, icon, link } from "../../browser/element.js";
import { formatAddress } from "../../models/address.js";
import { explain } from "../../models/error-sentences.js";
import {
  countConditions,
  filterFromAddress,
  filterToAddress,
  filterVariables,
} from "../../models/history-filter.js";
import { PAGE_SIZE } from "../../models/history-pages.js";
import { CLEAR_HISTORY, HISTORY, HISTORY_COUNT, HISTORY_LABELS } from "../../models/operations.js";
import { say } from "../../models/words.js";
import { ConfirmDialog } from "../confirm-dialog/confirm-dialog.js";
import { HistoryExport } from "../history-export/history-export.js";
import { HistoryFilters } from "../history-filters/history-filters.js";
import { HistoryList } from "../history-list/history-list.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";

/** Where the open filter leaves room for what it finds. */
const ROOMY = "(width >= 40rem)";

/** The history in one filter and order, as the address says. Properties: `app`, `parameters`. */
export class HistoryView extends HTMLElement {
  static parts = [ConfirmDialog, HistoryExport, HistoryFilters, HistoryList, RequestDisclosure];

  #count = element("p", { class: "count lead", role: "status" });
  #total = 0;
  #disclosure = element("request-disclosure");
  #empty = element("div", { class: "empty" });
  #filter;
  #filters = element("history-filters");
  #filterSummary = element("summary", {});
  #list = element("history-list");
  #listening;
  #tools = element("div", { class: "tools" });
  app;

  /** Set again while it is connected when only the filter changes. */
  set parameters(parameters) {
    this.#filter = filterFromAddress(parameters);
    if (this.isConnected) this.#apply();
  }

  // Lifecycle

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const { configuration, crops, history, session } = this.app;
    Object.assign(this.#list, { crops, mayDelete: session.mayManage, pages: history });
    Object.assign(this.#filters, { models: session.models, filter: this.#filter });
    this.#disclosure.configuration = configuration;
    this.#list.addEventListener("delete", (event) => this.#delete(event.detail), { signal });
    this.#list.addEventListener("count", () => this.#showEmpty(), { signal });
    this.#filters.addEventListener("filter", (event) => this.#go(event.detail), { signal });
    history.show(filterVariables(this.#filter));
    this.#render();
    this.#apply();
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  // Private

  #render() {
    const filterDetails = element(
      "details",
      {
        class: "filter",
        open: countConditions(this.#filter) > 0 && matchMedia(ROOMY).matches,
        on: { toggle: () => this.#suggest() },
      },
      this.#filterSummary,
      this.#filters,
    );
    this.#tools.replaceChildren(
      button(say("history.export"), { iconName: "download", on: { click: () => this.#export() } }),
      ...(this.app.session.mayManage
        ? [button(say("history.clear"), { iconName: "trash", on: { click: () => this.#clear() } })]
        : []),
    );
    this.replaceChildren(
      element(
        "header",
        { class: "view-header" },
        element("h1", { tabindex: "-1" }, say("history.title")),
        this.#count,
      ),
      element("div", { class: "bar" }, filterDetails, this.#tools),
      this.#empty,
      this.#list,
      this.#disclosure,
    );
  }

  #apply() {
    const variables = filterVariables(this.#filter);
    const conditions = countConditions(this.#filter);
    const text =
      conditions > 0 ? say("history.filterWith", { count: conditions }) : say("history.filter");
    this.#filterSummary.replaceChildren(icon("filter"), element("span", {}, text));
    this.#filters.filter = this.#filter;
    this.#disclosure.request = {
      operation: HISTORY,
      variables: { first: PAGE_SIZE, after: null, ...variables },
    };
    this.app.history.show(variables);
    this.#readCount();
  }

  async #readCount() {
    const { filter } = filterVariables(this.#filter);
    const { signal } = this.#listening;
    try {
      const { viewer } = await this.app.api.query(HISTORY_COUNT, { filter }, { signal });
      this.#showTotal(viewer.history.totalCount);
    } catch {
      // The list tells what is wrong; a missing count is no second problem.
      this.#showTotal(0);
    }
  }

  #showTotal(total) {
    this.#total = Math.max(0, total);
    this.#count.textContent = total > 0 ? say("page.answers", { count: total }) : "";
  }

  #showEmpty() {
    const { rows, hasMore } = this.app.history;
    const isEmpty = rows.length === 0 && !hasMore;
    this.#tools.hidden = isEmpty;
    this.#empty.hidden = !isEmpty;
    if (!isEmpty) return;
    const isFiltered = countConditions(this.#filter) > 0;
    this.#empty.replaceChildren(
      icon(isFiltered ? "filter" : "image"),
      element("h2", {}, say(isFiltered ? "history.noMatch" : "history.empty")),
      element("p", {}, say(isFiltered ? "history.noMatchText" : "history.emptyText")),
      isFiltered
        ? link(say("history.showAll"), "#/history", { class: "button primary" })
        : link(say("history.showPhoto"), "#/", { class: "button primary" }),
    );
  }

  async #suggest() {
    if (this.#filters.hasLabels) return;
    this.#filters.hasLabels = true;
    try {
      const { viewer } = await this.app.api.query(HISTORY_LABELS);
      this.#filters.labels = viewer.statistics.byLabel;
    } catch {
      this.#filters.hasLabels = false; // Suggestions are a convenience; the next opening asks again.
    }
  }

  #go(filter) {
    this.app.go(formatAddress(["history"], filterToAddress(filter)));
  }

  #delete(row) {
    const focusNext = this.#neighbour(row.id);
    this.app.deletePrediction(row);
    this.#list.removeRow(row.id);
    this.#showTotal(this.#total - 1);
    this.#showEmpty();
    focusNext?.focus();
  }

  #neighbour(id) {
    const row = this.querySelector(`[data-id="${CSS.escape(id)}"]`);
    const next = row?.nextElementSibling ?? row?.previousElementSibling;
    return next?.querySelector("a") ?? this.querySelector("h1");
  }

  /** Shows the list again after a deletion was undone. */
  restore() {
    this.#list.refresh();
    this.#showEmpty();
    this.#readCount();
  }

  #export() {
    const dialog = element("history-export");
    Object.assign(dialog, { api: this.app.api, variables: filterVariables(this.#filter) });
    dialog.addEventListener("closed", () => dialog.remove());
    this.append(dialog);
  }

  async #clear() {
    const dialog = element("confirm-dialog");
    this.append(dialog);
    const isSure = await dialog.ask({
      title: say("history.clearTitle"),
      text: say("history.clearText"),
      confirm: say("history.clearConfirm"),
    });
    dialog.remove();
    if (!isSure) return;
    try {
      await this.app.deletions.flush();
      const { deletedCount } = await this.app.api.mutate(CLEAR_HISTORY);
      this.app.announce(say("history.cleared", { count: deletedCount }));
    } catch (error) {
      this.app.tell(explain(error).sentence);
    }
    this.app.history.forget();
    this.#readCount();
  }
}
