import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { buildSchema } from "graphql";
import { formatAddress, parseAddress, safeNext } from "../../client/models/address.js";
import {
  certaintyOf,
  confidenceSentence,
  headline,
  percent,
} from "../../client/models/confidence.js";
import { explain } from "../../client/models/error-sentences.js";
import { asCsv, asJson } from "../../client/models/export-text.js";
import { formatBytes, formatUntil, formatWhen } from "../../client/models/formats.js";
import {
  isTaken,
  isWorthReducing,
  mayBePhoto,
  reducedSize,
  requireSendable,
} from "../../client/models/photo-size.js";
import { expiresAt, tokenState } from "../../client/models/token-expiry.js";
import "./english.mjs";

const schema = buildSchema(
  await readFile(new URL("../../schema.graphql", import.meta.url), "utf8"),
);

test("an address is read as it was written", () => {
  const address = formatAddress(["history", "a/b=?"], { label: "crane & co", empty: "" });
  const { parts, parameters } = parseAddress(address);
  assert.deepEqual(parts, ["history", "a/b=?"]);
  assert.deepEqual([...parameters], [["label", "crane & co"]]);
  assert.deepEqual(parseAddress("").parts, []);
  assert.deepEqual(parseAddress("#/%E0%A4%A").parts, ["%E0%A4%A"]);
});

test("after logging in one stays in this client, whatever the link says", () => {
  const next = (value) => safeNext(new URLSearchParams({ next: value }));
  assert.equal(next("#/history?label=cat"), "#/history?label=cat");
  assert.equal(next("https://evil.example"), "#/");
  assert.equal(next("javascript:alert(1)"), "#/");
});

test("no answer is ever certain or impossible", () => {
  assert.equal(percent(1), ">99%");
  assert.equal(percent(0.994), ">99%");
  assert.equal(percent(0.874), "87%");
  assert.equal(percent(0), "<1%");
});

test("an unsure answer names what else it could be", () => {
  const scores = [
    { label: "tabby", probability: 0.29 },
    { label: "lynx", probability: 0.22 },
    { label: "tiger cat", probability: 0.19 },
  ];
  assert.equal(confidenceSentence(0.29, scores), "Unsure: 29% — could also be lynx or tiger cat");
  assert.equal(confidenceSentence(0.87, scores), "Quite sure: 87%");
  assert.equal(confidenceSentence(0.1, [scores[0]]), "Only a guess: tabby, 10%");
  // The words are those of the percentage beside them.
  assert.equal(confidenceSentence(0.496), "Probably: 50%");
});

test("a headline promises no more than the percentage beside it allows", () => {
  const told = [0.97, 0.8, 0.6, 0.496, 0.3, 0.2].map((confidence) => [
    certaintyOf(confidence),
    headline("red fox", confidence),
  ]);
  assert.deepEqual(told, [
    ["sure", "Red fox"],
    ["sure", "Red fox"],
    ["unsure", "Probably red fox"],
    ["unsure", "Probably red fox"],
    ["unsure", "Maybe red fox"],
    ["guess", "Hard to say"],
  ]);
});

test("what is no photo is told by its type, or by its name where it has none", () => {
  const isPhoto = (name, type = "") => mayBePhoto({ name, type });
  assert.ok(isPhoto("a", "image/avif") && isPhoto("IMG_1.HEIC") && isPhoto("a.b.jpeg"));
  assert.ok(!isPhoto("a.jpg", "application/pdf") && !isPhoto("folder") && !isPhoto("a.jpg.zip"));
});

test("what is like none of the taught labels is told plainly, and as no likeness", () => {
  const scores = [{ label: "fern", probability: 0.98 }];
  assert.equal(headline("fern", 0.98, false), "None of these");
  assert.match(confidenceSentence(0.98, scores, false), /doesn’t look like anything.*“fern”/);
});

test("every code of the API has a sentence of its own", async () => {
  const codes = schema
    .getType("UserErrorCode")
    .getValues()
    .map(({ name }) => name);
  const topLevel = await topLevelCodes();
  assert.ok(topLevel.includes("RATE_LIMITED") && topLevel.includes("GRAPHQL_VALIDATION_FAILED"));
  const fallback = explain({ code: "NO_SUCH_CODE" }).sentence;
  for (const code of [...codes, ...topLevel, "UNREACHABLE", "ASLEEP"]) {
    const { sentence } = explain({ code, message: "In the server’s words." });
    assert.notEqual(sentence, fallback, code);
    assert.match(sentence, /[.]$/, code);
  }
});

/** As the server's own modules name them. */
async function topLevelCodes() {
  const sources = await Promise.all(
    ["errors.py", "document.py"].map((file) =>
      readFile(new URL(`../../server/api/${file}`, import.meta.url), "utf8"),
    ),
  );
  const named = sources.join("").matchAll(/code = "(\w+)"|"(GRAPHQL_\w+|INTERNAL_\w+)"/g);
  return [...named].map(([, ofClass, ofGraphql]) => ofClass ?? ofGraphql);
}

