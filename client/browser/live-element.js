/** A component that asks and listens only while it is connected. */
export class LiveElement extends HTMLElement {
  #life = new AbortController();

  /** Aborted when the component is taken out of the page. */
  get signal() {
    if (this.isConnected && this.#life.signal.aborted) this.#life = new AbortController();
    return this.#life.signal;
  }

  disconnectedCallback() {
    this.#life.abort();
  }
}
