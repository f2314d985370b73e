/** What the pages have in common. */

import { explain } from "../models/error-sentences.js";
import { say } from "../models/words.js";
import { button, element, link } from "./element.js";

/** @param {Node|string|null} lead one that is no element becomes the paragraph below the title */
export function pageHeader(title, lead, ...more) {
  const isMade = !lead || lead instanceof Node;
  return element(
    "header",
    { class: "view-header" },
    element("h1", { tabindex: "-1" }, title),
    isMade ? lead : element("p", { class: "lead" }, lead),
    ...more,
  );
}

/** @param {string} title the name of its words */
export function panel(title, settings, ...content) {
  const heading = element("h2", {}, say(title));
  return element("section", { class: "panel", ...settings }, heading, ...content);
}

/** What went wrong, with the way to try again. @returns {Node[]} */
export function problem(error, onRetry) {
  const retry = { class: "button primary", on: { click: onRetry } };
  return [problemLine(error), button(say("page.tryAgain"), retry)];
}

export function problemLine(error) {
  return element("p", { class: "problem", role: "alert" }, explain(error).sentence);
}

/** A term of a `<dl>` and what it means. */
export function pair(term, description, settings = {}) {
  return element("div", settings, element("dt", {}, term), element("dd", {}, description));
}

/** A table with a heading for each column and each row. @param {(string|Node)[][]} rows */
export function table(columns, rows) {
  const head = columns.map((text) => element("th", { scope: "col" }, text));
  const lines = rows.map(([first, ...rest]) => {
    const cells = rest.map((text) => element("td", {}, text));
    return element("tr", {}, element("th", { scope: "row" }, first), cells);
  });
  const [top, body] = [element("tr", {}, head), element("tbody", {}, lines)];
  return element("table", {}, element("thead", {}, top), body);
}

/** Says that there is nothing, and offers the one way on; all by the names of their words. @returns {Node[]} */
export function nothing(title, text, way, href) {
  return [
    element("h2", {}, say(title)),
    element("p", {}, say(text)),
    link(say(way), href, { class: "button primary" }),
  ];
}
