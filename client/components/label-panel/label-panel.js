import { actions, button, element, newId } from "../../browser/element.js";
import { fileButton } from "../../browser/file-button.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";

const SHOWN_FIRST = 8;

/** A photo that something was taught with, to be pressed. */
export function thumbnail({ image, label }, crops, onPress, ...more) {
  const set = { crops, path: image.url, alt: say("lesson.photoOf", { label: label.name }) };
  const settings = { type: "button", class: "example", on: { click: onPress } };
  return element("button", settings, element("crop-image", { set }), ...more);
}

/**
 * A label with its photos and the ways to bring more. Properties: `crops`. Fires "camera", "photos" (with
 * files), "history", "rename", "remove", "all" and "example" (with one), each bubbling.
 */
export class LabelPanel extends HTMLElement {
  static parts = [CropImage];

  #examples = element("div", { class: "examples" });
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
      actions(
        this.#action("camera", "camera"),
        ...fileButton(say("lesson.photos"), {
          iconName: "image",
          input: { multiple: true },
          onFiles: (files) => this.#tell("photos", files),
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
      element("span", { class: "manage no-print" }, this.#quiet("rename"), this.#quiet("remove")),
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
    return thumbnail(example, this.crops, () => this.#tell("example", example));
  }

  #action(type, iconName) {
    return button(say(`lesson.${type}`), { iconName, on: { click: () => this.#tell(type) } });
  }

  #quiet(type, values) {
    const settings = { type: "button", class: "quiet", on: { click: () => this.#tell(type) } };
    return element("button", settings, say(`lesson.${type}`, values));
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}
