/**
 * `node scripts/build_client.mjs`: what the client shows better with, made from npm packages.
 *
 * Writes into client/assets/ (not committed): the typeface reduced to the characters it is used for, one
 * sprite of the icons in use, their licenses, and the list of the shell's files for the service worker.
 * The client works without any of it.
 */

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const CLIENT = join(ROOT, "client");
const ASSETS = join(CLIENT, "assets");
const ICON_PACKAGE = join(ROOT, "node_modules/@fortawesome/fontawesome-free");
const FONT_PACKAGE = join(ROOT, "node_modules/@fontsource-variable/figtree");
const FONT = "files/figtree-latin-wght-normal.woff2";

/** Name in the client, and the file of Font Awesome Free 6 (solid). */
const ICONS = {
  camera: "camera",
  chart: "chart-simple",
  check: "check",
  clock: "clock-rotate-left",
  copy: "copy",
  download: "download",
  filter: "sliders",
  group: "images",
  image: "image",
  next: "chevron-right",
  pen: "pen",
  person: "user",
  previous: "chevron-left",
  print: "print",
  rotate: "camera-rotate",
  search: "magnifying-glass",
  share: "share-nodes",
  signal: "signal",
  teach: "graduation-cap",
  trash: "trash-can",
};

/** Printable ASCII, Latin-1, and the typographic characters the client writes. */
const CHARACTERS = [range(0x20, 0x7e), range(0xa0, 0xff), "–—‘’“”…•→←×≥≤"].join("");
/** The weights the stylesheets use lie between these. */
const WEIGHTS = { min: 400, max: 800 };

/** Not part of the shell: itself, what only a browser's install dialog asks for, and legal texts. */
const OUTSIDE_THE_SHELL = [
  "service-worker.js",
  "assets/shell.js",
  "assets/LICENSES.txt",
  "icons/icon-512.png",
  "icons/icon-maskable-512.png",
];

async function build() {
  await mkdir(ASSETS, { recursive: true });
  await write("icons.svg", await sprite());
  await write("figtree.woff2", await font());
  await write("LICENSES.txt", await licenses());
  await write("shell.js", await shell());
}

async function sprite() {
  const symbols = await Promise.all(
    Object.entries(ICONS).map(async ([name, file]) => {
      const svg = await readFile(join(ICON_PACKAGE, "svgs/solid", `${file}.svg`), "utf8");
      const viewBox = svg.match(/viewBox="([^"]+)"/)[1];
      const shape = svg.match(/<path.*(?=<\/svg>)/s)[0];
      return `<symbol id="${name}" viewBox="${viewBox}">${shape}</symbol>`;
    }),
  );
  const { version } = JSON.parse(await readFile(join(ICON_PACKAGE, "package.json"), "utf8"));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg"><!-- Font Awesome Free ${version} by @fontawesome,`,
    `https://fontawesome.com/license/free, CC BY 4.0 -->${symbols.join("\n")}</svg>\n`,
  ].join(" ");
}

async function font() {
  // Imported late, so that the exported lists can be tested where the package is not installed.
  const { default: subsetFont } = await import("subset-font");
  return subsetFont(await readFile(join(FONT_PACKAGE, FONT)), CHARACTERS, {
    targetFormat: "woff2",
    variationAxes: { wght: WEIGHTS },
    keepFeatures: ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum"],
  });
}

async function licenses() {
  const icons = await readFile(join(ICON_PACKAGE, "LICENSE.txt"), "utf8");
  const typeface = await readFile(join(FONT_PACKAGE, "LICENSE"), "utf8");
  return `Icons: Font Awesome Free\n\n${icons}\n\nTypeface: Figtree, reduced\n\n${typeface}`;
}

/**
 * The service worker imports this: another version makes a browser fetch the shell anew. Core is what
 * index.html names, everything else comes when it is needed.
 */
async function shell() {
  const files = (await filesUnder(CLIENT)).filter((file) => !OUTSIDE_THE_SHELL.includes(file));
  const index = await readFile(join(CLIENT, "index.html"), "utf8");
  const isCore = (file) =>
    file === "index.html" || index.includes(`"${file}"`) || file === "assets/icons.svg";
  const digest = createHash("sha256");
  for (const file of files) {
    digest.update(`${file}\0`).update(await readFile(join(CLIENT, file)));
  }
  const version = digest.digest("hex").slice(0, 12);
  const core = files.filter(isCore);
  const later = files.filter((file) => !isCore(file));
  return `self.SHELL = ${JSON.stringify({ version, core, later }, null, 1)};\n`;
}

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.(br|gz|map)$|^\./.test(entry.name))
    .map((entry) => relative(CLIENT, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

async function write(name, content) {
  const path = join(ASSETS, name);
  const bytes = Buffer.from(content);
  const current = await readFile(path).catch(() => null);
  if (current?.equals(bytes)) return;
  await writeFile(path, bytes);
  console.log(`client/assets/${name}: ${bytes.length.toLocaleString("en")} bytes`);
}

function range(first, last) {
  return String.fromCodePoint(
    ...Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
}

await build();
