/** Calls the GraphQL API: one operation in, its data out, or an error of errors.js. */

import { readAnswer } from "./api-answer.js";
import { withPatience } from "./backoff.js";
import { Unreachable, UserErrors } from "./errors.js";

export class Api {
  #configuration;
  #connection;
  #fetch;
  #identity;
  #onIdentityLost;

  constructor({ configuration, connection, fetch, identity, onIdentityLost = () => {} }) {
    this.#configuration = configuration;
    this.#connection = connection;
    this.#fetch = fetch;
    this.#identity = identity;
    this.#onIdentityLost = onIdentityLost;
  }

  /** Sends a query, patiently: reading again is always safe. */
  query(operation, variables = {}, { signal, patienceMs } = {}) {
    return withPatience(() => this.#send(operation, variables, { signal }), { signal, patienceMs });
  }

  /**
   * Sends a mutation once: nobody knows whether one that got no answer was executed.
   *
   * @param {object} [options]
   * @param {boolean} [options.keepalive] lets the request outlive the page
   * @returns {Promise<object>} the payload
   * @throws {UserErrors} where the payload has errors
   */
  async mutate(operation, variables = {}, { keepalive = false } = {}) {
    const answer = await this.#send(operation, variables, { keepalive });
    const payload = Object.values(answer)[0];
    if (payload.errors.length > 0) throw new UserErrors(payload.errors);
    return payload;
  }

  async #send(operation, variables, options) {
    const { done } = this.#connection.watch();
    try {
      const answer = await this.#exchange(operation, variables, options);
      done();
      return answer;
    } catch (error) {
      done(error);
      if (error.code === "UNAUTHENTICATED") this.#onIdentityLost();
      throw error;
    }
  }

  async #exchange(operation, variables, options, isSecondTry = false) {
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

  async #post(operation, variables, { keepalive, signal }) {
    const body = JSON.stringify({
      query: operation.document,
      operationName: operation.name,
      variables,
    });
    try {
      return await this.#fetch(this.#configuration.addressOf("/graphql"), {
        method: "POST",
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          ...this.#identity.headers(),
        },
        credentials: this.#identity.credentials,
        cache: "no-store",
        body,
        keepalive,
        signal,
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Unreachable(error.message, { cause: error });
    }
  }
}
