/** How the connection to the API feels, for the line that says so. Fires "change". */

/** A server that is awake answers within this time. */
export const SLOW_AFTER_MS = 4_000;

export class Connection extends EventTarget {
  #slow = 0;
  #isUnreachable = false;
  #isAsleep = false;
  #isOffline = false;

  /** "well", "waking" (slow or asleep), "unreachable" or "offline" */
  get state() {
    if (this.#isOffline) return "offline";
    if (this.#slow > 0 || this.#isAsleep) return "waking";
    return this.#isUnreachable ? "unreachable" : "well";
  }

  set isOffline(isOffline) {
    this.#change(() => {
      this.#isOffline = isOffline;
    });
  }

  /** Watches a request until the function it returns is called with its error, or nothing. */
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

  #change(apply) {
    const before = this.state;
    apply();
    if (this.state !== before) this.dispatchEvent(new Event("change"));
  }
}