test("who asks too often is told how long to wait", () => {
  const told = (retryAfterSeconds) => explain({ code: "RATE_LIMITED", retryAfterSeconds }).sentence;
  assert.match(told(30), /in 1 minute[.]$/);
  assert.match(told(900), /in 15 minutes[.]$/);
  assert.match(told(3 * 3600), /in 3 hours[.]$/);
  assert.match(told(null), /in a while[.]$/);
});

test("a file is refused before it is sent only where it is known to be too large", () => {
  const limits = { maxUploadBytes: 100 };
  requireSendable({ size: 100 }, limits);
  requireSendable({ size: 101 }, null);
  assert.throws(() => requireSendable({ size: 101 }, limits), {
    code: "IMAGE_TOO_LARGE",
    isPassing: false,
  });
});

test("a sentence names the server's own numbers", () => {
  const limits = {
    maxUploadBytes: 10_485_760,
    maxPixels: 50_000_000,
    minSidePixels: 16,
    formats: ["JPEG", "PNG"],
  };
  assert.match(
    explain({ code: "IMAGE_TOO_LARGE" }, { limits }).sentence,
    /10\.5 MB and 50 megapixels/,
  );
  assert.match(explain({ code: "IMAGE_FORMAT_UNSUPPORTED" }, { limits }).sentence, /JPEG or PNG/);
});

const ROW = {
  id: "x",
  createdAt: "2026-11-22T14:00:00+00:00",
  label: '=cmd|"/c calc"!A1, tabby',
  confidence: 0.5,
  durationMs: 12.5,
  model: { name: "lite0", version: "1" },
  image: { width: 1, height: 2, format: "JPEG", bytes: 3, sha256: "ab" },
  scores: [
    { label: "a", probability: 0.5 },
    { label: "b", probability: 0.25 },
  ],
};

test("a spreadsheet runs nothing of an exported file, and reads every cell", () => {
  const lines = asCsv([ROW]).split("\r\n");
  assert.equal(lines.length, 3);
  assert.ok(lines[1].includes(`"'=cmd|""/c calc""!A1, tabby"`));
  assert.ok(lines[1].endsWith(",b 0.25"));
});

test("a file name and a correction stand in columns of their own, and run no more than the rest", () => {
  const corrected = { ...ROW, fileName: "=IMG_1.jpg", correction: { label: "Tom" } };
  const [names, cells] = asCsv([corrected]).split("\r\n");
  const columns = names.split(",");
  assert.deepEqual(columns.slice(2, 6), ["file_name", "label", "confidence", "correction"]);
  assert.ok(cells.includes(",'=IMG_1.jpg,") && cells.includes(",Tom,"));
});

test("JSON keeps everything as the API said it", () => {
  assert.deepEqual(JSON.parse(asJson([ROW])), [ROW]);
});

test("large photos are reduced to 1024 pixels with their proportions, small ones stay", () => {
  assert.equal(isWorthReducing({ width: 800, height: 600, bytes: 100_000 }), false);
  assert.equal(isWorthReducing({ width: 4000, height: 3000, bytes: 100_000 }), true);
  assert.equal(isWorthReducing({ width: 800, height: 600, bytes: 5_000_000 }), true);
  assert.deepEqual(reducedSize({ width: 4000, height: 3000 }), { width: 853, height: 640 });
  assert.deepEqual(reducedSize({ width: 8000, height: 1000 }), { width: 5120, height: 640 });
  assert.deepEqual(reducedSize({ width: 400, height: 26_000 }), { width: 400, height: 26_000 });
  assert.deepEqual(reducedSize({ width: 800, height: 600 }), { width: 800, height: 600 });
});

test("a picture that the API does not read is told by its type", () => {
  const limits = { formats: ["JPEG", "PNG", "AVIF"] };
  assert.equal(isTaken("image/avif", limits), true);
  assert.equal(isTaken("image/svg+xml", limits), false);
  assert.equal(isTaken("image/jxl", limits), false);
  assert.equal(isTaken("image/avif", null), false);
  assert.equal(isTaken("", limits), true);
});

test("times and sizes are said as people say them", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  assert.equal(formatWhen("2026-11-22T11:59:30Z", now), "just now");
  assert.equal(formatWhen("2026-11-22T11:58:00Z", now), "2 minutes ago");
  assert.equal(formatWhen("2026-11-21T12:30:00Z", now), "23 hours ago");
  assert.equal(formatUntil("2026-11-23T00:00:00Z", now), "in 12 hours");
  assert.equal(formatBytes(67_400), "67 kB");
});

test("a token is usable until it is revoked or expires", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  assert.equal(expiresAt("never", now), null);
  const token = { revokedAt: null, expiresAt: expiresAt("30", now) };
  assert.equal(token.expiresAt, "2026-12-22T12:00:00.000Z");
  assert.equal(tokenState(token, now), "usable");
  assert.equal(tokenState(token, Date.parse(token.expiresAt)), "expired");
  assert.equal(tokenState({ ...token, revokedAt: token.expiresAt }, now), "revoked");
});
