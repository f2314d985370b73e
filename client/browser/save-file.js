/** Hands a text to the person as a file. */

const REVOKE_AFTER_MS = 60_000; // a browser may ask where to save before it reads

export function saveFile(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS);
}
