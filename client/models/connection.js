/** How the connection to the API feels, for the line that says so. Fires "change". */

/** A server that is awake answers within this time. */
export const SLOW_AFTER_MS = 4_000;

export class Connection extends EventTarget {
  #slow = 0;
  #isUnreachable = false;
  #isAsleep = false;
  #isOffline = false;

  /** "well", "slow", "waking", "unreachable" or "offline"; what is slow need not be the server */
  get state() {
    if (this.#isOffline) return "offline";
    if (this.#isAsleep) return "waking";
    if (this.#slow > 0) return "slow";
    return this.#isUnreachable ? "unreachable" : "well";
  }

  set isOffline(isOffline) {
    this.#change(() => {
      this.#isOffline = isOffline;
    });
  }

  /**
   * Watches a request.
   *
   * @returns {{touch: () => void, done: (error?: Error) => void}} `touch` says that something moves,
   *   `done` that the request is over
   */
  watch() {
    let isSlow = false;
    let timer = 0;
    const notSlow = () => {
      clearTimeout(timer);
      if (isSlow) this.#slow -= 1;
      isSlow = false;
    };
    const touch = () => {
      this.#change(notSlow);
      timer = setTimeout(() => {
        isSlow = true;
        this.#change(() => {
          this.#slow += 1;
        });
      }, SLOW_AFTER_MS);
    };
    const done = (error) => {
      this.#change(() => {
        notSlow();
        this.#isAsleep = error?.code === "ASLEEP";
        this.#isUnreachable = error?.code === "UNREACHABLE";
      });
    };
    touch();
    return { touch, done };
  }

  #change(apply) {
    const before = this.state;
    apply();
    if (this.state !== before) this.dispatchEvent(new Event("change"));
  }
}
