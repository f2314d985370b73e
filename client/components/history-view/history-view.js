import { deletePredictions } from "../../browser/delete-predictions.js";
import { isSure } from "../../browser/dialog.js";
import { button, element, icon, link } from "../../browser/element.js";
import { LiveElement } from "../../browser/live-element.js";
import { nothing, pageHeader } from "../../browser/page.js";
import { formatAddress } from "../../models/address.js";
import { explain } from "../../models/error-sentences.js";
import {
  countConditions,
  filterFromAddress,
  filterToAddress,
  filterVariables,
  isContradiction,
} from "../../models/history-filter.js";
import { CLEAR_HISTORY, HISTORY_COUNT } from "../../models/history-operations.js";
import { PAGE_SIZE } from "../../models/history-pages.js";
import { HISTORY } from "../../models/operations.js";
import { say } from "../../models/words.js";
import { FilterChips } from "../filter-chips/filter-chips.js";
import { HistoryExport } from "../history-export/history-export.js";
import { HistoryFilters } from "../history-filters/history-filters.js";
import { HistoryList } from "../history-list/history-list.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";

const SEARCH_AFTER_MS = 150;

/** The history in one filter and order, as the address says. Properties: `app`, `parameters`. */
export class HistoryView extends LiveElement {
  static parts = [FilterChips, HistoryExport, HistoryFilters, HistoryList, RequestDisclosure];

