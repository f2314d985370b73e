/** From a file on disk to what `ImageInput.base64` takes. */

/** As in the client (client/models/photo-size.js): the same photo has the same answer in both. */
const SHORTER_SIDE_PIXELS = 640;
const LARGE_ENOUGH_PIXELS = 1000;
const LARGE_ENOUGH_BYTES = 600_000;
const TAKEN_AS_IT_IS = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const JPEG_QUALITY = 0.9;
const MAX_UNREDUCED_BYTES = 4_000_000; // at nine million GraphiQL's editor runs out of stack

/**
 * Reduce a large photo to a JPEG of 640 pixels on the shorter side, upright, transparency on white. A small one stays
 * as it is, and so does what the browser can't decode: the server may know it, or says why it does not.
 *
 * @param {Blob} file
 * @returns {Promise<Blob>}
 * @throws {Error} too large to stay as it is; the message is for the user.
 */
export async function reducePhoto(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    if (file.size <= MAX_UNREDUCED_BYTES) return file;
    throw new Error("this browser can't reduce it, and it is too large for the editor.");
  }
  try {
    const { width, height } = bitmap;
    const isLarge = file.size > LARGE_ENOUGH_BYTES || Math.min(width, height) > LARGE_ENOUGH_PIXELS;
    if (!isLarge && TAKEN_AS_IT_IS.includes(file.type)) return file;
    return await drawn(bitmap);
  } finally {
    bitmap.close();
  }
}

/** @returns {Promise<string>} the bytes in base64. */
export async function toBase64(blob) {
  const reader = new FileReader();
  await new Promise((resolve, reject) => {
    reader.onload = resolve;
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
  return reader.result.slice(reader.result.indexOf(",") + 1);
}

function drawn(bitmap) {
  const scale = Math.min(1, SHORTER_SIDE_PIXELS / Math.min(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    const done = (blob) =>
      blob ? resolve(blob) : reject(new Error("this browser can't write it as a JPEG."));
    canvas.toBlob(done, "image/jpeg", JPEG_QUALITY);
  });
}
