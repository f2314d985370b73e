import { button, element, icon } from "../../browser/element.js";

const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

/** Takes photos from disk or from the camera of a phone. Fires "photos" and "camera". */
export class PhotoPicker extends HTMLElement {
  #files;
  #capture;

  // Lifecycle

  connectedCallback() {
    this.#files = this.#input({ multiple: true });
    // Opens the phone's own camera where the page may not use one.
    this.#capture = this.#input({ capture: "environment" });
    this.replaceChildren(
      element("div", { class: "picture" }, icon("image")),
      element(
        "div",
        { class: "ways" },
        button("Choose photos", {
          class: "button primary large",
          on: { click: () => this.#files.click() },
        }),
        button("Use the camera", {
          class: "button large",
          iconName: "camera",
          on: { click: () => this.#onCamera() },
        }),
      ),
      element("p", { class: "hint" }, "or drop or paste them anywhere on this page"),
      this.#files,
      this.#capture,
    );
  }

  // Actions

  choose() {
    this.#files.click();
  }

  openCapture() {
    this.#capture.click();
  }

  // Private

  #input(settings) {
    const label = settings.capture ? "Photo from the camera" : "Photos";
    const input = element("input", {
      type: "file",
      accept: "image/*",
      hidden: true,
      "aria-label": label,
      ...settings,
    });
    input.addEventListener("change", () => {
      this.#tell([...input.files]);
      input.value = "";
    });
    return input;
  }

  #onCamera() {
    if (hasCamera()) this.dispatchEvent(new Event("camera"));
    else this.openCapture();
  }

  #tell(files) {
    if (files.length > 0) this.dispatchEvent(new CustomEvent("photos", { detail: files }));
  }
}
