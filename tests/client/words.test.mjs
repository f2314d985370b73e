import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { formatBytes, formatDate, formatPercent } from "../../client/models/formats.js";
import { localeOf, say, sayAround, speak } from "../../client/models/words.js";
import { WORDS as ENGLISH } from "../../client/words/en.js";

const CLIENT = fileURLToPath(new URL("../../client", import.meta.url));
const others = (await readdir(join(CLIENT, "words"))).filter((file) => file !== "en.js");

const FORMS = ["zero", "one", "two", "few", "many", "other"];
const isPlural = (entry) =>
  typeof entry === "object" && Object.keys(entry).every((key) => FORMS.includes(key));

/** Every name with its entry: a text, or texts by plural form. */
function* entriesOf(words, prefix = "") {
  for (const [key, entry] of Object.entries(words)) {
    if (typeof entry === "string" || isPlural(entry)) yield [prefix + key, entry];
    else yield* entriesOf(entry, `${prefix}${key}.`);
  }
}

const placesOf = (text) => new Set(text.match(/\{\w+\}/g) ?? []);

for (const file of others) {
  const { WORDS } = await import(join(CLIENT, "words", file));
  const language = file.replace(".js", "");

  test(`${language} has words for everything, and for nothing else`, () => {
    const names = (words) => [...entriesOf(words)].map(([name]) => name).sort();
    assert.deepEqual(names(WORDS), names(ENGLISH));
  });

  test(`${language} puts nothing in that the client does not know`, () => {
    const ofEnglish = new Map(entriesOf(ENGLISH));
    for (const [name, entry] of entriesOf(WORDS)) {
      const english = ofEnglish.get(name);
      for (const [form, text] of Object.entries(typeof entry === "string" ? [entry] : entry)) {
        const known = placesOf(
          typeof english === "string" ? english : (english[form] ?? english.other),
        );
        assert.ok(text.trim(), name);
        // The API's own sentence is English: another language says it by itself.
        const said = placesOf(text);
        if (known.has("{message}")) assert.equal(said.size, 0, name);
        else assert.deepEqual(said, known, name);
      }
    }
  });

  test(`${language} has every plural form of its language`, () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    for (const [name, entry] of entriesOf(WORDS)) {
      if (isPlural(entry))
        assert.deepEqual(Object.keys(entry).sort(), [...pluralCategories].sort(), name);
    }
  });
}

async function sources(kind = /\.(js|html)$/) {
  const files = (await readdir(CLIENT, { recursive: true })).filter((file) => kind.test(file));
  const isCode = (file) => !/^(words|assets)\//.test(file);
  const texts = files.filter(isCode).map((file) => readFile(join(CLIENT, file), "utf8"));
  return (await Promise.all(texts)).join("\n");
}

test("everything the client names has words, and every word is named", async () => {
  const code = await sources();
  const groups = Object.keys(ENGLISH).join("|");
  // Not everything with a dot is a name: "photo.jpg" is a file.
  const name = `(?:${groups})\\.[\\w-]+(?<!\\.jpg)`;
  const named = new Set(
    [...code.matchAll(new RegExp(`["\`](${name})["\`]`, "g"))].map(([, found]) => found),
  );
  const begun = [...code.matchAll(new RegExp(`\`((?:${groups})\\.[\\w.]*)\\$\\{`, "g"))];
  const all = [...entriesOf(ENGLISH)].map(([entry]) => entry);
  assert.deepEqual(
    [...named].filter((entry) => !all.includes(entry)),
    [],
  );
  const isUsed = (entry) => named.has(entry) || begun.some(([, start]) => entry.startsWith(start));
  assert.deepEqual(
    all.filter((entry) => !isUsed(entry) && !/^errors\.[A-Z_]+$/.test(entry)),
    [],
  );
});

test("no module says anything by itself", async () => {
  const comments = /\/\*[\s\S]*?\*\/|\/\/.*|throw new Error\(.*/g;
  const code = (await sources(/\.js$/)).replaceAll(comments, "");
  assert.deepEqual(code.match(/["`][A-Z][a-z’]+ [a-z][^"`\n]*["`]/g) ?? [], []);
});

test("the page says the same before its words have come", async () => {
  speak(ENGLISH, "en");
  const index = await readFile(join(CLIENT, "index.html"), "utf8");
  const texts = [...index.matchAll(/data-words="([^"]+)">([^<]+)</g)];
  const labels = [...index.matchAll(/aria-label="([^"]+)" data-words-label="([^"]+)"/g)];
  assert.ok(texts.length > 5 && labels.length > 1);
  for (const [, name, text] of texts) assert.equal(text, say(name));
  for (const [, label, name] of labels) assert.equal(label, say(name));
  const marks = index.match(/data-words(-label)?="/g);
  assert.equal(marks.length, texts.length + labels.length);
});

test("dates and numbers are written as the reader's country does", () => {
  assert.equal(localeOf("en", ["de-AT", "en-GB", "en-US"]), "en-GB");
  assert.equal(localeOf("de", ["en-GB"]), "de");
  const day = "2026-11-25T12:00:00Z";
  const said = (locale) => {
    speak(ENGLISH, locale);
    return [
      formatDate(day),
      formatPercent(0.3),
      formatBytes(67_400),
      say("page.answers", { count: 12_345 }),
    ];
  };
  assert.deepEqual(said("en-US"), ["Nov 25, 2026", "30%", "67 kB", "12,345 answers"]);
  assert.deepEqual(said("en-GB"), ["25 Nov 2026", "30%", "67 kB", "12,345 answers"]);
  assert.deepEqual(said("de"), ["25.11.2026", "30\u00a0%", "67 kB", "12.345 answers"]);
});

test("what is put in may be an element, and what has no words is an error", () => {
  speak(ENGLISH, "en");
  const place = { isElement: true };
  assert.ok(sayAround("connect.tokenLead", { link: place }).includes(place));
  assert.throws(() => say("page.nothingOfTheKind"), /no words for page.nothingOfTheKind/);
});
