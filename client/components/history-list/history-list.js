import { button, element, newId } from "../../browser/element.js";
import { LiveElement } from "../../browser/live-element.js";
import { dayHeading, dayOf } from "../../models/days.js";
import { explain } from "../../models/error-sentences.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";
import { deletedRow, historyRow } from "./history-row.js";

const LOAD_AHEAD = "1200px";

/**
 * Endless rows, by day where days follow each other: the next page is read before its place is reached. Properties:
 * `pages` (HistoryPages), `deletions`, `crops`, `mayDelete`, `isByDay`. Fires "delete" with a row, "select" and "count".
 */
export class HistoryList extends LiveElement {
  static parts = [CropImage];

  #chosenLast = null;
  #groups = element("div", { class: "groups" });
  #isOld = false;
  #more;
  #observer;
  #problem = element("p", { class: "problem", role: "alert" });
  crops;
  deletions;
  isByDay = true;
  mayDelete;
  pages;

  // Lifecycle

  connectedCallback() {
    const { signal } = this;
    this.#more = button(say("history.more"), {
      class: "button more no-print",
      on: { click: () => this.#load() },
    });
    this.replaceChildren(this.#groups, this.#problem, this.#more);
    this.#groups.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.pages.addEventListener("change", (event) => this.#onRows(event.detail.rows), { signal });
    this.pages.addEventListener("reset", () => this.#start(), { signal });
    this.deletions.addEventListener("change", () => this.#dropDeleted(), { signal });
    this.#observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && this.#load(),
      { rootMargin: LOAD_AHEAD },
    );
    this.#start();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  // Actions

  /** Shows again what the pages hold, at the same place. */
  refresh() {
    const { scrollY } = window;
    this.#fill();
    window.scrollTo(0, scrollY);
  }

  set isSelecting(isSelecting) {
    this.classList.toggle("is-selecting", isSelecting);
    if (!isSelecting) this.#untick();
    this.#chosenLast = null;
  }

  selectAll() {
    for (const box of this.#boxes()) box.checked = true;
    this.dispatchEvent(new Event("select"));
  }

  /** The rows that are selected. */
  get selected() {
    const ids = new Set(this.#boxes().flatMap(({ checked, value }) => (checked ? [value] : [])));
    return this.pages.rows.filter(({ id }) => ids.has(id));
  }

  /** Says in its place that a row is deleted: nothing else comes under the next press. */
  markDeleted(id) {
    const undo = () => this.deletions.undo();
    const row = this.#rowOf(id);
    const hadFocus = row.contains(document.activeElement);
    row.replaceWith(deletedRow(id, undo));
    if (hadFocus) this.#rowOf(id).querySelector("button").focus();
    this.dispatchEvent(new Event("count"));
  }

  // Private

  #boxes() {
    return [...this.#groups.querySelectorAll("input")];
  }

  #rowOf(id) {
    return this.#groups.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  /** What was shown stays until there is something else to show. */
  #start() {
    this.#isOld = this.pages.rows.length === 0;
    if (!this.#isOld) {
      this.#fill();
      return;
    }
    this.#untick();
    this.#load();
  }

  #fill() {
    this.#redraw(this.pages.rows);
    this.#untick();
    this.#afterRows();
  }

  #onRows(rows) {
    if (this.#isOld) this.#redraw(rows);
    else this.#append(rows);
    this.#isOld = false;
    this.#afterRows();
  }

  /** Whoever is in a row by the Tab key is in the same one after it. */
  #redraw(rows) {
    const focusedId = document.activeElement.closest(".row")?.dataset.id;
    this.#groups.replaceChildren();
    this.#append(rows);
    if (focusedId) this.#rowOf(focusedId)?.querySelector("a")?.focus({ preventScroll: true });
  }

  /** What is gone is no longer selected, and whoever shows how many are has to know. */
  #untick() {
    for (const box of this.#boxes()) box.checked = false;
    if (this.classList.contains("is-selecting")) this.dispatchEvent(new Event("select"));
  }

  #append(rows) {
    for (const row of rows) this.#groupOf(row).append(this.#row(row));
  }

  #groupOf({ createdAt }) {
    const day = this.isByDay ? dayOf(createdAt) : "";
    const last = this.#groups.lastElementChild;
    if (last?.dataset.day === day) return last.lastElementChild;
    const id = newId("day");
    const rows = element("div", { class: "rows", role: "list", "aria-labelledby": id });
    const text = day ? dayHeading(day) : say("history.list");
    const heading = element("h2", { id, class: day ? null : "visually-hidden" }, text);
    this.#groups.append(element("section", { "data-day": day }, heading, rows));
    return rows;
  }

  #afterRows() {
    this.#more.hidden = !this.pages.hasMore;
    const isKnown = this.pages.rows.length > 0 || !this.pages.hasMore;
    if (isKnown) this.dispatchEvent(new Event("count"));
    // Observing anew fires again where the place after a short page is still near.
    this.#observer.disconnect();
    if (this.pages.hasMore && this.pages.rows.length > 0) this.#observer.observe(this.#more);
  }

  async #load() {
    if (this.pages.isLoading) return;
    this.#problem.textContent = "";
    this.setAttribute("aria-busy", "true");
    this.#label(say("history.loading"));
    try {
      await this.pages.loadMore();
      this.#label(say("history.more"));
    } catch (error) {
      this.#observer.disconnect();
      if (this.#isOld) this.#groups.replaceChildren();
      this.#problem.textContent = explain(error).sentence;
      this.#label(say("page.tryAgain"));
    } finally {
      if (!this.pages.isLoading) this.removeAttribute("aria-busy");
    }
  }

  #label(text) {
    this.#more.querySelector("span").textContent = text;
  }

  #row(row) {
    return historyRow(row, {
      crops: this.crops,
      onDelete: this.mayDelete
        ? () => this.dispatchEvent(new CustomEvent("delete", { detail: row }))
        : null,
    });
  }

  /** While rows are selected, a press on one selects it, and one with Shift all up to it. */
  #onClick(event) {
    if (!this.classList.contains("is-selecting")) return;
    const row = event.target.closest(".row");
    const box = row?.querySelector("input");
    if (!box) return;
    if (event.target !== box) {
      event.preventDefault();
      box.checked = !box.checked;
    }
    if (event.shiftKey) this.#selectUpTo(box);
    this.#chosenLast = box;
    this.dispatchEvent(new Event("select"));
  }

  #selectUpTo(box) {
    const boxes = this.#boxes();
    const ends = [boxes.indexOf(this.#chosenLast ?? box), boxes.indexOf(box)];
    const between = boxes.slice(Math.min(...ends), Math.max(...ends) + 1);
    for (const other of between) other.checked = box.checked;
  }

  #dropDeleted() {
    for (const row of this.#groups.querySelectorAll(".row.is-deleted")) {
      if (!this.deletions.has(row.dataset.id)) row.remove();
    }
  }
}
