import { element } from "../../browser/element.js";
import { percent } from "../../models/confidence.js";
import { say } from "../../models/words.js";

/** A bar that can hardly be seen says nothing: it is folded away. */
const WORTH_A_BAR = 0.02;

/**
 * The most probable labels as bars. `scores` is a list of `{label, probability}`; where it `isAsking`, each is a button
 * that names its label as `data-looks-for`.
 */
export class ScoreList extends HTMLElement {
  isAsking = false;

  set scores(scores) {
    const seen = scores.filter((score, index) => index === 0 || score.probability >= WORTH_A_BAR);
    const folded = scores.slice(seen.length);
    this.replaceChildren(this.#list(seen, { class: "seen", "aria-label": say("answer.scores") }));
    if (folded.length === 0) return;
    const summary = element("summary", {}, say("answer.folded", { count: folded.length }));
    this.append(element("details", { class: "no-print" }, summary, this.#list(folded)));
  }

  #list(scores, settings) {
    const items = scores.map((score) => {
      const line = lineOf(score);
      const asking = { type: "button", "aria-pressed": "false", "data-looks-for": score.label };
      return element("li", {}, this.isAsking ? element("button", asking, ...line) : line);
    });
    return element("ol", { role: "list", ...settings }, items);
  }
}

function lineOf({ label, probability }) {
  return [
    element("span", { class: "label", lang: "en" }, label),
    element("span", { class: "percent" }, percent(probability)),
    bar(probability),
  ];
}

/** Drawn for the eye; the percentage beside it says the same. */
function bar(probability) {
  const value = element("span", { class: "value" });
  value.style.inlineSize = `${probability * 100}%`;
  return element("span", { class: "bar", "aria-hidden": "true" }, value);
}
