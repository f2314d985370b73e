import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ROUTES } from "../../client/routes.js";
import { modulesOf } from "../../scripts/list_first_view.mjs";

const CLIENT = fileURLToPath(new URL("../../client", import.meta.url));
const index = await readFile(join(CLIENT, "index.html"), "utf8");

async function sources(extension) {
  const files = await readdir(CLIENT, { recursive: true });
  return files.filter((file) => file.endsWith(extension) && !file.startsWith("assets"));
}

function linked(rel) {
  const pattern = new RegExp(`<link rel="${rel}" href="([^"]+)"`, "g");
  return [...index.matchAll(pattern)].map(([, href]) => href);
}

test("the page links every stylesheet that no component has", async () => {
  const files = await readdir(join(CLIENT, "styles"));
  assert.deepEqual(
    linked("stylesheet")
      .filter((href) => href.startsWith("styles/"))
      .sort(),
    files.map((file) => `styles/${file}`).sort(),
  );
});

test("every module is used", async () => {
  const words = (await sources(".js")).filter((file) => file.startsWith("words/"));
  const used = new Set(["service-worker.js", "browser/arrival.js", ...words]);
  await modulesOf(CLIENT, "main.js", used);
  const teaching = ["camera", "choice", "readings", "trial"].map((name) => `lesson-${name}`);
  teaching.push("example-dialog", "history-dialog");
  const lazy = [
    "camera-dialog",
    "keep-invitation",
    "photo-card",
    "sample-photos",
    ...teaching,
    ...ROUTES.map(({ tag }) => tag),
  ];
  for (const tag of lazy) await modulesOf(CLIENT, `components/${tag}/${tag}.js`, used);
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
