/** Builds markup without parsing any: text stays text, wherever it comes from. */

/**
 * @param {string} tag
 * @param {object} [settings] attributes; `on` holds event listeners, `set` properties of a component, and what is true
 *   or false is a boolean attribute; null and undefined leave an attribute out
 * @param {...(Node|string|null|undefined|false)} children
 */
export function element(tag, settings = {}, ...children) {
  return filled(document.createElement(tag), settings, children);
}

const SPRITE = "assets/icons.svg";
const SVG = "http://www.w3.org/2000/svg";

export function svgElement(tag, settings = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), settings, children);
}

/** Decoration beside a text; nothing is lost where the sprite is missing. */
export function icon(name) {
  const use = svgElement("use", { href: `${SPRITE}#${name}` });
  return svgElement("svg", { class: "icon", "aria-hidden": "true" }, use);
}

/** @param {string} [iconName] */
export function button(text, { iconName, ...settings } = {}) {
  const children = [iconName && icon(iconName), element("span", {}, text)];
  return element("button", { type: "button", class: "button", ...settings }, ...children);
}

export function link(text, href, settings = {}) {
  return element("a", { href, ...settings }, text);
}

/** What can be done, side by side. */
export function actions(...children) {
  return element("div", { class: "actions" }, ...children);
}

let lastId = 0;

/** An id for `aria-labelledby` and its like. */
export function newId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

function filled(node, { on = {}, set = {}, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined)
      node.setAttribute(name, value);
  }
  for (const [type, listener] of Object.entries(on)) node.addEventListener(type, listener);
  Object.assign(node, set);
  node.append(...children.flat().filter((child) => child || child === 0));
  return node;
}
