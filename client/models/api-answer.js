/** Reads an HTTP answer of the API, however it was requested. */

import { Asleep, Refused } from "./errors.js";

const GATEWAY_STATUSES = [502, 503, 504];

/** Whether something in front of the server answered in its place. */
export function isGateway(status) {
  return GATEWAY_STATUSES.includes(status);
}

/**
 * @param {number} status HTTP status
 * @param {string} text body
 * @returns {object} the `data` of the GraphQL answer
 * @throws {Asleep|Refused}
 */
export function readAnswer(status, text) {
  if (isGateway(status)) throw new Asleep(`Status ${status}`);
  const answer = parse(text);
  const error = answer?.errors?.[0];
  if (error) {
    // What is too large for a request is refused before anybody knows that it is a photo.
    const code = status === 413 ? codeOf(status) : (error.extensions?.code ?? "UNKNOWN");
    throw new Refused({ code, message: error.message, status });
  }
  if (!answer?.data) throw new Refused({ code: codeOf(status), message: "", status });
  return answer.data;
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
