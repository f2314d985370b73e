/**
 * Calls the GraphQL API: one operation in, its data out, or an error of errors.js.
 *
 * An answer counts only if it is for the account this page knows: after a log-in or log-out elsewhere, what is empty
 * or another's must not be shown as somebody's own.
 */

import { readAnswer } from "./api-answer.js";
import { withPatience } from "./backoff.js";
import { IdentityChanged, Unreachable, UserErrors } from "./errors.js";
import { multipartFields } from "./multipart.js";
import { WHO } from "./operations.js";

/** Longer than the longest wait for a turn on the server, its waking up included. */
const ANSWER_TIMEOUT_MS = 120_000;

export class Api {
  #configuration;
  #connection;
  #fetch;
  #identity;
  #onIdentityChanged;

  constructor({ configuration, connection, fetch, identity, onIdentityChanged = () => {} }) {
    this.#configuration = configuration;
    this.#connection = connection;
    this.#fetch = fetch;
    this.#identity = identity;
    this.#onIdentityChanged = onIdentityChanged;
  }

  /**
   * Sends a query, patiently: reading again is always safe.
   *
   * @param {object} [options]
   * @param {boolean} [options.isForAnybody] whether it asks who is here, rather than for somebody's own
   * @throws {IdentityChanged}
   */
  async query(operation, variables = {}, { signal, patienceMs, isForAnybody = false } = {}) {
    const send = () => this.#send(operation, variables, { signal, isForAnybody });
    try {
      return await withPatience(send, { signal, patienceMs });
    } catch (error) {
      this.#connection.rest();
      throw error;
    }
  }

  /**
   * Sends a mutation once: nobody knows whether one that got no answer was executed.
   *
   * @param {object} [options]
   * @param {Blob} [options.file] what the variables' `upload` stands for
   * @param {boolean} [options.isPatient] whether the caller tries on, and says when it no longer does
   * @param {boolean} [options.keepalive] lets the request outlive the page
   * @returns {Promise<object>} the payload
   * @throws {UserErrors} where the payload has errors
   * @throws {IdentityChanged} before anything is sent
   */
  async mutate(operation, variables = {}, { file = null, isPatient, keepalive, signal } = {}) {
    if (this.#identity.mayHaveChanged && !keepalive) {
      const { mark } = this.#identity;
      const { viewer } = await this.query(WHO, {}, { signal, isForAnybody: true });
      this.#requireSame(viewer, mark);
    }
    const sending = this.#send(operation, variables, { file, keepalive, signal });
    if (!isPatient) sending.catch(() => this.#connection.rest());
    const answer = await sending;
    const payload = Object.values(answer)[0];
    if (payload.errors.length > 0) throw new UserErrors(payload.errors);
    return payload;
  }

  async #send(operation, variables, options) {
    const done = this.#connection.watch();
    const { mark } = this.#identity;
    try {
      const answer = await this.#exchange(operation, variables, options);
      done();
      // Every query of somebody's own asks for `viewer { id }` too.
      if (!options.isForAnybody && "viewer" in answer) this.#requireSame(answer.viewer, mark);
      return answer;
    } catch (error) {
      done(error);
      const isRefused = error.code === "UNAUTHENTICATED" && !(error instanceof IdentityChanged);
      if (isRefused && !options.isForAnybody) this.#onIdentityChanged();
      throw error;
    }
  }

  #requireSame(viewer, mark) {
    if (this.#identity.isSame(viewer, mark)) return;
    this.#onIdentityChanged();
    throw new IdentityChanged();
  }

  async #exchange(operation, variables, options, isSecondTry = false) {
    if (this.#identity.lacksCsrfToken && !options.keepalive) await this.#identity.renewCsrfToken();
    const response = await this.#post(operation, variables, options);
    if (response.status === 403 && !isSecondTry && !options.keepalive) {
      await this.#identity.renewCsrfToken();
      return this.#exchange(operation, variables, options, true);
    }
    return readAnswer({
      status: response.status,
      text: await response.text(),
      retryAfter: response.headers.get("Retry-After"),
    });
  }

  async #post(operation, variables, { file, keepalive, signal }) {
    const { body, headers } = bodyOf(operation, variables, file);
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    try {
      return await this.#fetch(this.#configuration.addressOf("/graphql"), {
        method: "POST",
        headers: { Accept: "application/json", ...headers, ...this.#identity.headers() },
        credentials: this.#identity.credentials,
        cache: "no-store",
        body,
        keepalive,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Unreachable(error.message, { cause: error });
    }
  }
}

function bodyOf(operation, variables, file) {
  if (file) {
    const body = new FormData();
    for (const [field, text] of Object.entries(multipartFields(operation, variables))) {
      body.append(field, text);
    }
    body.append("photo", file);
    return { body, headers: {} };
  }
  const { document: query, name: operationName } = operation;
  const body = JSON.stringify({ query, operationName, variables });
  return { body, headers: { "Content-Type": "application/json" } };
}
