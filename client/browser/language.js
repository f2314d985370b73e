/** Which language is spoken: the one the person chose, else the browser's. browser/arrival.js has decided. */

import { learn, localeOf, say, speak } from "../models/words.js";
import { element } from "./element.js";

const KEY = "telltale:language";

/** Brings the words, and says in them what index.html says in English. */
export async function speakChosenLanguage() {
  const root = document.documentElement;
  const { WORDS } = await import(`../words/${root.lang}/first.js`);
  speak(WORDS, localeOf(root.lang, navigator.languages));
  if (root.lang !== "en") translate(document);
  delete root.dataset.language;
}

/** Brings the words that the first page does without. */
export async function speakFurther() {
  const { WORDS } = await import(`../words/${document.documentElement.lang}/later.js`);
  learn(WORDS);
}

/** @returns {string[]} the languages there are words for */
export function offeredLanguages() {
  return document.querySelector("meta[name=telltale-languages]").content.split(" ");
}

/** Everything is said anew: a reload is the one way that forgets no sentence. */
export function chooseLanguage(language) {
  localStorage.setItem(KEY, language);
  location.reload();
}

/** @returns {HTMLButtonElement[]} one for each other language, which is named in itself */
export function languageButtons() {
  const others = offeredLanguages().filter(
    (language) => language !== document.documentElement.lang,
  );
  return others.map((language) =>
    element(
      "button",
      { type: "button", lang: language, on: { click: () => chooseLanguage(language) } },
      new Intl.DisplayNames([language], { type: "language" }).of(language),
    ),
  );
}

function translate(page) {
  for (const node of page.querySelectorAll("[data-words]")) {
    node.textContent = say(node.dataset.words);
  }
  for (const node of page.querySelectorAll("[data-words-label]")) {
    node.setAttribute("aria-label", say(node.dataset.wordsLabel));
  }
}
