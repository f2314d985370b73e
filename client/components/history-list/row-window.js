/**
 * Keeps the elements of long lists bounded: rows come in pages, and a page far from the screen gives its
 * elements up for a space of the same height.
 */

import { element } from "../../browser/element.js";

const NEAR = "1500px";

export class RowWindow {
  #container;
  #newRow;
  #observer;
  #pages = new Map();
  #resizes;

  /** @param {(row: {id: string}) => HTMLElement} newRow every row has the same height */
  constructor(container, newRow) {
    this.#container = container;
    this.#newRow = newRow;
    this.#observer = new IntersectionObserver((entries) => this.#onNear(entries), {
      rootMargin: NEAR,
    });
    this.#resizes = new ResizeObserver(() => this.#measureSpaces());
    this.#resizes.observe(container);
  }

  append(rows) {
    const page = element("div", { class: "page", role: "presentation" });
    this.#pages.set(page, { rows: [...rows], isShown: false });
    this.#container.append(page);
    // The first one is what the spaces of the others are measured by.
    if (this.#pages.size === 1) this.#show(page);
    else this.#space([page]);
    this.#observer.observe(page);
  }

  remove(id) {
    for (const [page, state] of this.#pages) {
      const index = state.rows.findIndex((row) => row.id === id);
      if (index < 0) continue;
      state.rows.splice(index, 1);
      if (state.isShown) page.children[index].remove();
      else this.#space([page]);
    }
  }

  clear() {
    this.#observer.disconnect();
    this.#pages.clear();
    this.#container.replaceChildren();
  }

  close() {
    this.#observer.disconnect();
    this.#resizes.disconnect();
  }

  // Private

  #onNear(entries) {
    for (const { target, isIntersecting } of entries) {
      const state = this.#pages.get(target);
      if (!state || state.isShown === isIntersecting) continue;
      // Whoever reads or edits there keeps it.
      if (isIntersecting) this.#show(target);
      else if (!target.contains(document.activeElement)) this.#hide(target);
    }
  }

  #show(page) {
    const state = this.#pages.get(page);
    state.isShown = true;
    page.style.blockSize = "";
    page.replaceChildren(...state.rows.map((row) => this.#newRow(row)));
  }

  #hide(page) {
    this.#pages.get(page).isShown = false;
    // Its own height: there may be no other page left to measure by, and the place would be lost.
    const { height } = page.getBoundingClientRect();
    page.replaceChildren();
    page.style.blockSize = `${height}px`;
  }

  /** Measures once for all: to measure after each change would lay the whole list out as often. */
  #space(pages) {
    const measure = this.#measure();
    if (!measure) return;
    for (const page of pages) {
      const lines = Math.ceil(this.#pages.get(page).rows.length / measure.columns);
      page.style.blockSize = `${lines * measure.rowPixels + Math.max(0, lines - 1) * measure.gapPixels}px`;
    }
  }

  #measureSpaces() {
    this.#space([...this.#pages.keys()].filter((page) => !this.#pages.get(page).isShown));
  }

  #measure() {
    for (const [page, { isShown }] of this.#pages) {
      if (!isShown || !page.firstElementChild) continue;
      const style = getComputedStyle(page);
      return {
        columns: style.gridTemplateColumns.split(" ").length,
        gapPixels: Number.parseFloat(style.rowGap) || 0,
        rowPixels: page.firstElementChild.getBoundingClientRect().height,
      };
    }
    return null;
  }
}
