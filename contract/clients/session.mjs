/** What the journeys in JavaScript share: who they are, a fetch that keeps a session, what they have seen. */

import { openAsBlob } from "node:fs";

export const { TELLTALE_URL, EMAIL, PASSWORD, PHOTO } = process.env;
export const CREDENTIALS = { email: EMAIL, password: PASSWORD };
export const TOKEN_WISH = { name: "a journey", scopes: ["READ", "PREDICT", "MANAGE"] };

/** A fetch that keeps cookies and repeats the CSRF cookie as a header, as a page of the site does. */
export function sessionFetch() {
  const cookies = new Map();
  return async (address, options = {}) => {
    const headers = new Headers(options.headers);
    if (cookies.size > 0) {
      headers.set("Cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    }
    if (cookies.has("csrftoken")) headers.set("X-CSRFToken", cookies.get("csrftoken"));
    const response = await fetch(address, { ...options, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value && value !== '""') cookies.set(name, value);
      else cookies.delete(name);
    }
    return response;
  };
}

/** A fetch whose only identity is a token. */
export function tokenFetch(secret) {
  return (address, options = {}) => {
    const headers = new Headers(options.headers);
    headers.set("Authorization", `Bearer ${secret}`);
    return fetch(address, { ...options, headers });
  };
}

export async function photo() {
  const blob = await openAsBlob(PHOTO);
  return new File([blob], "coffee.png", { type: "image/png" });
}

export async function photoAsBase64() {
  return Buffer.from(await (await photo()).arrayBuffer()).toString("base64");
}

export function notAPhoto() {
  return new File(["nothing to be seen"], "note.txt", { type: "text/plain" });
}

/** Tells the one who started this journey what came of it. */
export function tell(seen) {
  console.log(JSON.stringify(seen));
}
