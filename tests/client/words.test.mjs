import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { formatBytes, formatDate, formatPercent } from "../../client/models/formats.js";
import { learn, localeOf, say, sayAround, speak } from "../../client/models/words.js";
import { WORDS as FIRST } from "../../client/words/en/first.js";
import { WORDS as LATER } from "../../client/words/en/later.js";
import { modulesOf } from "../../scripts/list_first_view.mjs";

const CLIENT = fileURLToPath(new URL("../../client", import.meta.url));
const others = (await readdir(join(CLIENT, "words"))).filter((folder) => folder !== "en");

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
const ALL = [...entriesOf(FIRST), ...entriesOf(LATER)].map(([name]) => name);

const parts = [
  ["first", FIRST],
  ["later", LATER],
].flatMap(([part, ENGLISH]) => others.map((language) => ({ language, part, ENGLISH })));

for (const { language, part, ENGLISH } of parts) {
  const { WORDS } = await import(join(CLIENT, "words", language, `${part}.js`));

  test(`${language}/${part} has words for everything, and for nothing else`, () => {
    const names = (words) => [...entriesOf(words)].map(([name]) => name).sort();
    assert.deepEqual(names(WORDS), names(ENGLISH));
  });

  test(`${language}/${part} puts nothing in that the client does not know`, () => {
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

  test(`${language}/${part} has every plural form of its language`, () => {
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

/** The names that code says, and the beginnings of those that it makes. */
function namesIn(code) {
  const groups = Object.keys({ ...FIRST, ...LATER }).join("|");
  // Not everything with a dot is a name: "photo.jpg" is a file.
  const name = `(?:${groups})\\.[\\w-]+(?<!\\.jpg)`;
  const all = (pattern) => [...code.matchAll(new RegExp(pattern, "g"))].map(([, found]) => found);
  return { named: all(`["\`](${name})["\`]`), begun: all(`\`((?:${groups})\\.[\\w.]*)\\$\\{`) };
}

test("everything the client names has words, and every word is named", async () => {
  const { named, begun } = namesIn(await sources());
  assert.deepEqual(
    named.filter((entry) => !ALL.includes(entry)),
    [],
  );
  const isUsed = (entry) => named.includes(entry) || begun.some((start) => entry.startsWith(start));
  assert.deepEqual(
    ALL.filter((entry) => !isUsed(entry) && !/^errors\.[A-Z_]+$/.test(entry)),
    [],
  );
});

test("a word has its place once, and what the first page says is among the first", async () => {
  assert.equal(new Set(ALL).size, ALL.length);
  const first = [...entriesOf(FIRST)].map(([name]) => name);
  const modules = await modulesOf(CLIENT, "main.js");
  await modulesOf(CLIENT, "components/sample-photos/sample-photos.js", modules);
  // Says what went wrong anywhere: of what can go wrong on other pages only they say it.
  modules.delete("models/error-sentences.js");
  const texts = [...modules].map((file) => readFile(join(CLIENT, file), "utf8"));
  const { named, begun } = namesIn((await Promise.all(texts)).join("\n"));
  assert.ok(named.length > 30 && begun.length > 1);
  const isSaid = (name) => named.includes(name) || begun.some((start) => name.startsWith(start));
  assert.deepEqual(
    ALL.filter((name) => isSaid(name) && !first.includes(name)),
    [],
  );
});

test("no module says anything by itself", async () => {
  const comments = /\/\*[\s\S]*?\*\/|\/\/.*|throw new Error\(.*/g;
  const code = (await sources(/\.js$/)).replaceAll(comments, "");
  assert.deepEqual(code.match(/["`][A-Z][a-z’]+ [a-z][^"`\n]*["`]/g) ?? [], []);
});

test("the page says the same before its words have come", async () => {
  speak(FIRST, "en");
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
    speak(FIRST, locale);
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
  speak(FIRST, "en");
  assert.throws(() => say("connect.tokenLead"), /no words/);
  learn(LATER);
  assert.equal(say("history.deleted", { count: 1, label: "fox" }), "Deleted “fox”");
  const place = { isElement: true };
  assert.ok(sayAround("connect.tokenLead", { link: place }).includes(place));
  assert.throws(() => say("page.nothingOfTheKind"), /no words for page.nothingOfTheKind/);
});
