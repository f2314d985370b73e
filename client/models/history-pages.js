/**
 * The pages of a history that were read so far, in one filter and order. Fires "change" with
 * `{detail: {rows}}` for rows that came, and "reset".
 */

import { HISTORY } from "./operations.js";

/** Divisible by every number of columns up to six, so that no row of a grid is cut. */
export const PAGE_SIZE = 60;

export class HistoryPages extends EventTarget {
  #api;
  #abort = new AbortController();
  #cursor = null;
  #isHidden;
  #loading = null;
  #variables = null;
  rows = [];
  hasMore = true;
  /** Whether something has come since: it is read when the pages are next shown. */
  isOutdated = false;

  /** @param {(id: string) => boolean} [parts.isHidden] whether a row that is read is not to be shown */
  constructor({ api, isHidden = () => false }) {
    super();
    this.#api = api;
    this.#isHidden = isHidden;
  }

  get variables() {
    return this.#variables;
  }

  get isLoading() {
    return this.#loading !== null;
  }

  /** Starts over with another filter or order; the same one keeps what was read. */
  show(variables) {
    const isSame = JSON.stringify(variables) === JSON.stringify(this.#variables);
    if (isSame && !this.isOutdated) return;
    this.#variables = variables;
    this.forget();
  }

  /** Starts over: what was read may no longer be what there is. */
  forget() {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#cursor = null;
    this.#loading = null;
    this.rows = [];
    this.hasMore = true;
    this.isOutdated = false;
    this.dispatchEvent(new Event("reset"));
  }

  /** Reads the next page; a second call while one is read waits for the same. */
  loadMore() {
    if (!this.hasMore) return Promise.resolve();
    this.#loading ??= this.#load(this.#abort.signal);
    return this.#loading;
  }

  /** Takes rows out, and returns the function that puts them back. @param {string[]} ids */
  remove(ids) {
    const places = this.rows.map((row, index) => ({ row, index }));
    const gone = places.filter(({ row }) => ids.includes(row.id));
    this.rows = this.rows.filter(({ id }) => !ids.includes(id));
    const reading = this.#abort;
    return () => {
      // Of what was read anew since, the server knows the places.
      if (gone.length < ids.length || reading !== this.#abort) this.forget();
      else for (const { row, index } of gone) this.rows.splice(index, 0, row);
    };
  }

  async #load(signal) {
    const variables = { first: PAGE_SIZE, after: this.#cursor, ...this.#variables };
    try {
      const { viewer } = await this.#api.query(HISTORY, variables, { signal });
      if (signal.aborted) return;
      const read = viewer.history.edges.map((edge) => edge.node);
      const rows = read.filter(({ id }) => !this.#isHidden(id));
      this.#cursor = viewer.history.pageInfo.endCursor;
      this.hasMore = viewer.history.pageInfo.hasNextPage;
      this.rows.push(...rows);
      this.#loading = null;
      this.dispatchEvent(new CustomEvent("change", { detail: { rows } }));
    } catch (error) {
      if (signal.aborted) return;
      this.#loading = null;
      throw error;
    }
  }
}
