/** Sends a photo by XMLHttpRequest, which alone tells how much of an upload has left. */

import { readAnswer } from "../models/api-answer.js";
import { Unreachable, UserErrors } from "../models/errors.js";
import { multipartFields, predictVariables } from "../models/multipart.js";
import { PREDICT } from "../models/operations.js";

/** Longer than the longest wait for a turn on the server, its waking up included. */
const ANSWER_TIMEOUT_MS = 120_000;

export class PhotoSender {
  #configuration;
  #connection;
  #identity;
  #onIdentityLost;

  constructor({ configuration, connection, identity, onIdentityLost }) {
    this.#configuration = configuration;
    this.#connection = connection;
    this.#identity = identity;
    this.#onIdentityLost = onIdentityLost;
  }

  /**
   * @param {{key: string, name: string, prepared: Blob}} photo
   * @param {{onProgress: (fraction: number) => void, signal: AbortSignal}} options
   * @returns {Promise<object>} the prediction
   */
  async send(photo, options) {
    try {
      const { prediction, errors } = (await this.#exchange(photo, options)).predict;
      if (errors.length > 0) throw new UserErrors(errors);
      return prediction;
    } catch (error) {
      if (error.code === "UNAUTHENTICATED") this.#onIdentityLost();
      throw error;
    }
  }

  async #exchange(photo, options) {
    if (this.#identity.lacksCsrfToken) await this.#identity.renewCsrfToken();
    try {
      return await this.#attempt(photo, options);
    } catch (error) {
      if (error.status !== 403) throw error;
      await this.#identity.renewCsrfToken();
      return this.#attempt(photo, options);
    }
  }

  /** Posts once, and lets the connection know how it went. */
  async #attempt(photo, options) {
    const { touch, done } = this.#connection.watch();
    try {
      const answer = readAnswer(await this.#post(photo, { ...options, touch }));
      done();
      return answer;
    } catch (error) {
      done(error);
      throw error;
    }
  }

  #post(photo, { onProgress, signal, touch }) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const abort = () => request.abort();
      request.upload.onprogress = ({ loaded, total }) => {
        touch();
        onProgress(Math.min(0.99, loaded / total));
      };
      request.upload.onload = () => {
        touch();
        onProgress(1);
      };
      request.onload = () => {
        resolve({
          status: request.status,
          text: request.responseText,
          // Of another origin it is not told, and asking in vain is an error on the console.
          retryAfter: request.status === 429 ? request.getResponseHeader("Retry-After") : null,
        });
      };
      request.onerror = request.ontimeout = () =>
        reject(new Unreachable("No answer to the upload"));
      request.onabort = () => reject(signal.reason);
      request.onloadend = () => signal.removeEventListener("abort", abort);
      signal.addEventListener("abort", abort);
      request.open("POST", this.#configuration.addressOf("/graphql"));
      request.timeout = ANSWER_TIMEOUT_MS;
      request.setRequestHeader("Accept", "application/json");
      for (const [name, value] of Object.entries(this.#identity.headers())) {
        request.setRequestHeader(name, value);
      }
      request.send(bodyOf(photo));
    });
  }
}

function bodyOf({ key, name, prepared }) {
  const body = new FormData();
  for (const [field, text] of Object.entries(multipartFields(PREDICT, predictVariables(key)))) {
    body.append(field, text);
  }
  body.append("photo", prepared, name || "photo");
  return body;
}
