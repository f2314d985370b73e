/** How large a photo has to be for a classifier that looks at 224×224 pixels, and may be. */

import { Unfit } from "./errors.js";

const LONGEST_SIDE_PIXELS = 1024;
const LARGE_ENOUGH_PIXELS = 1600;
const LARGE_ENOUGH_BYTES = 600_000;

export function isWorthReducing({ width, height, bytes }) {
  return bytes > LARGE_ENOUGH_BYTES || Math.max(width, height) > LARGE_ENOUGH_PIXELS;
}

/**
 * Spares an upload that would be refused: a file that could not be reduced, because it is no photo
 * this browser can decode.
 *
 * @param {Blob} photo
 * @param {{maxUploadBytes: number}|null} limits null where they are not known
 * @throws {Unfit}
 */
export function requireSendable(photo, limits) {
  if (limits && photo.size > limits.maxUploadBytes) throw new Unfit("IMAGE_TOO_LARGE");
}

/** The size with the same proportions that fits; never larger than the photo. */
export function reducedSize({ width, height }) {
  const scale = Math.min(1, LONGEST_SIDE_PIXELS / Math.max(width, height));
  const pixels = (side) => Math.max(1, Math.round(side * scale));
  return { width: pixels(width), height: pixels(height) };
}
