import assert from "node:assert/strict";
import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "es-module-lexer";

const COMPONENTS = fileURLToPath(new URL("../../client/components", import.meta.url));
const tags = await readdir(COMPONENTS);

const classOf = (tag) => tag.replace(/(?:^|-)(.)/g, (_, letter) => letter.toUpperCase());

const sourceOf = (tag) => readFile(join(COMPONENTS, tag, `${tag}.js`), "utf8");

async function modulesIn(tag) {
  const files = await readdir(join(COMPONENTS, tag));
  const scripts = files.filter((file) => file.endsWith(".js"));
  return Promise.all(scripts.map((file) => readFile(join(COMPONENTS, tag, file), "utf8")));
}

for (const tag of tags) {
  test(`${tag} is the class ${classOf(tag)} of its folder`, async () => {
    const [, exports] = parse(await sourceOf(tag));
    assert.ok(exports.some(({ name }) => name === classOf(tag)));
  });

  test(`${tag} names every component that it makes among its parts`, async () => {
    const modules = (await modulesIn(tag)).join("\n");
    const made = modules.matchAll(/\belement\(\s*"([a-z]+(?:-[a-z]+)+)"/g);
    const brought = [...modules.matchAll(/loadComponent\("([^"]+)"\)/g)].map(([, name]) => name);
    const parts = (await sourceOf(tag)).match(/static parts = \[([^\]]*)\]/)?.[1] ?? "";
    for (const [, name] of made) {
      const isNamed = parts.split(/[\s,]+/).includes(classOf(name)) || brought.includes(name);
      assert.ok(isNamed, `${name} is not among the parts`);
    }
  });

  test(`${tag} says whether it has a stylesheet`, async () => {
    const saysNone = /static hasStylesheet = false/.test(await sourceOf(tag));
    const has = await access(join(COMPONENTS, tag, `${tag}.css`)).then(
      () => true,
      () => false,
    );
    assert.equal(has, !saysNone);
  });
}
