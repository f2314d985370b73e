/**
 * Photos on their way to an answer: a few at a time, each with a key that makes a retry safe.
 *
 * A photo is held → waiting → preparing → thinking → answered, or it is failed. "held" waits for somebody
 * to sign in. What is answered while nobody is here is only tried: it is kept, under the same key, once somebody is.
 * Fires "added" with a list of photos, "change" and "removed" with a photo.
 */

import { withPatience } from "./backoff.js";

const IN_FLIGHT = 2;
/** How many photos of a visit are answered before an account is asked for. */
export const TRIES = 5;
const ACTIVE = ["preparing", "thinking"];
/** What nobody but an account can go on with. */
const HOLDING = ["UNAUTHENTICATED", "RATE_LIMITED"];
const NO_STORE = { put() {}, delete() {}, clear() {} };

export class UploadQueue extends EventTarget {
  #account = null;
  #gate = "unknown";
  #lastNumber = 0;
  #newKey;
  #photos = [];
  #prepare;
  #send;
  #store;
  /** The name of what answers the photos that are added, where it is not the default. */
  model = null;

  /**
   * @param {object} parts
   * @param {(file: Blob) => Promise<Blob>} parts.prepare reduces a photo to what is worth sending
   * @param {(photo, {isTry, signal}) => Promise<object>} parts.send resolves to a prediction
   * @param {object} [parts.store] keeps photos where a reload loses nothing
   * @param {() => string} [parts.newKey] idempotency keys
   */
  constructor({ prepare, send, store = NO_STORE, newKey = () => crypto.randomUUID() }) {
    super();
    this.#prepare = prepare;
    this.#send = send;
    this.#store = store;
    this.#newKey = newKey;
  }

  /** As chosen; the latest choice first. */
  get photos() {
    return [...this.#photos];
  }

  /** Whether anything is still to be done for a photo. */
  get isBusy() {
    return this.#photos.some(({ state }) => state !== "answered");
  }

  /** How many photos are in each state, and `tried`: answered, and kept nowhere. */
  get counts() {
    const counts = { total: this.#photos.length, answered: 0, failed: 0, held: 0, tried: 0 };
    for (const { state, isKept, prediction } of this.#photos) {
      counts[state] = (counts[state] ?? 0) + 1;
      if (prediction && !isKept) counts.tried += 1;
    }
    return counts;
  }

  add(files) {
    this.#take(
      files.map((file) => ({
        file,
        name: file.name ?? "",
        key: this.#newKey(),
        account: this.#account,
        model: this.model,
        prediction: null,
      })),
    );
  }

  /** Takes up what an earlier page left behind: records of the store. */
  restore(records) {
    this.#take(records);
  }

  /**
   * Who is here.
   *
   * @param {"unknown"|"shut"|"trying"|"open"} gate "open" for an account, "trying" where photos are answered without
   * @param {string|null} [account] its id: what another one chose is dropped
   */
  enter(gate, account = null) {
    if (gate === this.#gate && account === this.#account) return;
    this.#gate = gate;
    this.#account = account;
    for (const photo of this.photos) {
      if (account && photo.account && photo.account !== account) this.remove(photo);
    }
    for (const photo of this.#photos) {
      const isToKeep = gate === "open" && photo.state === "answered" && !photo.isKept;
      const isStill = photo.state === "held" || photo.state === "waiting";
      if (isToKeep || isStill) this.#update(photo, { state: this.#firstState(photo) });
    }
    this.#fill();
  }

  /** The key stays: if the first try did arrive, its answer comes back. Where what should answer is gone, Telltale does. */
  retry(photo) {
    if (photo.error?.code === "MODEL_UNKNOWN") {
      photo.model = null;
      this.#store.put(photo);
    }
    this.#update(photo, { state: this.#firstState(photo), error: null });
    this.#fill();
  }

  retryFailed() {
    for (const photo of this.#photos.filter(({ state }) => state === "failed")) this.retry(photo);
  }

  /** Stops a photo that is on its way, and takes it off the list. */
  remove(photo) {
    photo.abort?.abort();
    this.#photos = this.#photos.filter((other) => other !== photo);
    this.#store.delete(photo.key);
    this.#tell("removed", photo);
    this.#fill();
  }

  /** Takes what was answered for somebody off the list: somebody else is here now. */
  forgetAnswers() {
    for (const photo of this.photos) if (photo.isKept) this.remove(photo);
  }

  /** Leaves nothing, neither here nor in the store. */
  clear() {
    for (const photo of this.photos) this.remove(photo);
    this.#store.clear();
  }

  /** Takes everything off the list that has no answer. */
  cancelAll() {
    for (const photo of this.photos.filter(({ prediction }) => !prediction)) this.remove(photo);
  }

  #take(chosen) {
    const photos = chosen.map((photo) => {
      this.#lastNumber += 1;
      return {
        number: this.#lastNumber,
        prepared: null,
        isKept: false,
        error: null,
        abort: null,
        ...photo,
      };
    });
    this.#photos.unshift(...photos);
    for (const photo of photos) {
      const isStill = photo.prediction && this.#gate !== "open"; // Else it is kept now.
      photo.state = isStill ? "answered" : this.#firstState(photo);
      this.#store.put(photo);
    }
    this.#tell("added", photos);
    this.#fill();
  }

  #firstState({ account }) {
    const isHeld = this.#gate === "shut" || (this.#gate === "trying" && (account || this.#isTried));
    return isHeld ? "held" : "waiting";
  }

  /** Whether as many are answered, or on their way, as are answered without an account. */
  get #isTried() {
    const isTaken = ({ prediction, state }) => prediction || ACTIVE.includes(state);
    return this.#photos.filter(isTaken).length >= TRIES;
  }

