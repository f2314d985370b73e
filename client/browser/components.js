/**
 * Finds components by convention, so that no list names them: `photo-card` is the class PhotoCard of
 * components/photo-card/photo-card.js, and photo-card.css beside it is its stylesheet.
 *
 * A component states the classes of the elements it makes as `static parts`, and `static hasStylesheet = false` where
 * it has none. Importing its module has no effect; it is named here, after its parts. What is brought later brings the words that
 * the first page does without, unless it is `static isOfFirstVisit`.
 */

import { speakFurther } from "./language.js";

const loading = new Map();

/**
 * Brings a component that the first page does not need, with its parts and their stylesheets, once.
 *
 * @param {string} tag
 * @returns {Promise<void>} rejects where the network fails; the next call tries again
 */
export function loadComponent(tag) {
  if (!loading.has(tag)) {
    const load = bring(tag);
    loading.set(tag, load);
    load.catch(() => loading.delete(tag));
  }
  return loading.get(tag);
}

/** Brings components that may be wanted next, once the page has nothing else to do. */
export function loadWhenIdle(...tags) {
  const load = () => {
    for (const tag of tags) loadComponent(tag).catch(() => {});
  };
  if (globalThis.requestIdleCallback) requestIdleCallback(load, { timeout: 2_000 });
  else setTimeout(load, 500);
}

/** Names the custom elements of these classes and of their parts. */
export function defineComponents(...components) {
  for (const component of withParts(components)) {
    const tag = tagOf(component);
    if (!customElements.get(tag)) customElements.define(tag, component);
  }
}

async function bring(tag) {
  const module = await import(`../components/${tag}/${tag}.js`);
  const component = Object.values(module).find((exported) => tagOf(exported) === tag);
  const styled = withParts([component]).filter(({ hasStylesheet = true }) => hasStylesheet);
  const words = component.isOfFirstVisit ? null : speakFurther();
  await Promise.all([words, ...styled.map((part) => stylesheet(tagOf(part)))]);
  defineComponents(component);
}

/** The parts come before what is made of them. */
function withParts(components) {
  return components.flatMap((component) => [...withParts(component.parts ?? []), component]);
}

/** PhotoCard → photo-card */
function tagOf({ name }) {
  return name.replace(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** Without its stylesheet a page is plain, but it works. */
function stylesheet(tag) {
  const href = `components/${tag}/${tag}.css`;
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve);
    document.head.append(link);
  });
}
