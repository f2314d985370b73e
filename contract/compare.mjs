/**
 * `node contract/compare.mjs [--check] [folder of a checkout]`: what a change of the schema breaks.
 *
 * `contract/published.graphql` is the schema as it was last landed, with the clients that were made from it out in
 * the world. `schema.graphql` is compared with it by graphql-inspector's rules: a change that breaks a client has to
 * stand in `contract/breaking.json`, with the reason why it is worth it. Then the published one is moved along; with
 * `--check` nothing is written, and 1 is returned where the two differ. It is a file and not a commit that is
 * compared with, since a shallow clone has one commit alone.
 */

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** The changes between two schemas that break a client and are not listed. */
export async function unlistedBreaks(published, current, listed) {
  const known = new Set(listed.flatMap(({ changes }) => changes));
  const changes = await diff(buildSchema(published), buildSchema(current));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message)
    .filter((message) => !known.has(message));
}

/** What is listed as breaking: `[{ reason, changes: [messages of graphql-inspector] }]`. */
async function readListed(path) {
  const listed = JSON.parse(await readFile(path, "utf8"));
  const bare = listed.filter(({ reason }) => !/\S+\s+\S+/.test(reason ?? ""));
  if (bare.length > 0) throw new Error(`${path} lists changes without a reason.`);
  return listed;
}

async function main() {
  const isCheck = argv.includes("--check");
  const root = argv.slice(2).find((argument) => !argument.startsWith("--")) ?? ROOT;
  const publishedPath = join(root, "contract", "published.graphql");
  const [published, current, listed] = await Promise.all([
    readFile(publishedPath, "utf8"),
    readFile(join(root, "schema.graphql"), "utf8"),
    readListed(join(root, "contract", "breaking.json")),
  ]);
  if (published === current) return 0;
  const breaks = await unlistedBreaks(published, current, listed);
  if (breaks.length > 0) {
    console.error("This breaks clients that were made from the published schema:");
    for (const message of breaks) console.error(`  ${message}`);
    console.error(
      "Add instead of changing; or list it in contract/breaking.json, with the reason.",
    );
    return 1;
  }
  if (isCheck) {
    console.error("contract/published.graphql is behind schema.graphql: run `make schema`.");
    return 1;
  }
  await writeFile(publishedPath, current);
  console.log("Moved contract/published.graphql along.");
  return 0;
}

if (resolve(argv[1] ?? "") === fileURLToPath(import.meta.url)) exit(await main());
