/** Who asks: the headers by which the API knows it, and the account whose answers are expected. */

const CSRF_COOKIE = "csrftoken";
const CSRF_HEADER = "X-CSRFToken";

export class Identity {
  /** `undefined` while nobody knows, null for nobody. */
  #accountId;
  #configuration;
  #cookies;
  #fetch;
  #tokenThen = null;

  /** @param {() => string} cookies such as `() => document.cookie` */
  constructor({ configuration, cookies, fetch }) {
    this.#configuration = configuration;
    this.#cookies = cookies;
    this.#fetch = fetch;
  }

  /** "omit" for another origin: no cookie may ever reach it. */
  get credentials() {
    return this.#configuration.identifiesBy === "session" ? "same-origin" : "omit";
  }

  /** From now on, answers are for this account; null for nobody's. */
  expect(accountId) {
    if (accountId === this.#accountId) return;
    this.#accountId = accountId;
    this.#tokenThen = this.#csrfToken();
  }

  /** What a request is sent with: an answer says who was here when it was asked, not when it came. */
  get mark() {
    return this.#csrfToken();
  }

  /** Whether somebody may have come or gone elsewhere: a log-in gives the browser another CSRF token. */
  get mayHaveChanged() {
    const isKnown = this.#configuration.identifiesBy === "session" && this.#accountId !== undefined;
    return isKnown && this.#csrfToken() !== this.#tokenThen;
  }

  /**
   * Whether the API took the asker for whom this page knows.
   *
   * @param {{id: string}|null} viewer
   * @param {string|null} mark that of the request
   */
  isSame(viewer, mark) {
    if (this.#accountId === undefined) return true;
    const isSame = (viewer?.id ?? null) === this.#accountId;
    if (isSame) this.#tokenThen = mark;
    return isSame;
  }

  headers() {
    if (this.#configuration.identifiesBy === "token") {
      const { token } = this.#configuration;
      return token ? { Authorization: `Bearer ${token}` } : {};
    }
    const token = this.#csrfToken();
    return token ? { [CSRF_HEADER]: token } : {};
  }

  /** Gets a CSRF cookie where there is none, or one that the server no longer takes. */
  async renewCsrfToken() {
    if (this.#configuration.identifiesBy !== "session") return;
    const address = this.#configuration.addressOf("/graphql");
    await this.#fetch(address, { headers: { Accept: "text/html" }, credentials: this.credentials });
  }

  get lacksCsrfToken() {
    return this.#configuration.identifiesBy === "session" && this.#csrfToken() === null;
  }

  #csrfToken() {
    const pair = this.#cookies()
      .split("; ")
      .find((cookie) => cookie.startsWith(`${CSRF_COOKIE}=`));
    return pair ? pair.slice(CSRF_COOKIE.length + 1) : null;
  }
}
