/**
 * Keeps the client's own files, so that it starts at once and without a network. Never an answer of the
 * API, a crop, or a photo: what is not in the list of the shell passes untouched.
 *
 * The build lists the files under a version made of their contents (assets/shell.js). The core of a version, with the
 * first words of one language, is fetched together and served together, the rest joins it when it is first used; the browser notices
 * a new version because the list is imported here. Where nothing was built there is no list, and this
 * worker leaves everything to the network.
 */

self.SHELL = { version: "none", core: [], later: [] };
try {
  importScripts("assets/shell.js");
} catch {
  // Not built.
}

const CACHE_PREFIX = "telltale-shell-";
const CACHE_NAME = `${CACHE_PREFIX}${self.SHELL.version}`;
/** Of the languages, the one that is spoken: register-service-worker.js names it. */
const LANGUAGE = new URL(self.location).searchParams.get("language");
const SCOPE = self.registration.scope;
/** Servers redirect index.html to its folder, and a redirected answer can't be served to a page. */
const LATER = self.SHELL.later.map((file) => addressOf(file));
const WORDS = LATER.filter((address) => address === addressOf(`words/${LANGUAGE}/first.js`));
const CORE = [...self.SHELL.core.map((file) => addressOf(file)), ...WORDS];
const SHELL = new Set([...CORE, ...LATER]);

self.addEventListener("install", (event) => {
  // What is sent is never of the shell. Past this worker it outlives the page, as the last deletion
  // has to; through it, Chromium drops what is on its way when the page goes.
  event.addRoutes?.({ condition: { requestMethod: "POST" }, source: "network" });
  event.waitUntil(keepShell());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOtherVersions());
});

self.addEventListener("fetch", (event) => {
  const address = shellAddress(event.request);
  if (address) event.respondWith(fromShell(address, event.request));
});

async function keepShell() {
  const isUpdate = (await caches.keys()).some((name) => name.startsWith(CACHE_PREFIX));
  const cache = await caches.open(CACHE_NAME);
  // On the first visit the page has just fetched them: nothing is transferred twice. Later, what the
  // browser kept may be old.
  const fetched = CORE.map(
    (address) => new Request(address, { cache: isUpdate ? "no-cache" : "force-cache" }),
  );
  await cache.addAll(fetched);
  // A page that is open is told, and starts anew at its next step.
  await self.skipWaiting();
}

async function forgetOtherVersions() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(CACHE_PREFIX) && name !== CACHE_NAME);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

function addressOf(file) {
  return new URL(file === "index.html" ? "./" : file, SCOPE).href;
}

/** The address under which the shell has what is asked for; null where it is none of its files. */
function shellAddress(request) {
  if (request.method !== "GET") return null;
  const url = new URL(request.url);
  const plain = url.origin + url.pathname;
  const address = plain === `${SCOPE}index.html` ? SCOPE : plain;
  return SHELL.has(address) ? address : null;
}

async function fromShell(address, request) {
  const cache = await caches.open(CACHE_NAME);
  const kept = await cache.match(address);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic") await cache.put(address, answer.clone());
  return answer;
}
