/** Where the crop of a prediction can be shown from; on another origin it has to be fetched first. */

import { Refused } from "../models/errors.js";

export class CropSource {
  #configuration;
  #identity;

  constructor({ configuration, identity }) {
    this.#configuration = configuration;
    this.#identity = identity;
  }

  /** Whether an image element can load a crop by itself: it sends the cookie, but never a token. */
  get isDirect() {
    return this.#configuration.identifiesBy === "session";
  }

  addressOf(path) {
    return this.#configuration.addressOf(path);
  }

  /** @returns {Promise<string>} where a canvas can draw it from; an object URL unless `isDirect` */
  async addressToDraw(path) {
    return this.isDirect ? this.addressOf(path) : this.fetch(path);
  }

  /** @returns {Promise<string>} an object URL, which the caller has to revoke */
  async fetch(path, signal) {
    const response = await fetch(this.addressOf(path), {
      headers: this.#identity.headers(),
      credentials: this.#identity.credentials,
      signal,
    });
    if (!response.ok)
      throw new Refused({ code: "NOT_FOUND", message: "", status: response.status });
    return URL.createObjectURL(await response.blob());
  }
}
