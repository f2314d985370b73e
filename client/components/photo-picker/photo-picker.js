const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

/**
 * Takes photos from disk or from the camera of a phone. Its markup stands in index.html. Fires "photos"
 * and "camera"; the detail of "photos" has `files`, and `instead` of what they were chosen.
 */
export class PhotoPicker extends HTMLElement {
  #files;
  /** Opens the phone's own camera where the page may not use one. */
  #capture;
  #instead = null;

  // Lifecycle

  connectedCallback() {
    if (this.#files) return;
    this.#files = this.querySelector("input:not([capture])");
    this.#capture = this.querySelector("input[capture]");
    this.querySelector(".files").addEventListener("click", () => this.choose());
    this.querySelector(".camera").addEventListener("click", () => this.#onCamera());
    for (const input of [this.#files, this.#capture]) {
      input.addEventListener("change", () => this.#take(input));
    }
  }

  // Actions

  /** @param {object} [instead] the photo whose place another takes, unless nothing is chosen */
  choose(instead = null) {
    this.#instead = instead;
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
    const detail = { files, instead: this.#instead };
    if (files.length > 0) this.dispatchEvent(new CustomEvent("photos", { detail }));
  }
}
