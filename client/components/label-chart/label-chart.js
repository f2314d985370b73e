import { element, link, svgElement } from "../../browser/element.js";
import { formatAddress } from "../../models/address.js";
import { formatNumber } from "../../models/formats.js";
import { filterToAddress } from "../../models/history-filter.js";
import { say, spokenLocale } from "../../models/words.js";

/**
 * How often each label was the answer: a table whose middle column is drawn, and those that came once in a line.
 * Properties: `filter`, then `counts`.
 */
export class LabelChart extends HTMLElement {
  filter;

  set counts(counts) {
    const { compare } = new Intl.Collator(spokenLocale());
    const sorted = [...counts].sort((a, b) => b.count - a.count || compare(a.label, b.label));
    const most = Math.max(1, ...sorted.map(({ count }) => count));
    const often = sorted.filter(({ count }) => count > 1);
    const once = sorted.filter(({ count }) => count === 1);
    this.replaceChildren();
    if (often.length > 0) this.append(this.#table(often, most));
    if (once.length > 0) this.append(this.#line(once));
  }

  // Private

  #table(counts, most) {
    const rows = counts.map(({ label, count }) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, this.#link(label)),
        element("td", { class: "drawn", "aria-hidden": "true" }, bar(count / most)),
        element("td", { class: "number" }, formatNumber(count)),
      ),
    );
    const head = element(
      "tr",
      {},
      element("th", { scope: "col" }, say("statistics.label")),
      element("td", { "aria-hidden": "true" }),
      element("th", { scope: "col" }, say("statistics.answers")),
    );
    return element(
      "table",
      {},
      element("caption", { class: "visually-hidden" }, say("statistics.labels")),
      element("thead", { class: "visually-hidden" }, head),
      element("tbody", {}, rows),
    );
  }

  #line(counts) {
    const items = counts.map(({ label }) => element("li", {}, this.#link(label)));
    return element(
      "div",
      { class: "once" },
      element("h3", {}, say("statistics.once")),
      element("ul", { role: "list" }, items),
    );
  }

  #link(label) {
    const address = filterToAddress({ ...this.filter, label });
    return link(label, formatAddress(["history"], address));
  }
}

function bar(fraction) {
  return svgElement(
    "svg",
    { class: "bar", focusable: "false" },
    svgElement("rect", { class: "track", width: "100%", height: "100%", rx: "4" }),
    svgElement("rect", { class: "value", width: `${fraction * 100}%`, height: "100%", rx: "4" }),
  );
}
