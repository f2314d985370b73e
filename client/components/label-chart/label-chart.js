import { element, link, svgElement } from "../../browser/element.js";
import { formatAddress } from "../../models/address.js";
import { formatNumber } from "../../models/formats.js";
import { say } from "../../models/words.js";

/** How often each label was the answer: a table whose middle column is drawn. Property `counts`. */
export class LabelChart extends HTMLElement {
  set counts(counts) {
    const most = Math.max(1, ...counts.map(({ count }) => count));
    const rows = counts.map(({ label, count }) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, link(label, formatAddress(["history"], { label }))),
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
    this.replaceChildren(
      element(
        "table",
        {},
        element("caption", { class: "visually-hidden" }, say("statistics.labels")),
        element("thead", { class: "visually-hidden" }, head),
        element("tbody", {}, rows),
      ),
    );
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
