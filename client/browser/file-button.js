import { button, element } from "./element.js";

/**
 * A button that lets files be chosen.
 *
 * @param {object} options
 * @param {(files: File[]) => void} options.onFiles
 * @param {object} [options.input] attributes of the input; photos are asked for where it names nothing else
 * @returns {Node[]}
 */
export function fileButton(text, { onFiles, input = {}, ...settings }) {
  const change = () => {
    const files = [...chooser.files];
    chooser.value = ""; // The same may be chosen again.
    if (files.length > 0) onFiles(files);
  };
  const attributes = { type: "file", accept: "image/*", hidden: true, ...input };
  const chooser = element("input", { ...attributes, on: { change } });
  return [chooser, button(text, { ...settings, on: { click: () => chooser.click() } })];
}
