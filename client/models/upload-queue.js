/**
 * Photos on their way to an answer: a few at a time, each with a key that makes a retry safe.
 *
 * A photo is held → waiting → preparing → thinking → answered, or it is failed. "held" waits
 * for somebody to log in. Fires "added", "change" and "removed" with the photo as detail.
 */

import { withPatience } from "./backoff.js";

const IN_FLIGHT = 2;
/** Older answers are in the history; their photos need not stay in memory. */
const ANSWERS_KEPT = 30;
const ACTIVE = ["preparing", "thinking"];

export class UploadQueue extends EventTarget {
  #photos = [];
  #gate = "unknown";
  #newKey;
  #prepare;
  #send;

  /**
   * @param {object} parts
   * @param {(file: Blob) => Promise<Blob>} parts.prepare reduces a photo to what is worth sending
   * @param {(photo, {signal}) => Promise<object>} parts.send resolves to a prediction
   * @param {() => string} [parts.newKey] idempotency keys
   */
  constructor({ prepare, send, newKey = () => crypto.randomUUID() }) {
    super();
    this.#prepare = prepare;
    this.#send = send;
    this.#newKey = newKey;
  }

  get photos() {
    return [...this.#photos];
  }

  /** Whether a photo would be lost if the page went. */
  get isBusy() {
    return this.#photos.some(({ state }) => state !== "answered");
  }

  /** The latest first. */
  add(files) {
    for (const file of files) {
      const photo = {
        file,
        name: file.name ?? "",
        key: this.#newKey(),
        state: this.#firstState,
        prepared: null,
        prediction: null,
        error: null,
        abort: null,
      };
      this.#photos.unshift(photo);
      this.#tell("added", photo);
    }
    this.#fill();
  }

  /** "open" while somebody is logged in, "shut" while nobody is, "unknown" until that is known. */
  set gate(gate) {
    if (gate === this.#gate) return;
    this.#gate = gate;
    for (const photo of this.#photos) {
      const isStill = photo.state === "held" || photo.state === "waiting";
      if (isStill) this.#update(photo, { state: this.#firstState });
    }
    this.#fill();
  }

  /** The key stays: if the first try did arrive, its answer comes back. */
  retry(photo) {
    this.#update(photo, { state: this.#firstState, error: null });
    this.#fill();
  }

  /** Stops a photo that is on its way, and takes it off the list. */
  remove(photo) {
    photo.abort?.abort();
    this.#photos = this.#photos.filter((other) => other !== photo);
    this.#tell("removed", photo);
    this.#fill();
  }

  /** Takes what was answered off the list: somebody else is here now. */
  forgetAnswers() {
    for (const photo of this.photos) if (photo.state === "answered") this.remove(photo);
  }

  get #firstState() {
    return this.#gate === "shut" ? "held" : "waiting";
  }

  #fill() {
    if (this.#gate !== "open") return;
    const active = this.#photos.filter((photo) => ACTIVE.includes(photo.state)).length;
    const waiting = this.#photos.filter((photo) => photo.state === "waiting").reverse();
    for (const photo of waiting.slice(0, Math.max(0, IN_FLIGHT - active))) this.#run(photo);
  }

  async #run(photo) {
    const abort = new AbortController();
    this.#update(photo, { state: "preparing", abort });
    try {
      photo.prepared ??= await this.#prepare(photo.file);
      const prediction = await withPatience(() => this.#attempt(photo, abort.signal), {
        signal: abort.signal,
      });
      this.#update(photo, { state: "answered", prediction });
      this.#letGo();
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(photo, error);
    }
    this.#fill();
  }

  #letGo() {
    const answered = this.#photos.filter(({ state }) => state === "answered");
    for (const photo of answered.slice(ANSWERS_KEPT)) this.remove(photo);
  }

  #attempt(photo, signal) {
    signal.throwIfAborted();
    this.#update(photo, { state: "thinking" });
    return this.#send(photo, { signal });
  }

  #fail(photo, error) {
    const isLoggedOut = error.code === "UNAUTHENTICATED";
    this.#update(photo, isLoggedOut ? { state: "held" } : { state: "failed", error });
  }

  #update(photo, changes) {
    Object.assign(photo, changes);
    this.#tell("change", photo);
  }

  #tell(type, photo) {
    this.dispatchEvent(new CustomEvent(type, { detail: photo }));
  }
}
