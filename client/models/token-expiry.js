/** How long a new token works, as a person chooses it. */

const DAY_MS = 86_400_000;

export const EXPIRIES = ["30", "90", "365", "never"];

/** @returns {string|null} the moment it stops working; null for never */
export function expiresAt(choice, nowMs = Date.now()) {
  return choice === "never" ? null : new Date(nowMs + Number(choice) * DAY_MS).toISOString();
}

/** @returns {"revoked"|"expired"|"usable"} */
export function tokenState(token, nowMs = Date.now()) {
  if (token.revokedAt) return "revoked";
  return token.expiresAt && Date.parse(token.expiresAt) <= nowMs ? "expired" : "usable";
}
