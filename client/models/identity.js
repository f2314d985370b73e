/** The headers by which the API knows who asks. */

const CSRF_COOKIE = "csrftoken";
const CSRF_HEADER = "X-CSRFToken";

export class Identity {
  #configuration;
  #cookies;
  #fetch;

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
