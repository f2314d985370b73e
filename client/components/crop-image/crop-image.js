import { element } from "../../browser/element.js";

const AHEAD = "400px";

/** The crop of a prediction, loaded when it comes near. Properties: `crops` (a CropSource), `path`. */
export class CropImage extends HTMLElement {
  #abort = null;
  #image = element("img", { alt: "", width: "224", height: "224", decoding: "async" });
  #observer = null;
  crops;
  path;

  set alt(alt) {
    this.#image.alt = alt;
  }

  // Lifecycle

  connectedCallback() {
    if (this.contains(this.#image)) return;
    this.#image.addEventListener("error", () => this.classList.add("is-missing"));
    this.append(this.#image);
    if (this.crops.isDirect) {
      this.#image.loading = "lazy";
      this.#image.src = this.crops.addressOf(this.path);
    } else {
      this.#observer = new IntersectionObserver((entries) => this.#onNear(entries), {
        rootMargin: AHEAD,
      });
      this.#observer.observe(this);
    }
  }

  disconnectedCallback() {
    this.#observer?.disconnect();
    this.#abort?.abort();
  }

  // Private

  async #onNear(entries) {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    this.#observer.disconnect();
    this.#abort = new AbortController();
    try {
      const address = await this.crops.fetch(this.path, this.#abort.signal);
      const revoke = () => URL.revokeObjectURL(address);
      this.#image.addEventListener("load", revoke, { once: true });
      this.#image.addEventListener("error", revoke, { once: true });
      this.#image.src = address;
    } catch {
      // Without its picture the answer still stands.
      this.classList.add("is-missing");
    }
  }
}
