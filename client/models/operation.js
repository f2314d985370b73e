/** What all operations are made of. */

export const ERRORS = "errors { code message field retryAfterSeconds }";

/** @returns {{name: string, document: string}} */
export function operation(name, body, ...fragments) {
  return { name, document: [body, ...fragments].join("\n\n") };
}
