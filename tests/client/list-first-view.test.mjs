import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { modulesOf } from "../../scripts/list_first_view.mjs";

const CLIENT = fileURLToPath(new URL("../../client", import.meta.url));
const SCRIPT = fileURLToPath(new URL("../../scripts/list_first_view.mjs", import.meta.url));
const folders = [];

after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function copyOfClient() {
  const folder = await mkdtemp(join(tmpdir(), "telltale-lists-"));
  folders.push(folder);
  await cp(CLIENT, folder, { recursive: true });
  return folder;
}

function run(folder, ...options) {
  return spawnSync(process.execPath, [SCRIPT, ...options, folder], { encoding: "utf8" });
}

/** A part of the line of the job, as somebody would add one: a folder, and its use. */
async function addSunDial(client) {
  const folder = join(client, "components/sun-dial");
  await mkdir(folder);
  await writeFile(join(folder, "sun-dial.js"), "export class SunDial extends HTMLElement {}\n");
  await writeFile(join(folder, "sun-dial.css"), "@layer components { sun-dial { color: red } }\n");
  const user = join(client, "components/photo-job/photo-job.js");
  const source = await readFile(user, "utf8");
  await writeFile(user, `import { SunDial } from "../sun-dial/sun-dial.js";\n${source}`);
}

const indexOf = (client) => readFile(join(client, "index.html"), "utf8");

test("a component that is added makes the lists old, and one command makes them new", async () => {
  const client = await copyOfClient();
  assert.equal(run(client, "--check").status, 0);
  await addSunDial(client);
  const before = await indexOf(client);
  const check = run(client, "--check");
  assert.equal(check.status, 1);
  assert.match(check.stderr, /make lists/);
  assert.equal(await indexOf(client), before);

  assert.equal(run(client).status, 0);
  const index = await indexOf(client);
  assert.match(index, /<link rel="modulepreload" href="components\/sun-dial\/sun-dial.js"/);
  assert.match(index, /<link rel="stylesheet" href="components\/sun-dial\/sun-dial.css">/);
  assert.equal(run(client, "--check").status, 0);
});

test("painting waits for the stylesheet of what the page shows, and for no other", async () => {
  const client = await copyOfClient();
  await addSunDial(client);
  const path = join(client, "index.html");
  run(client);
  const [, later] = (await indexOf(client)).split("</head>");
  assert.match(later, /components\/sun-dial\/sun-dial.css/);

  const index = await indexOf(client);
  await writeFile(path, index.replace("<photo-picker>", "<sun-dial>noon</sun-dial><photo-picker>"));
  run(client);
  const [head] = (await indexOf(client)).split("</head>");
  assert.match(head, /components\/sun-dial\/sun-dial.css/);
});

test("what is imported later is not listed, and a package cannot be imported", async () => {
  const client = await copyOfClient();
  const modules = await modulesOf(client, "main.js");
  assert.ok(modules.has("components/predict-view/predict-view.js"));
  assert.ok(!modules.has("components/history-view/history-view.js"));

  await writeFile(join(client, "main.js"), 'import { thing } from "package";\n');
  await assert.rejects(modulesOf(client, "main.js"), /package, which is no relative path/);
});

test("a page without a place for the lists is refused", async () => {
  const client = await copyOfClient();
  await writeFile(join(client, "index.html"), "<!doctype html>");
  assert.equal(run(client, "--check").status, 1);
  assert.match(run(client).stderr, /no place/);
});
