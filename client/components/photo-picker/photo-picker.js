const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

/**
 * Takes photos from disk or from the camera of a phone. Its markup stands in index.html. Fires "photos"
 * and "camera".
 */
export class PhotoPicker extends HTMLElement {
  #files;
  /** Opens the phone's own camera where the page may not use one. */
  #capture;
  #listening;

  // Lifecycle

  connectedCallback() {
    this.#files = this.querySelector("input:not([capture])");
    this.#capture = this.querySelector("input[capture]");
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.querySelector(".files").addEventListener("click", () => this.choose(), { signal });
    this.querySelector(".camera").addEventListener("click", () => this.#onCamera(), { signal });
    for (const input of [this.#files, this.#capture]) {
      input.addEventListener("change", () => this.#take(input), { signal });
    }
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  // Actions

  choose() {
    this.#files.click();
  }

  openCapture() {
    this.#capture.click();
  }

  /** Takes what was chosen before anybody listened. */
  takeChosen() {
    this.#take(this.#files);
  }

  // Private

  #onCamera() {
    if (hasCamera()) this.dispatchEvent(new Event("camera"));
    else this.openCapture();
  }

  #take(input) {
    const files = [...input.files];
    input.value = "";
    if (files.length > 0) this.dispatchEvent(new CustomEvent("photos", { detail: files }));
  }
}
