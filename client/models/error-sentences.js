/**
 * A plain sentence for everything that can go wrong, and the way on.
 *
 * `remedy` names what helps: "retry" the same again, "choose" another photo, "log-in", "forgotten-password",
 * or null where the sentence is all there is to say.
 */

import { formatBytes, formatNumber, formatUntil, formatWait } from "./formats.js";

/** The server knows nothing of what this client asks: one of the two is older. */
const OUTDATED = ["This page doesn’t fit the server any more. Reload it, then try again.", null];

const ENTRIES = {
  UNREACHABLE: ["Telltale can’t be reached. Check your connection, then try again.", "retry"],
  ASLEEP: ["The server is still waking up. Give it another minute, then try again.", "retry"],
  BUSY: ["Telltale has its hands full right now. Try again in a moment.", "retry"],
  COST_LIMIT_EXCEEDED: ["That asks for too much at once.", null],
  INTERNAL_SERVER_ERROR: ["Something went wrong on our side. Try again.", "retry"],
  UNAUTHENTICATED: ["You are logged out. Log in to go on.", "log-in"],
  FORBIDDEN: ["The server doesn’t allow this with your token.", null],
  NOT_FOUND: ["It is no longer there.", null],
  BAD_USER_INPUT: ["The server can’t do anything with this request.", null],
  GRAPHQL_PARSE_FAILED: OUTDATED,
  GRAPHQL_VALIDATION_FAILED: OUTDATED,
  IMAGE_EMPTY: ["This file is empty. Choose another photo.", "choose"],
  IMAGE_UNREADABLE: ["This photo is damaged or incomplete. Choose another one.", "choose"],
  IMAGE_BASE64_INVALID: ["This photo got damaged on its way. Try again.", "retry"],
  MODEL_UNKNOWN: ["This model isn’t there any more. Try again.", "retry"],
  IDEMPOTENCY_KEY_INVALID: [
    "Something went wrong with this upload. Choose the photo again.",
    "choose",
  ],
  IDEMPOTENCY_KEY_REUSED: [
    "Something went wrong with this upload. Choose the photo again.",
    "choose",
  ],
  CREDENTIALS_INVALID: ["The e-mail address or the password is wrong.", "forgotten-password"],
  EMAIL_INVALID: ["This is no e-mail address.", null],
  EMAIL_TAKEN: ["There is an account with this e-mail address already.", "log-in"],
  PASSWORD_INCORRECT: ["This is not your current password.", null],
  RESET_TOKEN_INVALID: [
    "This code is wrong, used already, or older than an hour.",
    "forgotten-password",
  ],
  TOKEN_EXPIRY_INVALID: ["The expiry has to be in the future.", null],
  TOKEN_SCOPES_EMPTY: ["Choose at least one thing the token may do.", null],
};

/** What the server says itself says it best: it knows the numbers. */
const IN_THE_SERVERS_WORDS = [
  "PASSWORD_REJECTED",
  "TOO_MANY_ATTEMPTS",
  "TOKEN_LIMIT_REACHED",
  "TOKEN_NAME_INVALID",
  "OWN_WORDS", // this client's, where only the place knows what to say
];

const FALLBACK = ["Something unexpected went wrong. Try again.", "retry"];

/**
 * @param {{code?: string, message?: string}} error an ApiError, one of its `errors`, or any other
 * @param {object} [known] `limits` and `quota` of the API, where they are known
 * @returns {{sentence: string, remedy: string|null}}
 */
export function explain(error, { limits = null, quota = null } = {}) {
  if (IN_THE_SERVERS_WORDS.includes(error.code)) {
    return { sentence: error.message, remedy: null };
  }
  const [sentence, remedy] = withNumbers(error, limits, quota) ?? ENTRIES[error.code] ?? FALLBACK;
  return { sentence, remedy };
}

function withNumbers({ code, retryAfterSeconds }, limits, quota) {
  switch (code) {
    case "RATE_LIMITED":
      return [`That was tried too often. Try again ${later(retryAfterSeconds)}.`, "retry"];
    case "IMAGE_TOO_LARGE":
      return [`This photo is too large${atMost(limits)}. Choose a smaller one.`, "choose"];
    case "IMAGE_TOO_SMALL":
      return [
        `This picture is too small${limits ? `: each side needs at least ${limits.minSidePixels} pixels` : ""}. Choose a larger one.`,
        "choose",
      ];
    case "IMAGE_FORMAT_UNSUPPORTED":
      return [`This is no photo Telltale can read. It takes ${formats(limits)}.`, "choose"];
    case "QUOTA_SPENT":
      return [`Today’s photos are used up. There are new ones ${renewal(quota)}.`, null];
    default:
      return null;
  }
}

function later(seconds) {
  return seconds ? formatWait(seconds * 1000) : "in a while";
}

function atMost(limits) {
  if (!limits) return "";
  const megapixels = formatNumber(Math.floor(limits.maxPixels / 1e6));
  return `: at most ${formatBytes(limits.maxUploadBytes)} and ${megapixels} megapixels`;
}

function formats(limits) {
  const names = (limits?.formats ?? ["JPEG", "PNG", "WEBP", "GIF"]).map((name) =>
    name === "WEBP" ? "WebP" : name,
  );
  return new Intl.ListFormat("en", { type: "disjunction" }).format(names);
}

function renewal(quota) {
  return quota ? formatUntil(quota.resetsAt) : "tomorrow";
}
