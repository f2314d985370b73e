/** Reduces a photo in the browser, so that a 12-megapixel shot sends a few hundred kilobytes. */

import { isWorthReducing, reducedSize } from "../models/photo-size.js";

const JPEG_QUALITY = 0.9;

/**
 * @param {Blob} file
 * @returns {Promise<Blob>} a JPEG with the orientation applied; the file itself where it is small, or
 *   where this browser cannot decode it: then the server says what is wrong with it
 */
export async function reducePhoto(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const { width, height } = bitmap;
    if (!isWorthReducing({ width, height, bytes: file.size })) return file;
    const reduced = await draw(bitmap, reducedSize({ width, height }));
    return reduced && reduced.size < file.size ? reduced : file;
  } catch {
    return file;
  } finally {
    bitmap?.close();
  }
}

function draw(bitmap, { width, height }) {
  const canvas = newCanvas(width, height);
  const context = canvas.getContext("2d");
  // A JPEG has no alpha: what is transparent would become black.
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return encoded(canvas);
}

function newCanvas(width, height) {
  if (globalThis.OffscreenCanvas) return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

function encoded(canvas) {
  const type = "image/jpeg";
  if (canvas.convertToBlob) return canvas.convertToBlob({ type, quality: JPEG_QUALITY });
  return new Promise((resolve) => canvas.toBlob(resolve, type, JPEG_QUALITY));
}
