/** Reads an HTTP answer of the API, however it was requested. */

import { Asleep, Refused } from "./errors.js";

const GATEWAY_STATUSES = [502, 503, 504];

/**
 * @param {object} answer
 * @param {number} answer.status HTTP status
 * @param {string} answer.text body
 * @param {string|null} [answer.retryAfter] the header of this name
 * @returns {object} the `data` of the GraphQL answer
 * @throws {Asleep|Refused}
 */
export function readAnswer({ status, text, retryAfter = null }) {
  const answer = parse(text);
  const error = answer?.errors?.[0];
  // The API itself answers 503 where it is busy: only another answer means that it sleeps.
  if (!error && GATEWAY_STATUSES.includes(status)) throw new Asleep(`Status ${status}`);
  if (!error && answer?.data) return answer.data;
  // What is too large for a request is refused before anybody knows that it is a photo.
  const isOwn = error && status !== 413;
  throw new Refused({
    code: isOwn ? (error.extensions?.code ?? "UNKNOWN") : codeOf(status),
    message: error?.message ?? "",
    status,
    retryAfterSeconds: error?.extensions?.retryAfterSeconds ?? secondsOf(retryAfter),
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A proxy in between refuses in its own words, so only the status is left to tell by. */
function codeOf(status) {
  if (status === 413) return "IMAGE_TOO_LARGE";
  return status === 429 ? "RATE_LIMITED" : "INTERNAL_SERVER_ERROR";
}

/** A number of seconds; the header may hold a date instead, which no proxy of ours sends. */
function secondsOf(retryAfter) {
  return /^\d+$/.test(retryAfter ?? "") ? Number(retryAfter) : null;
}
