/**
 * What was dropped, folders with all that is in them. It has to be asked for at once: it is gone with the event.
 *
 * @param {DataTransfer} transfer
 * @returns {Promise<File[]>} of a folder, each has its name as `folder`
 */
export async function droppedFiles(transfer) {
  const files = [...transfer.files];
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.());
  if (!entries.some((entry) => entry?.isDirectory)) return files;
  return (await Promise.all(entries.filter(Boolean).map((entry) => filesIn(entry)))).flat();
}

async function filesIn(entry, folder = "") {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [Object.assign(file, { folder })];
  }
  const reader = entry.createReader();
  const found = [];
  // A reader gives a hundred at a time, and in the end none.
  for (let some = [null]; some.length > 0; found.push(...some)) {
    some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  }
  return (await Promise.all(found.map((inner) => filesIn(inner, entry.name)))).flat();
}

const PHOTO = /\.(jpe?g|png|webp|gif|avif|heic|heif|bmp|tiff?)$/i;

/** Whether a file may be a photo, by what its folder knows of it. */
export function isPhoto({ name, type }) {
  return !name.startsWith(".") && (type.startsWith("image/") || PHOTO.test(name));
}
