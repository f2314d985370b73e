/** An answer as something to hand on: a picture with its caption, a text, a file. */

const SIDE_PIXELS = 640;
const CAPTION_PIXELS = 132;
const MARGIN_PIXELS = 28;

/**
 * Draws what the classifier saw, and below it what it is.
 *
 * @param {{address: string, title: string, subtitle: string}} answer
 * @returns {Promise<Blob>} a PNG
 */
export async function answerPicture({ address, title, subtitle }) {
  const photo = new Image();
  photo.src = address;
  await Promise.all([photo.decode(), document.fonts.ready]);
  const size = { width: SIDE_PIXELS, height: SIDE_PIXELS + CAPTION_PIXELS };
  const canvas = Object.assign(document.createElement("canvas"), size);
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(photo, 0, 0, SIDE_PIXELS, SIDE_PIXELS);
  write(context, title, { bold: 700, size: 44, baseline: SIDE_PIXELS + 60, color: "#1b2528" });
  write(context, subtitle, { bold: 400, size: 26, baseline: SIDE_PIXELS + 104, color: "#57646a" });
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function write(context, text, { bold, size, baseline, color }) {
  context.fillStyle = color;
  context.font = `${bold} ${size}px Figtree, sans-serif`;
  context.fillText(text, MARGIN_PIXELS, baseline, SIDE_PIXELS - 2 * MARGIN_PIXELS);
}

/** Puts text and picture into the clipboard; a program takes the one it can use. */
export async function copyAnswer(text, picture) {
  const asText = new Blob([text], { type: "text/plain" });
  try {
    // Promised, not awaited: a browser wants to be asked while the press lasts.
    await navigator.clipboard.write([
      new ClipboardItem({ "text/plain": asText, "image/png": picture }),
    ]);
  } catch {
    await navigator.clipboard.writeText(text);
  }
}

/** Opens the share sheet of the device; whoever closes it has changed their mind. */
export async function shareAnswer(text, picture) {
  const files = [new File([picture], "telltale.png", { type: "image/png" })];
  try {
    await navigator.share(navigator.canShare?.({ files }) ? { text, files } : { text });
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}