  #chips = element("filter-chips", { class: "no-print" });
  #count = element("p", { class: "count lead", role: "status" });
  #counting = new AbortController();
  #disclosure = element("request-disclosure");
  #empty = element("div", { class: "empty" });
  #filter;
  #filters = element("history-filters");
  #list = element("history-list");
  #search = element("input", {
    type: "search",
    name: "search",
    placeholder: say("history.search"),
    "aria-label": say("history.search"),
    autocapitalize: "off",
    autocomplete: "off",
    spellcheck: "false",
    enterkeyhint: "search",
    maxlength: "100",
  });
  #selection = element("div", { class: "selection no-print", role: "group", hidden: true });
  #tools = element("div", { class: "tools" });
  #total = 0;
  #typing;
  app;

  /** Set again while it is connected when only the filter changes. */
  set parameters(parameters) {
    this.#filter = filterFromAddress(parameters);
    if (this.isConnected) this.#apply();
  }

  // Lifecycle

  connectedCallback() {
    const { signal } = this;
    const { configuration, crops, deletions, history, queue, session } = this.app;
    Object.assign(this.#list, { crops, deletions, mayDelete: session.mayManage, pages: history });
    Object.assign(this.#filters, { models: session.models, filter: this.#filter });
    this.#disclosure.configuration = configuration;
    this.#list.addEventListener("delete", (event) => this.#delete(event.detail), { signal });
    this.#list.addEventListener("count", () => this.#showEmpty(), { signal });
    this.#list.addEventListener("select", () => this.#showSelection(), { signal });
    this.#filters.addEventListener("filter", (event) => this.#go(event.detail), { signal });
    this.#search.addEventListener("input", () => this.#onTyping(), { signal });
    const renew = () => this.#renew();
    for (const type of ["change", "removed"]) queue.addEventListener(type, renew, { signal });
    deletions.addEventListener("sent", renew, { signal });
    addEventListener("scroll", renew, { signal });
    this.#list.isByDay = isByDay(this.#filter);
    history.show(filterVariables(this.#filter));
    this.#render();
    this.#apply();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#counting.abort();
    clearTimeout(this.#typing);
  }

  // Private

  #render() {
    const { mayManage } = this.app.session;
    const tool = (name, iconName, click) =>
      button(say(`history.${name}`), { iconName, on: { click } });
    this.#tools.replaceChildren(
      ...(mayManage ? [tool("select", "check", () => this.#select(true))] : []),
      tool("export", "download", () => this.#export()),
      ...(mayManage ? [tool("clear", "trash", () => this.#clear())] : []),
    );
    const filterDetails = element(
      "details",
      { class: "filter" },
      element("summary", {}, icon("filter"), element("span", {}, say("history.filter"))),
      this.#filters,
    );
    const search = element(
      "form",
      { role: "search", on: { submit: (event) => event.preventDefault() } },
      icon("search"),
      this.#search,
    );
    this.replaceChildren(
      pageHeader(say("history.title"), this.#count),
      element("div", { class: "bar no-print" }, search, filterDetails, groupsLink(), this.#tools),
      this.#chips,
      this.#selection,
      this.#empty,
      this.#list,
      this.#disclosure,
    );
  }

  #apply() {
    const variables = filterVariables(this.#filter);
    this.#list.isByDay = isByDay(this.#filter);
    this.#filters.filter = this.#filter;
    if (this.#search.value.trim() !== this.#filter.search) this.#search.value = this.#filter.search;
    this.#chips.show(this.#filter, { parts: ["history"], without: ["search"] });
    this.#disclosure.request = {
      operation: HISTORY,
      variables: { first: PAGE_SIZE, after: null, ...variables },
    };
    this.app.history.show(variables);
    this.#select(false);
    this.#readCount();
  }

  /** Letters are no steps of their own to go back to. */
  #onTyping() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      const filter = { ...this.#filter, search: this.#search.value.trim() };
      this.app.router.replace(formatAddress(["history"], filterToAddress(filter)));
    }, SEARCH_AFTER_MS);
  }

  async #readCount() {
    this.#counting.abort();
    this.#counting = new AbortController();
    const { signal } = this.#counting;
    const { filter } = filterVariables(this.#filter);
    try {
      const { viewer } = await this.app.api.query(HISTORY_COUNT, { filter }, { signal });
      this.#showTotal(viewer.history.totalCount);
    } catch {
      // The list tells what is wrong; a missing count is no second problem.
      if (!signal.aborted) this.#showTotal(0);
    }
  }

  #showTotal(total) {
    this.#total = Math.max(0, total);
    const count = total > 0 ? say("page.answers", { count: total }) : "";
    const isFiltered = total > 0 && countConditions(this.#filter) > 0;
    const address = formatAddress(["statistics"], filterToAddress(this.#filter));
    this.#count.replaceChildren(
      count,
      ...(isFiltered ? [" ", link(say("history.statistics"), address, { class: "no-print" })] : []),
    );
  }

  #showEmpty() {
    const { rows, hasMore } = this.app.history;
    const isEmpty = rows.length === 0 && !hasMore;
    const isFiltered = countConditions(this.#filter) > 0;
    this.querySelector(".bar").hidden = isEmpty && !isFiltered;
    this.#tools.hidden = isEmpty;
    this.#empty.hidden = !isEmpty;
    if (!isEmpty) return;
    const text = isContradiction(this.#filter) ? "history.contradiction" : "history.noMatchText";
    const told = isFiltered
      ? nothing("history.noMatch", text, "history.showAll", "#/history")
      : nothing("history.empty", "history.emptyText", "history.showPhoto", "#/");
    this.#empty.replaceChildren(icon(isFiltered ? "search" : "image"), ...told);
  }

  #go(filter) {
    this.app.go(formatAddress(["history"], filterToAddress(filter)));
  }

  #delete(row) {
    deletePredictions(this.app, [row]);
    this.#list.markDeleted(row.id);
    this.#showTotal(this.#total - 1);
  }

  #select(isSelecting) {
    this.#list.isSelecting = isSelecting;
    this.#tools.hidden = isSelecting;
    this.#selection.hidden = !isSelecting;
    if (isSelecting) this.#showSelection();
    else this.#showEmpty();
  }

  #showSelection() {
    const count = this.#list.selected.length;
    const hadFocus = this.#selection.contains(document.activeElement);
    const [all, remove, done] = [
      button(say("history.selectAll"), { on: { click: () => this.#list.selectAll() } }),
      button(say("history.delete"), {
        class: "button danger",
        iconName: "trash",
        disabled: count === 0,
        on: { click: () => this.#deleteSelected() },
      }),
      button(say("page.done"), { on: { click: () => this.#finish() } }),
    ];
    const text = element("span", { role: "status" }, say("history.selected", { count }));
    this.#selection.replaceChildren(text, all, remove, done);
    if (hadFocus) (count > 0 ? remove : done).focus();
  }

  #finish() {
    this.#select(false);
    this.#renew();
  }

  #deleteSelected() {
    const { selected } = this.#list;
    if (selected.length === 0) return;
    deletePredictions(this.app, selected);
    this.#list.refresh();
    this.#select(false);
    this.#showTotal(this.#total - selected.length);
    this.querySelector("h1").focus({ preventScroll: true });
  }

  /** Shows the list again after a deletion was undone. */
  restore() {
    this.#list.refresh();
    this.#showEmpty();
    this.#readCount();
    this.#renew();
  }

  /** Shows what has been answered since, once nothing more comes, and nobody is in the midst of what is shown. */
  #renew() {
    const { deletions, history, queue } = this.app;
    if (!history.isOutdated || deletions.all.length > 0) return;
    const { total, answered, failed, held } = queue.counts;
    const isStill = answered + failed + held === total;
    const isReading = window.scrollY > 0 || !this.#selection.hidden;
    const isEmpty = history.rows.length === 0 && !history.isLoading;
    if (!isEmpty && (!isStill || isReading)) return;
    history.forget();
    this.#readCount();
  }

  #export() {
    const set = { api: this.app.api, variables: filterVariables(this.#filter) };
    this.append(element("history-export", { set }));
  }

  async #clear() {
    const title = say("history.clearTitle");
    const text = say("history.clearText");
    if (!(await isSure(this, { title, text, confirm: say("history.clearConfirm") }))) return;
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

function groupsLink() {
  const anchor = link("", "#/history/groups", { class: "look-alikes" });
  anchor.append(icon("group"), element("span", {}, say("history.groups")));
  return anchor;
}

function isByDay({ order }) {
  return ["NEWEST", "OLDEST"].includes(order);
}
