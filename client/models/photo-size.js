/** How large a photo has to be for a classifier that looks at 224×224 pixels, and may be. */

import { Unfit } from "./errors.js";

// Of the shorter side, for the classifier looks at the square in the middle: a panorama that is
// reduced by its longer side has nothing left to see in it.
const SHORTER_SIDE_PIXELS = 640;
const LARGE_ENOUGH_PIXELS = 1000;
const LARGE_ENOUGH_BYTES = 600_000;

export function isWorthReducing({ width, height, bytes }) {
  return bytes > LARGE_ENOUGH_BYTES || Math.min(width, height) > LARGE_ENOUGH_PIXELS;
}

/**
 * Whether the API reads what the browser takes the file for.
 *
 * @param {string} type such as "image/png"; empty where the browser does not know
 * @param {{formats: string[]}|null} limits null where they are not known
 */
export function isTaken(type, limits) {
  const name = type.replace("image/", "").toUpperCase();
  return !name || (limits?.formats ?? ["JPEG", "PNG", "WEBP", "GIF"]).includes(name);
}

/** Whether a file says it is a picture; of one that says nothing its name tells, as of a HEIC on some systems. */
export function mayBePhoto({ name = "", type }) {
  return (
    type.startsWith("image/") ||
    (!type && /\.(avif|bmp|gif|hei[cf]|jpe?g|png|tiff?|webp)$/i.test(name))
  );
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

/** The size with the same proportions that is enough; never larger than the photo. */
export function reducedSize({ width, height }) {
  const scale = Math.min(1, SHORTER_SIDE_PIXELS / Math.min(width, height));
  const pixels = (side) => Math.max(1, Math.round(side * scale));
  return { width: pixels(width), height: pixels(height) };
}
