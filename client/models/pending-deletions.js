/**
 * Deletions that can still be undone, all at once: the mutations leave when the time is over, or when the page goes.
 * Fires "change" with every one that comes, goes, or fails, and "sent".
 */

import { DELETE_PREDICTION } from "./operations.js";
import { say } from "./words.js";

export const UNDO_TIME_MS = 10_000;
const AT_ONCE = 4;

/** What was deleted: one is called what its person says it is. */
export function deletedSentence(predictions) {
  const [{ correction, label }] = predictions;
  return say("history.deleted", { count: predictions.length, label: correction?.label ?? label });
}

export class PendingDeletions extends EventTarget {
  #api;
  #pending = new Map();
  #restores = [];
  #timer;

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
   * @param {{id: string, label: string, correction?: {label: string}}[]} predictions
   * @param {() => void} restore puts them back into view, when they are undone or could not be deleted
   */
  schedule(predictions, restore) {
    for (const prediction of predictions) this.#pending.set(prediction.id, prediction);
    this.#restores.push(restore);
    this.resume();
    this.#tell();
  }

  /** Takes as long as somebody looks at it. */
  pause() {
    clearTimeout(this.#timer);
  }

  /** Gives the whole time again. */
  resume() {
    clearTimeout(this.#timer);
    if (this.#pending.size > 0) this.#timer = setTimeout(() => this.flush(), UNDO_TIME_MS);
  }

  undo() {
    this.#giveBack(this.#take());
    this.#tell();
  }

  /** Deletes none of them, and puts none back. */
  forget() {
    this.#take();
    this.#tell();
  }

  /** Sends all of them now; `keepalive` lets the requests outlive the page. */
  async flush({ keepalive = false } = {}) {
    const { predictions, restores } = this.#take();
    if (predictions.length === 0) return;
    this.#tell();
    const waiting = [...predictions];
    const failures = [];
    const sendOn = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await this.#send(next.id, { keepalive }).catch((error) => failures.push(error));
      }
    };
    // What outlives the page has to have begun before it goes.
    const lanes = keepalive ? waiting.length : AT_ONCE;
    await Promise.all(Array.from({ length: lanes }, sendOn));
    this.dispatchEvent(new Event("sent"));
    if (failures.length === 0) return;
    this.#giveBack({ restores });
    this.dispatchEvent(new CustomEvent("failed", { detail: failures[0] }));
  }

  async #send(id, options) {
    try {
      await this.#api.mutate(DELETE_PREDICTION, { input: { id } }, options);
    } catch (error) {
      // Somebody deleted it elsewhere: that is what was wanted.
      if (error.code !== "NOT_FOUND") throw error;
    }
  }

  #take() {
    clearTimeout(this.#timer);
    const taken = { predictions: this.all, restores: this.#restores };
    this.#pending.clear();
    this.#restores = [];
    return taken;
  }

  /** The last first: each knows the places as it left them. */
  #giveBack({ restores }) {
    for (const restore of [...restores].reverse()) restore();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
