/**
 * A plain sentence for everything that can go wrong, and the way on.
 *
 * `remedy` names what helps: "retry" the same again, "choose" another photo, "sign-in", or null where the sentence
 * is all there is to say.
 */

import { formatBytes, formatList, formatUntil, formatWait } from "./formats.js";
import { hasWords, say } from "./words.js";

const REMEDIES = {
  UNREACHABLE: "retry",
  ASLEEP: "retry",
  BUSY: "retry",
  INTERNAL_SERVER_ERROR: "retry",
  RATE_LIMITED: "retry",
  UNAUTHENTICATED: "sign-in",
  IMAGE_EMPTY: "choose",
  FILE_UNREADABLE: "choose",
  IMAGE_UNREADABLE: "choose",
  IMAGE_BASE64_INVALID: "retry",
  IMAGE_TOO_LARGE: "choose",
  IMAGE_TOO_SMALL: "choose",
  IMAGE_FORMAT_UNSUPPORTED: "choose",
  IMAGE_IN_HDR: "choose",
  IMAGE_KIND_UNSUPPORTED: "choose",
  MODEL_UNKNOWN: "built-in",
  IDEMPOTENCY_KEY_INVALID: "choose",
  IDEMPOTENCY_KEY_REUSED: "choose",
  EMAIL_TAKEN: "sign-in",
};

/**
 * @param {{code?: string, message?: string}} error an ApiError, one of its `errors`, or any other
 * @param {object} [known] `limits` and `quota` of the API, where they are known
 * @returns {{sentence: string, remedy: string|null}}
 */
export function explain(error, { limits = null, quota = null } = {}) {
  const { code, message = "" } = error;
  // What only the place knows how to say: it has said it.
  if (code === "OWN_WORDS") return { sentence: message, remedy: null };
  if (!hasWords(`errors.${code}`)) return { sentence: say("errors.unknown"), remedy: "retry" };
  const sentence = withNumbers(error, limits, quota) ?? say(`errors.${code}`, { message });
  return { sentence, remedy: REMEDIES[code] ?? null };
}

function withNumbers({ code, retryAfterSeconds }, limits, quota) {
  switch (code) {
    case "RATE_LIMITED":
    case "TOO_MANY_ATTEMPTS":
      return say(`errors.${code}`, { when: later(retryAfterSeconds) });
    case "IMAGE_TOO_LARGE":
      return limits && tooLarge(limits);
    case "IMAGE_TOO_SMALL":
      return limits && say("errors.imageTooSmallFor", { count: limits.minSidePixels });
    case "IMAGE_FORMAT_UNSUPPORTED":
      return say("errors.IMAGE_FORMAT_UNSUPPORTED", { formats: formats(limits) });
    case "QUOTA_SPENT":
      return say("errors.QUOTA_SPENT", { when: renewal(quota) });
    default:
      return null;
  }
}

function later(seconds) {
  return seconds ? formatWait(seconds * 1000) : say("time.soon");
}

function tooLarge({ maxPixels, maxUploadBytes }) {
  const megapixels = Math.floor(maxPixels / 1e6);
  return say("errors.imageTooLargeFor", { size: formatBytes(maxUploadBytes), megapixels });
}

function formats(limits) {
  const names = limits?.formats ?? ["JPEG", "PNG", "WEBP", "GIF"];
  return formatList(names.map((name) => (name === "WEBP" ? "WebP" : name)));
}

function renewal(quota) {
  return quota ? formatUntil(quota.resetsAt) : say("time.tomorrow");
}
