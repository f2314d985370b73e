/** Who is using the client, and what the server allows. Fires "change". */

import { LOG_OUT, START } from "./operations.js";

export class Session extends EventTarget {
  #api;
  #configuration;
  #identity;
  /** `undefined` until the server has said, null when nobody is logged in. */
  #account;
  /** The id of an account that was lost without a word: whoever comes next goes on where it was. */
  lostId = null;
  limits = null;
  models = [];

  constructor({ api, configuration, identity }) {
    super();
    this.#api = api;
    this.#configuration = configuration;
    this.#identity = identity;
  }

  get account() {
    return this.#account;
  }

  set account(account) {
    if (account) this.lostId = null;
    this.#account = account;
    this.#identity.expect(account?.id ?? null);
    this.dispatchEvent(new Event("change"));
  }

  get isKnown() {
    return this.#account !== undefined;
  }

  get isLoggedIn() {
    return Boolean(this.#account);
  }

  /** Tokens, the password and deleting need a session: the API refuses them to a token. */
  get mayManage() {
    return this.#configuration.identifiesBy === "session";
  }

  /** Whether photos are answered for whoever has no account; those of one that was lost wait for it. */
  get mayTry() {
    return this.mayManage && this.lostId === null && this.limits?.triesPerHour > 0;
  }

  async start() {
    this.begin(await this.#api.query(START, {}, { isForAnybody: true }));
  }

  /** Takes note of what the server answered to START. */
  begin({ viewer, limits, models }) {
    this.limits = limits;
    this.models = models;
    this.account = viewer;
  }

  /** It is no longer the account's turn, and nobody here said so. */
  lose() {
    this.lostId = this.#account.id;
    this.account = null;
  }

  /** Whether somebody may come in without a word: where an account was lost, it alone. */
  awaits(viewer) {
    return this.lostId === null || viewer?.id === this.lostId;
  }

  /** Takes note of a prediction that was made, until the server is asked again. */
  spendOne() {
    if (!this.#account) return;
    const { quota } = this.#account;
    this.account = { ...this.#account, quota: { ...quota, used: quota.used + 1 } };
  }

  /** The server says that nothing is left, whatever was known. */
  spendAll() {
    if (!this.#account) return;
    const { quota } = this.#account;
    if (quota.used < quota.limit)
      this.account = { ...this.#account, quota: { ...quota, used: quota.limit } };
  }

  /** Ends the session on the server; the caller has to forget everything else. */
  async end() {
    if (this.#configuration.identifiesBy === "session") await this.#api.mutate(LOG_OUT);
    else this.#configuration.disconnect();
  }
}
