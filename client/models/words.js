/**
 * What the client says, in the language that was chosen before anything was shown. The sentences stand in words/, a
 * folder a language; code names them, such as `say("page.answers", { count: 3 })`.
 */

const PLACE = /\{(\w+)\}/;

let locale = "en";
let numbers;
let plurals;
let words = {};

/** For everything of Intl: the language that is spoken, as the reader's country writes it. */
export const spokenLocale = () => locale;

/**
 * Speaks these words from now on.
 *
 * @param {object} spoken the WORDS of a language
 * @param {string} spokenLocale such as "en-GB"
 */
export function speak(spoken, spokenLocale) {
  words = spoken;
  locale = spokenLocale;
  numbers = new Intl.NumberFormat(locale);
  plurals = new Intl.PluralRules(locale);
}

/** Knows these words too. */
export function learn(more) {
  for (const [group, entries] of Object.entries(more)) {
    words = { ...words, [group]: { ...words[group], ...entries } };
  }
}

/**
 * The first of a reader's locales in a language, so that dates look as they are used to.
 *
 * @param {readonly string[]} locales such as navigator.languages
 */
export function localeOf(language, locales) {
  return locales.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;
}

/** Whether there are words of this name. */
export const hasWords = (name) => entryOf(name) !== undefined;

/**
 * The words of a name. `values` are put in their places; numbers among them are written as they are read, and
 * `count` chooses between one and many.
 */
export function say(name, values = {}) {
  return sayAround(name, values).join("");
}

/** The same in pieces, for values that are elements. @returns {(string|Node)[]} */
export function sayAround(name, values) {
  const entry = entryOf(name);
  if (entry === undefined) throw new Error(`There are no words for ${name}`);
  const text =
    typeof entry === "string" ? entry : (entry[plurals.select(values.count)] ?? entry.other);
  return text
    .split(PLACE)
    .map((piece, index) => (index % 2 === 0 ? piece : written(values[piece])));
}

function entryOf(name) {
  return name.split(".").reduce((part, key) => part?.[key], words);
}

function written(value) {
  return typeof value === "number" ? numbers.format(value) : (value ?? "");
}
