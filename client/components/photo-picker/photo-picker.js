import { button, element, icon } from "../../browser/element.js";

const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

/** Takes photos from disk, from a drop anywhere, from the clipboard. Fires "photos" and "camera". */
export class PhotoPicker extends HTMLElement {
  #files;
  #capture;
  #listening = null;

  // Lifecycle

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
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
    document.addEventListener("dragover", (event) => this.#onDrag(event), { signal });
    document.addEventListener("dragleave", (event) => this.#onDragLeave(event), { signal });
    document.addEventListener("drop", (event) => this.#onDrop(event), { signal });
    document.addEventListener("paste", (event) => this.#offer(event.clipboardData), { signal });
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

  #onDrag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.classList.add("is-target");
  }

  #onDragLeave(event) {
    if (event.relatedTarget === null) this.classList.remove("is-target");
  }

  #onDrop(event) {
    this.classList.remove("is-target");
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#offer(event.dataTransfer);
  }

  #offer(transfer) {
    this.#tell([...(transfer?.files ?? [])]);
  }

  #tell(files) {
    if (files.length > 0) this.dispatchEvent(new CustomEvent("photos", { detail: files }));
  }
}
