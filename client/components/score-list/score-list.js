import { element } from "../../browser/element.js";
import { percent } from "../../models/confidence.js";
import { say } from "../../models/words.js";

/** The most probable labels as bars. `scores` is a list of `{label, probability}`. */
export class ScoreList extends HTMLElement {
  set scores(scores) {
    const items = scores.map(({ label, probability }, index) =>
      element(
        "li",
        { class: index === 0 ? "first" : null },
        element("span", { class: "label" }, label),
        element("span", { class: "percent" }, percent(probability)),
        bar(probability),
      ),
    );
    this.replaceChildren(
      element("ol", { role: "list", "aria-label": say("answer.scores") }, items),
    );
  }
}

/** Drawn for the eye; the percentage beside it says the same. */
function bar(probability) {
  const value = element("span", { class: "value" });
  value.style.inlineSize = `${probability * 100}%`;
  return element("span", { class: "bar", "aria-hidden": "true" }, value);
}