  #fill() {
    if (!["open", "trying"].includes(this.#gate)) return;
    for (const photo of this.#photos) {
      // One of those before it has failed, and left it a try.
      const isFree =
        photo.state === "held" && !photo.error && this.#firstState(photo) === "waiting";
      if (isFree) this.#update(photo, { state: "waiting" });
    }
    const active = this.#photos.filter((photo) => ACTIVE.includes(photo.state)).length;
    const waiting = this.#photos
      .filter((photo) => photo.state === "waiting")
      .sort((one, other) => one.number - other.number);
    for (const photo of waiting.slice(0, Math.max(0, IN_FLIGHT - active))) {
      if (this.#firstState(photo) === "held") this.#update(photo, { state: "held" });
      else this.#run(photo);
    }
  }

  async #run(photo) {
    const abort = new AbortController();
    const isTry = this.#gate === "trying";
    this.#update(photo, { state: "preparing", abort });
    try {
      photo.prepared ??= await this.#prepare(photo.file);
      const prediction = await withPatience(() => this.#attempt(photo, isTry, abort.signal), {
        signal: abort.signal,
      });
      this.#answer(photo, prediction, isTry);
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(photo, error);
    }
    this.#fill();
  }

  #answer(photo, prediction, isTry) {
    const isNews = photo.prediction?.label !== prediction.label; // What was tried may only be kept now.
    this.#update(photo, { state: "answered", prediction, isKept: !isTry, isNews });
    if (isTry) {
      this.#store.put(photo);
      // Somebody has signed in meanwhile.
      if (this.#gate === "open") this.#update(photo, { state: "waiting" });
    } else {
      this.#store.delete(photo.key);
      Object.assign(photo, { file: null, prepared: null }); // Its picture is the server's from now on.
    }
  }

  #attempt(photo, isTry, signal) {
    signal.throwIfAborted();
    this.#update(photo, { state: "thinking" });
    return this.#send(photo, { isTry, signal });
  }

  #fail(photo, error) {
    const isHeld =
      error.code === "UNAUTHENTICATED" || (this.#gate === "trying" && HOLDING.includes(error.code));
    this.#update(photo, isHeld ? { state: "held", error } : { state: "failed", error });
  }

  #update(photo, changes) {
    Object.assign(photo, changes);
    this.#tell("change", photo);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
