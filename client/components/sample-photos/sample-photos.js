import { element } from "../../browser/element.js";
import { say } from "../../models/words.js";

/** Of the server: the build makes them, and small ones side by side in this order. */
const PLACE = "/static/samples/";
const NAMES = ["coffee", "cat", "camera", "rocket"];

/** A few photos to try with. Fires "photo" with the one that is pressed, as a file. */
export class SamplePhotos extends HTMLElement {
  static isOfFirstVisit = true;

  // Lifecycle

  connectedCallback() {
    if (this.childElementCount > 0) return;
    const photos = NAMES.map((name, place) => this.#button(name, place));
    this.append(
      element("p", { class: "hint" }, say("samples.invitation")),
      element("div", { class: "photos" }, photos),
      element("p", { class: "hint" }, say("samples.example")),
    );
  }

  // Private

  #button(name, place) {
    const image = element("img", { alt: "", src: `${PLACE}all-small.webp`, decoding: "async" });
    image.style.setProperty("--place", place);
    const press = element(
      "button",
      {
        type: "button",
        "aria-label": say(`samples.${name}`),
        on: { click: () => this.#show(name) },
      },
      image,
    );
    // Where there are none, a page without a build, nothing is offered.
    image.addEventListener("error", () => press.remove());
    return press;
  }

  async #show(name) {
    const answer = await fetch(`${PLACE}${name}.webp`).catch(() => null);
    if (!answer?.ok) return;
    const file = new File([await answer.blob()], `${name}.webp`, { type: "image/webp" });
    this.dispatchEvent(new CustomEvent("photo", { detail: file }));
  }
}
