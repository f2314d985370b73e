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
   * @returns {(error?: Error) => void} to be called when the request is over
   */
  watch() {
    let isSlow = false;
    const timer = setTimeout(() => {
      isSlow = true;
      this.#change(() => {
        this.#slow += 1;
      });
    }, SLOW_AFTER_MS);
    return (error) => {
      clearTimeout(timer);
      this.#change(() => {
        if (isSlow) this.#slow -= 1;
        this.#isAsleep = error?.code === "ASLEEP";
        this.#isUnreachable = error?.code === "UNREACHABLE";
      });
    };
  }

  /** Nobody tries any more: what is wrong is told where something was asked for. */
  rest() {
    this.#change(() => {
      this.#isAsleep = false;
      this.#isUnreachable = false;
    });
  }

  #change(apply) {
    const before = this.state;
    apply();
    if (this.state !== before) this.dispatchEvent(new Event("change"));
  }
}
