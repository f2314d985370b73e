/**
 * Photos whose answer is not kept yet, in IndexedDB: neither a reload nor a crash loses one.
 *
 * A page holds a lock as long as it lives, and what it stores bears the lock's name: what another page left behind
 * is known by that. Where a browser keeps nothing (a private window, no secure origin) the photos live in the page.
 */

const NAME = "telltale";
const PHOTOS = "photos";
const LOCK = "telltale:page:";

export class PhotoStore {
  #page = LOCK + Math.random().toString(36).slice(2);
  #opened = null;

  constructor() {
    navigator.locks?.request(this.#page, () => new Promise(() => {}));
  }

  async put({ key, name, account, file, model, prediction, number }) {
    const page = this.#page;
    await this.#do("readwrite", (photos) =>
      photos.put({ key, name, account, file, model, prediction, number, page }),
    );
  }

  async delete(key) {
    await this.#do("readwrite", (photos) => photos.delete(key));
  }

  /** Leaves nothing, not even the place for it. */
  async clear() {
    (await this.#opened?.catch(() => null))?.close();
    this.#opened = null;
    await promised(indexedDB.deleteDatabase(NAME)).catch(() => {});
  }

  /** @returns {Promise<object[]>} what pages have left behind, in its order */
  async leftBehind() {
    const databases = (await indexedDB.databases?.().catch(() => [])) ?? [];
    if (!databases.some(({ name }) => name === NAME)) return [];
    const { held } = (await navigator.locks?.query()) ?? { held: [] };
    const living = new Set(held.map(({ name }) => name));
    const all = (await this.#do("readonly", (photos) => photos.getAll())) ?? [];
    const left = all.filter(({ page }) => !living.has(page));
    return left.sort((one, other) => one.number - other.number);
  }

  async #do(mode, work) {
    try {
      this.#opened ??= opened(() => {
        this.#opened = null;
      });
      const transaction = (await this.#opened).transaction(PHOTOS, mode);
      return await promised(work(transaction.objectStore(PHOTOS)));
    } catch {
      return undefined;
    }
  }
}

/** Another page that clears it is not kept waiting. */
async function opened(onClosed) {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(PHOTOS, { keyPath: "key" });
  const database = await promised(request);
  database.onversionchange = () => {
    database.close();
    onClosed();
  };
  return database;
}

function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
