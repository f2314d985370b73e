/**
 * Deletions that can still be undone: the mutation leaves when the time is over, or when the page goes.
 * Fires "change" with every one that comes, goes, or fails.
 */

import { DELETE_PREDICTION } from "./operations.js";

export const UNDO_TIME_MS = 5_000;

export class PendingDeletions extends EventTarget {
  #api;
  #pending = new Map();

  constructor({ api }) {
    super();
    this.#api = api;
  }

  get all() {
    return [...this.#pending.values()];
  }

  has(id) {
    return this.#pending.has(id);
  }

  /**
   * @param {{id: string, label: string}} prediction
   * @param {() => void} restore puts it back into view, when it is undone or could not be deleted
   */
  schedule(prediction, restore) {
    const timer = setTimeout(() => this.#send(prediction.id), UNDO_TIME_MS);
    this.#pending.set(prediction.id, { prediction, restore, timer });
    this.#tell();
  }

  undo(id) {
    const pending = this.#take(id);
    pending?.restore();
    this.#tell();
  }

  /** Deletes none of them. */
  forget() {
    for (const id of [...this.#pending.keys()]) this.#take(id);
    this.#tell();
  }

  /** Sends all of them now; `keepalive` lets the requests outlive the page. */
  flush({ keepalive = false } = {}) {
    return Promise.all([...this.#pending.keys()].map((id) => this.#send(id, { keepalive })));
  }

  async #send(id, options) {
    const pending = this.#take(id);
    if (!pending) return;
    this.#tell();
    try {
      await this.#api.mutate(DELETE_PREDICTION, { input: { id } }, options);
      this.dispatchEvent(new CustomEvent("deleted", { detail: pending.prediction }));
    } catch (error) {
      // Somebody deleted it elsewhere: that is what was wanted.
      if (error.code === "NOT_FOUND") return;
      pending.restore();
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
  }

  #take(id) {
    const pending = this.#pending.get(id);
    clearTimeout(pending?.timer);
    this.#pending.delete(id);
    return pending;
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
