/**
 * Takes photos that are dropped or pasted on any page. Without it a browser would leave the client to
 * show the file.
 *
 * @param {(files: File[]) => void} onPhotos
 */
export function watchIncomingPhotos(onPhotos) {
  const mark = (isTarget) => document.documentElement.toggleAttribute("data-drop", isTarget);
  const offer = (transfer) => {
    const files = [...(transfer?.files ?? [])];
    if (files.length > 0) onPhotos(files);
  };
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener("drop", (event) => {
    mark(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    offer(event.dataTransfer);
  });
  document.addEventListener("paste", (event) => offer(event.clipboardData));
}

function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
