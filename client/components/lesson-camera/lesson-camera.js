import { element } from "../../browser/element.js";
import { LiveElement } from "../../browser/live-element.js";
import { teachingOf } from "../../browser/teaching.js";
import { tallySentences } from "../../models/teaching-tally.js";
import { say } from "../../models/words.js";
import { CameraDialog } from "../camera-dialog/camera-dialog.js";

/**
 * Hold it, press, press: each press is a photo of the label that is chosen. Opens when it is connected.
 * Properties: `app`, `lessonId`, `labels`, `labelName` (the one to begin with). Fires "closed".
 */
export class LessonCamera extends LiveElement {
  static hasStylesheet = false;
  static parts = [CameraDialog];

  #chips = element("fieldset", { class: "chips" }, element("legend", {}, say("lesson.thisIs")));
  #said = element("p", { class: "said", role: "status" });
  app;
  labelName;
  labels;
  lessonId;

  // Lifecycle

  connectedCallback() {
    const teaching = teachingOf(this.app);
    teaching.begin(this.lessonId);
    this.#chips.append(...this.labels.map((label) => this.#chip(label)));
    const set = { above: this.#chips, below: this.#said, isLasting: true };
    const on = {
      photo: ({ detail: photo }) => {
        teaching.add(this.lessonId, this.#chosen, [photo]);
        this.#count();
      },
      closed: () => this.dispatchEvent(new Event("closed")),
    };
    const { signal } = this;
    teaching.addEventListener("change", () => this.#tell(), { signal });
    this.#said.textContent = say("lesson.press");
    this.replaceChildren(element("camera-dialog", { set, on }));
  }

  // Private

  get #chosen() {
    const { value } = this.#chips.querySelector("input:checked");
    return this.labels.find(({ name }) => name === value);
  }

  #chip({ name, exampleCount }) {
    const isChosen = name === this.labelName;
    return element(
      "label",
      { class: "chip" },
      element("input", { type: "radio", name: "label", value: name, checked: isChosen }),
      element("span", {}, name, element("span", { class: "count" }, String(exampleCount))),
    );
  }

  #count() {
    const count = this.#chips.querySelector("input:checked + span .count");
    count.textContent = String(Number(count.textContent) + 1);
  }

  #tell() {
    const tally = teachingOf(this.app).tallyOf(this.lessonId);
    this.#said.textContent = tallySentences(tally, this.app).join(" ");
  }
}
