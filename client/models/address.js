/**
 * Where in the client somebody is: `#/history?label=tabby` is the path "/history" with parameters.
 *
 * The place stands in the fragment, so that a deep link works on every static host without rewrites,
 * and a code in it (`#/reset-password?token=…`) never reaches a server or its log.
 */

export function parseAddress(fragment) {
  const [path, search = ""] = fragment.replace(/^#/, "").split(/\?(.*)/s);
  const parts = path.split("/").filter(Boolean).map(decoded);
  return { path: `/${parts.join("/")}`, parts, parameters: new URLSearchParams(search) };
}

/** @param {object} [parameters] empty ones are left out */
export function formatAddress(parts, parameters = {}) {
  const path = parts.map(encodeURIComponent).join("/");
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== "" && value !== null && value !== undefined) search.set(name, value);
  }
  return `#/${path}${search.size ? `?${search}` : ""}`;
}

/** What comes after logging in: only a place in this client, whatever the link says. */
export function safeNext(parameters) {
  const next = parameters.get("next") ?? "";
  return next.startsWith("#/") ? next : "#/";
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
