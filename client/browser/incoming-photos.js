/**
 * Takes photos that are dropped or pasted on any page, folders with all that is in them. Without it a browser would
 * leave the client to show the file.
 *
 * @param {object} options
 * @param {string} options.invitation shown while files are over the page
 * @param {(files: File[], target: Element) => void} options.onFiles `target` is where they were dropped
 */
export function watchIncomingPhotos({ invitation, onFiles }) {
  const root = document.documentElement;
  const offer = (files, { target }) => {
    if (files.length > 0) onFiles(files, target);
  };
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    root.dataset.drop = invitation;
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) delete root.dataset.drop;
  });
  document.addEventListener("drop", async (event) => {
    delete root.dataset.drop;
    if (!hasFiles(event)) return;
    event.preventDefault();
    offer(await filesOf(event.dataTransfer), event);
  });
  document.addEventListener("paste", (event) =>
    offer([...(event.clipboardData?.files ?? [])], event),
  );
}

function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** What was dropped has to be asked for at once: it is gone with the event. A file of a folder has its name as `folder`. */
async function filesOf(transfer) {
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
  found.sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
  return (await Promise.all(found.map((inner) => filesIn(inner, entry.name)))).flat();
}
