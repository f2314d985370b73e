import { button, element } from "../../browser/element.js";
import { explain } from "../../models/error-sentences.js";
import { PAGE_SIZE } from "../../models/history-pages.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";
import { historyRow } from "./history-row.js";
import { RowWindow } from "./row-window.js";

const LOAD_AHEAD = "1200px";

/**
 * Endless rows: the next page is read before its place is reached, and only the pages near the screen
 * have elements. Properties: `pages` (HistoryPages), `crops`, `mayDelete`. Fires "delete" with a row, and "count".
 */
export class HistoryList extends HTMLElement {
  static parts = [CropImage];

  #list = element("div", { role: "list", "aria-label": say("history.list") });
  #listening;
  #more;
  #observer;
  #problem = element("p", { class: "problem", role: "alert" });
  #window;
  crops;
  mayDelete;
  pages;

  // Lifecycle

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.#more = button(say("history.more"), {
      class: "button more",
      on: { click: () => this.#load() },
    });
    this.replaceChildren(this.#list, this.#problem, this.#more);
    this.#window = new RowWindow(this.#list, (row) => this.#row(row));
    this.pages.addEventListener("change", (event) => this.#onRows(event.detail.rows), { signal });
    this.pages.addEventListener("reset", () => this.#start(), { signal });
    this.#observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && this.#load(),
      { rootMargin: LOAD_AHEAD },
    );
    this.#start();
  }

  disconnectedCallback() {
    this.#listening.abort();
    this.#observer.disconnect();
    this.#window.close();
  }

  // Actions

  removeRow(id) {
    this.#window.remove(id);
    this.#tellCount();
  }

  /** Shows again what the pages hold, at the same place. */
  refresh() {
    const { scrollY } = window;
    this.#fill();
    window.scrollTo(0, scrollY);
  }

  // Private

  #start() {
    this.#fill();
    if (this.pages.rows.length === 0) this.#load();
  }

  #fill() {
    this.#window.clear();
    const { rows } = this.pages;
    for (let index = 0; index < rows.length; index += PAGE_SIZE) {
      this.#window.append(rows.slice(index, index + PAGE_SIZE));
    }
    this.#afterRows();
  }

  #onRows(rows) {
    this.#window.append(rows);
    this.#afterRows();
  }

  #afterRows() {
    this.#more.hidden = !this.pages.hasMore;
    this.#tellCount();
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
      this.#problem.textContent = explain(error).sentence;
      this.#label(say("page.tryAgain"));
    } finally {
      this.removeAttribute("aria-busy");
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

  #tellCount() {
    const isKnown = this.pages.rows.length > 0 || !this.pages.hasMore;
    if (isKnown) this.dispatchEvent(new Event("count"));
  }
}
