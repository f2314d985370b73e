import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, normalize, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const CLIENT = fileURLToPath(new URL("../../client", import.meta.url));
const IMPORTS = /^(?:import|export)[^;]*?from "([^"]+)"/gms;
const index = await readFile(join(CLIENT, "index.html"), "utf8");

async function modulesOf(entry, found = new Set()) {
  if (found.has(entry)) return found;
  found.add(entry);
  const source = await readFile(join(CLIENT, entry), "utf8");
  for (const [, path] of source.matchAll(IMPORTS)) {
    assert.ok(path.startsWith("."), `${entry} imports ${path}, which is no relative path`);
    await modulesOf(normalize(join(dirname(entry), path)), found);
  }
  return found;
}

async function sources(extension) {
  const files = await readdir(CLIENT, { recursive: true });
  return files.filter((file) => file.endsWith(extension) && !file.startsWith("assets"));
}

function linked(rel) {
  const pattern = new RegExp(`<link rel="${rel}" href="([^"]+)"`, "g");
  return [...index.matchAll(pattern)].map(([, href]) => href);
}

test("the first page preloads every module it is made of, and no other", async () => {
  const modules = await modulesOf("main.js");
  modules.delete("main.js");
  assert.deepEqual(linked("modulepreload").sort(), [...modules].sort());
});

test("the first page links the stylesheet of every component it is made of, and no other", async () => {
  const modules = await modulesOf("main.js");
  const stylesheets = (await sources(".css")).filter((file) =>
    modules.has(file.replace(/css$/, "js")),
  );
  assert.deepEqual(
    linked("stylesheet")
      .filter((href) => href.startsWith("components/"))
      .sort(),
    stylesheets.sort(),
  );
});

test("every module is used", async () => {
  const entries = [
    "main.js",
    "components/account.js",
    "components/camera.js",
    "components/doors.js",
  ];
  const used = new Set(["service-worker.js"]);
  for (const entry of entries) await modulesOf(entry, used);
  assert.deepEqual(
    (await sources(".js")).filter((file) => !used.has(file)),
    [],
  );
});

test("no module parses markup or code out of text", async () => {
  for (const file of await sources(".js")) {
    const source = await readFile(join(CLIENT, file), "utf8");
    assert.doesNotMatch(
      source,
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/,
      file,
    );
  }
});

test("the page has neither inline scripts nor inline styles, and asks no other origin for anything", () => {
  assert.doesNotMatch(index, /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  assert.doesNotMatch(index, /(?:src|href)="(?:https?:)?\/\//);
});

test("colours are named in the tokens alone", async () => {
  for (const file of await sources(".css")) {
    if (relative("styles", file) === "tokens.css") continue;
    const source = await readFile(join(CLIENT, file), "utf8");
    assert.doesNotMatch(source, /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/i, file);
  }
});

test("every object URL that is made is revoked", async () => {
  for (const file of await sources(".js")) {
    const source = await readFile(join(CLIENT, file), "utf8");
    if (!source.includes("createObjectURL")) continue;
    const revokedBy =
      file === "browser/crop-source.js" ? "components/crop-image/crop-image.js" : file;
    assert.match(await readFile(join(CLIENT, revokedBy), "utf8"), /revokeObjectURL/, file);
  }
});
