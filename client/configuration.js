/**
 * Where the API is, and how this client says who is using it. Read once, by main.js.
 *
 * - By default the API is on the client's own origin (one server, or a rewrite as in vercel.json), and
 *   the session cookie identifies.
 * - `<meta name="telltale-api" content="https://api.example.org">` in index.html names another origin.
 * - A person can connect this browser to another origin on the page `#/connect`; it is remembered.
 *
 * Another origin never gets a cookie: it is sent a personal access token, kept for this tab alone.
 */

const ORIGIN_KEY = "telltale:api-origin";
const TOKEN_KEY = "telltale:token";

export class Configuration {
  #metaOrigin;
  #ownOrigin;
  #rememberedFor;
  #tabStorage;

  /**
   * @param {object} sources
   * @param {string} sources.metaOrigin content of the meta element; "" is the client's own origin
   * @param {string} sources.ownOrigin such as "https://telltale.example.org"
   * @param {Storage} sources.deviceStorage remembers the origin
   * @param {Storage} sources.tabStorage remembers the token, until the tab is closed
   */
  constructor({ metaOrigin, ownOrigin, deviceStorage, tabStorage }) {
    this.#metaOrigin = originOf(metaOrigin) ?? "";
    this.#ownOrigin = ownOrigin;
    this.#rememberedFor = deviceStorage;
    this.#tabStorage = tabStorage;
  }

  /** "" where the API is on the client's own origin. */
  get apiOrigin() {
    const origin = originOf(this.#rememberedFor.getItem(ORIGIN_KEY)) ?? this.#metaOrigin;
    return origin === this.#ownOrigin ? "" : origin;
  }

  get identifiesBy() {
    return this.apiOrigin === "" ? "session" : "token";
  }

  get token() {
    return this.identifiesBy === "token" ? this.#tabStorage.getItem(TOKEN_KEY) : null;
  }

  /** Whether a person chose the origin, rather than the page. */
  get isConnectedByHand() {
    return this.#rememberedFor.getItem(ORIGIN_KEY) !== null;
  }

  /** The API's origin in full, for what is used outside of this page. */
  get publicOrigin() {
    return this.apiOrigin || this.#ownOrigin;
  }

  addressOf(path) {
    return `${this.apiOrigin}${path}`;
  }

  /** Throws a TypeError where the address is none. */
  connect(address, token) {
    const origin = originOf(address);
    if (origin === null) throw new TypeError("no web address");
    this.#rememberedFor.setItem(ORIGIN_KEY, origin);
    this.#tabStorage.setItem(TOKEN_KEY, token.trim());
  }

  forgetToken() {
    this.#tabStorage.removeItem(TOKEN_KEY);
  }

  disconnect() {
    this.forgetToken();
    this.#rememberedFor.removeItem(ORIGIN_KEY);
  }
}

/** The origin of a web address; null where it is none. */
export function originOf(address) {
  try {
    const url = new URL(address ?? "");
    return ["http:", "https:"].includes(url.protocol) ? url.origin : null;
  } catch {
    return null;
  }
}
