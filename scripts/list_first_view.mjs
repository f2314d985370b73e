/**
 * `node scripts/list_first_view.mjs [--check] [folder of the client]`: what index.html asks for at once.
 *
 * Writes the languages of words/ into a meta element, for a page cannot list a folder, and the three blocks between
 * comments. In the head: the stylesheets of the components whose content stands in the page, for which painting waits,
 * and the modules that main.js imports, so that they are fetched side by side and not one after the other, but after
 * what painting waits for. In the body: what is said, in each language, where those modules do not come. At the foot:
 * the stylesheets of its other components.
 * The blocks are committed, since index.html is served as it stands. With `--check` they are only compared; 1
 * where they are old.
 */

import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, posix, resolve } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parse } from "es-module-lexer";

const CLIENT = resolve(dirname(fileURLToPath(import.meta.url)), "../client");
const LANGUAGES = /(<meta name="telltale-languages" content=")[^"]*/;
const BLOCKS = /(<!-- Made by `make lists`[^>]*-->\n).*?(?= *<!-- End of what is made -->)/gs;

/** The module `entry` and all that it imports in the end, but for what it asks for later by `import()`. */
export async function modulesOf(client, entry, found = new Set()) {
  if (found.has(entry)) return found;
  found.add(entry);
  const [imports] = parse(await readFile(join(client, entry), "utf8"));
  for (const { type, specifier } of imports) {
    if (!["static", "reexport-star"].includes(type)) continue;
    if (!/^\.\.?\//.test(specifier))
      throw new Error(`${entry} imports ${specifier}, which is no relative path`);
    await modulesOf(client, posix.join(posix.dirname(entry), specifier), found);
  }
  return found;
}

/** The text of index.html with the blocks that fit the modules in the folder. */
export async function withLists(client, index) {
  if (index.match(BLOCKS)?.length !== 3)
    throw new Error("index.html has no place for each of the lists that `make lists` writes");
  const modules = [...(await modulesOf(client, "main.js"))].sort();
  const styled = await withStylesheet(client, modules);
  const isSeen = (module) =>
    new RegExp(`<${posix.basename(module, ".js")}(?: [^>]*)?>(?!</)`).test(index);
  const languages = (await readdir(join(client, "words"))).sort();
  const blocks = [
    [
      ...styled.filter(isSeen).map(stylesheetLink),
      ...modules.filter((module) => module !== "main.js").map(modulePreload),
    ],
    await Promise.all(languages.map((language) => unloaded(client, language))),
    styled.filter((module) => !isSeen(module)).map(stylesheetLink),
  ];
  return index
    .replace(BLOCKS, (_, comment) => [comment, ...blocks.shift()].join(""))
    .replace(LANGUAGES, (_, start) => start + languages.join(" "));
}

async function withStylesheet(client, modules) {
  const exist = await Promise.all(
    modules.map((module) =>
      access(join(client, stylesheetOf(module))).then(
        () => true,
        () => false,
      ),
    ),
  );
  return modules.filter((_, index) => exist[index]);
}

async function unloaded(client, language) {
  const words = pathToFileURL(join(client, "words", language, "first.js"));
  const { unloaded: sentence, tryAgain } = (await import(words)).WORDS.page;
  return [
    `    <div class="unloaded" lang="${language}" hidden>\n`,
    `      <p role="alert">${sentence}</p>\n`,
    `      <button type="button" class="button primary">${tryAgain}</button>\n`,
    "    </div>\n",
  ].join("");
}

function stylesheetOf(module) {
  return module.replace(/\.js$/, ".css");
}

function stylesheetLink(module) {
  return `    <link rel="stylesheet" href="${stylesheetOf(module)}">\n`;
}

function modulePreload(module) {
  return `    <link rel="modulepreload" href="${module}" fetchpriority="low">\n`;
}

async function main() {
  const isCheck = argv.includes("--check");
  const client = argv.slice(2).find((argument) => !argument.startsWith("--")) ?? CLIENT;
  const path = join(client, "index.html");
  const current = await readFile(path, "utf8");
  const made = await withLists(client, current);
  if (made === current) return 0;
  if (isCheck) {
    console.error("client/index.html does not list what main.js needs: run `make lists`.");
    return 1;
  }
  await writeFile(path, made);
  console.log("client/index.html: listed anew");
  return 0;
}

if (resolve(argv[1] ?? "") === fileURLToPath(import.meta.url)) exit(await main());
