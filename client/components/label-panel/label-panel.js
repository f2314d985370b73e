import { actions, button, element, newId } from "../../browser/element.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";

const SHOWN_FIRST = 8;

/**
 * A label with its photos and the ways to bring more. Properties: `crops`. Fires "camera", "photos" (with
 * files), "history", "rename", "remove", "all" and "example" (with one), each bubbling.
 */
export class LabelPanel extends HTMLElement {
  static parts = [CropImage];

  #examples = element("div", { class: "examples" });
  #files = element("input", {
    type: "file",
    accept: "image/*",
    multiple: true,
    hidden: true,
    on: { change: () => this.#take() },
  });
  #heading = element("h2", { id: newId("label") });
  crops;
  /** `{id, name, isSomethingElse, exampleCount}`; without an id it waits for its first photo. */
  label;

  // Lifecycle

  connectedCallback() {
    this.setAttribute("role", "group");
    this.setAttribute("aria-labelledby", this.#heading.id);
    if (this.childElementCount > 0) return;
    this.append(
      this.#heading,
      this.#examples,
      this.#files,
      actions(
        this.#action("camera", "camera"),
        button(say("lesson.photos"), {
          iconName: "image",
          on: { click: () => this.#files.click() },
        }),
        this.#action("history", "clock"),
      ),
    );
  }

  // Actions

  /** Shows the label as it is now, with the examples that were read of it. */
  show(label, examples) {
    this.label = label;
    this.#heading.replaceChildren(
      element("span", {}, label.name),
      element("span", { class: "hint" }, say("lesson.count", { count: label.exampleCount })),
      element("span", { class: "manage" }, this.#quiet("rename"), this.#quiet("remove")),
    );
    const rest = label.exampleCount - SHOWN_FIRST;
    const shown = rest > 0 ? examples.slice(0, SHOWN_FIRST) : examples;
    this.#examples.replaceChildren(
      ...shown.map((example) => this.#thumbnail(example)),
      ...(rest > 0 ? [this.#quiet("all", { count: label.exampleCount })] : []),
    );
  }

  showAll(examples) {
    this.#examples.replaceChildren(...examples.map((example) => this.#thumbnail(example)));
    this.#examples.firstElementChild?.focus();
  }

  // Private

  #thumbnail(example) {
    const name = say("lesson.photoOf", { label: this.label.name });
    const set = { crops: this.crops, path: example.image.url, alt: name };
    return element(
      "button",
      { type: "button", class: "example", on: { click: () => this.#tell("example", example) } },
      element("crop-image", { set }),
    );
  }

  #action(type, iconName) {
    return button(say(`lesson.${type}`), { iconName, on: { click: () => this.#tell(type) } });
  }

  #quiet(type, values) {
    const settings = { type: "button", class: "quiet", on: { click: () => this.#tell(type) } };
    return element("button", settings, say(`lesson.${type}`, values));
  }

  #take() {
    const files = [...this.#files.files];
    this.#files.value = "";
    if (files.length > 0) this.#tell("photos", files);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}
