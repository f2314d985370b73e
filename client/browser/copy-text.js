import { say } from "../models/words.js";
import { button } from "./element.js";

const COPIED_FOR_MS = 2_000;

/** A button that copies what an element says; where that is not allowed it is selected. */
export function copyButton(code, settings = {}) {
  const copy = async ({ currentTarget }) => {
    const text = currentTarget.querySelector("span");
    try {
      await navigator.clipboard.writeText(code.textContent);
      text.textContent = say("page.copied");
    } catch {
      getSelection().selectAllChildren(code);
      text.textContent = say("page.selected");
    }
    setTimeout(() => {
      text.textContent = say("page.copy");
    }, COPIED_FOR_MS);
  };
  return button(say("page.copy"), { iconName: "copy", ...settings, on: { click: copy } });
}
