/** Reduces a photo in the browser, so that a 12-megapixel shot sends a few hundred kilobytes. */

import { Unfit } from "../models/errors.js";
import { isTaken, isWorthReducing, reducedSize, requireSendable } from "../models/photo-size.js";

const JPEG_QUALITY = 0.9;

/**
 * @param {Blob} file
 * @param {{formats: string[], maxUploadBytes: number}|null} [limits] those of the API, where they are known
 * @returns {Promise<Blob>} what to send, in memory: the file may be gone before the last attempt
 * @throws {Unfit} the file can't be read any more, or would be refused
 */
export async function preparePhoto(file, limits = null) {
  await requireReadable(file);
  const photo = await reduced(file, limits);
  requireSendable(photo, limits);
  return photo === file ? new Blob([await bytesOf(file)], { type: file.type }) : photo;
}

/** A file that was moved, or a folder that looks like one, would else be taken for a failing network. */
async function requireReadable(file) {
  await bytesOf(file.slice(0, 1));
}

async function bytesOf(blob) {
  try {
    return await blob.arrayBuffer();
  } catch (error) {
    throw new Unfit("FILE_UNREADABLE", { cause: error });
  }
}

/**
 * A JPEG with the orientation applied; the file itself where it is small and the API reads it, or where this browser
 * cannot decode it: then the server says what is wrong with it.
 */
async function reduced(file, limits) {
  let bitmap;
  try {
    bitmap = await decoded(file);
    const { width, height } = bitmap;
    const mustConvert = !isTaken(file.type, limits);
    if (!mustConvert && !isWorthReducing({ width, height, bytes: file.size })) return file;
    const size = reducedSize({ width, height });
    const drawn = await draw(bitmap, size);
    // A file of few bytes may still be one of too many pixels for the API.
    const isNeeded = mustConvert || size.width < width;
    return drawn && (isNeeded || drawn.size < file.size) ? drawn : file;
  } catch {
    return file;
  } finally {
    bitmap?.close();
  }
}

async function decoded(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return await shown(file);
  }
}

/** What an `<img>` shows, and `createImageBitmap` does not decode: drawings (SVG). */
async function shown(file) {
  const image = new Image();
  const address = URL.createObjectURL(file);
  try {
    image.src = address;
    await image.decode();
    return await createImageBitmap(image);
  } finally {
    URL.revokeObjectURL(address);
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
