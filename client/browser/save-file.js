/** Hands a text or a picture to the person as a file. */

const REVOKE_AFTER_MS = 60_000; // a browser may ask where to save before it reads

export function saveFile(name, type, content) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  saveFrom(address, name);
}

/** Saves what is at an address; one of an object is revoked afterwards. */
export function saveFrom(address, name) {
  const anchor = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  if (address.startsWith("blob:")) {
    setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS);
  }
}
