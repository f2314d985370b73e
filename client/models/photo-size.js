/** How large a photo has to be for a classifier that looks at 224×224 pixels. */

const LONGEST_SIDE_PIXELS = 1024;
const LARGE_ENOUGH_PIXELS = 1600;
const LARGE_ENOUGH_BYTES = 600_000;

export function isWorthReducing({ width, height, bytes }) {
  return bytes > LARGE_ENOUGH_BYTES || Math.max(width, height) > LARGE_ENOUGH_PIXELS;
}

/** The size with the same proportions that fits; never larger than the photo. */
export function reducedSize({ width, height }) {
  const scale = Math.min(1, LONGEST_SIDE_PIXELS / Math.max(width, height));
  const pixels = (side) => Math.max(1, Math.round(side * scale));
  return { width: pixels(width), height: pixels(height) };
}
