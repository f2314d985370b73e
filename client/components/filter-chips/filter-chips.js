import { element, link } from "../../browser/element.js";
import { formatAddress } from "../../models/address.js";
import { formatDate, formatPercent } from "../../models/formats.js";
import { filterToAddress } from "../../models/history-filter.js";
import { say } from "../../models/words.js";

const VALUES = {
  search: (value) => say("chips.search", { value }),
  label: (value) => value,
  model: (value) => value,
  corrected: (value) => say(`filters.corrected-${value}`),
  min: (value) => say("chips.min", { value: formatPercent(Number(value) / 100) }),
  max: (value) => say("chips.max", { value: formatPercent(Number(value) / 100) }),
  from: (value) => say("chips.from", { value: formatDate(`${value}T00:00`) }),
  to: (value) => say("chips.to", { value: formatDate(`${value}T00:00`) }),
};

/**
 * What a filter holds back, each with a way to let go of it.
 */
export class FilterChips extends HTMLElement {
  /**
   * @param {object} filter as history-filter.js has it
   * @param {object} place
   * @param {string[]} place.parts of the address it stands in
   * @param {string[]} [place.without] conditions that are shown elsewhere
   */
  show(filter, { parts, without = [] }) {
    const chips = Object.keys(VALUES)
      .filter((name) => filter[name] !== "" && !without.includes(name))
      .map((name) => chip(VALUES[name](filter[name]), { ...filter, [name]: "" }, parts));
    this.hidden = chips.length === 0;
    this.replaceChildren(element("ul", { role: "list", "aria-label": say("chips.name") }, chips));
  }
}

function chip(text, filterWithout, parts) {
  const anchor = link("", formatAddress(parts, filterToAddress(filterWithout)), {
    "aria-label": say("chips.remove", { text }),
  });
  anchor.append(element("span", {}, text), element("span", { "aria-hidden": "true" }, "×"));
  return element("li", {}, anchor);
}
