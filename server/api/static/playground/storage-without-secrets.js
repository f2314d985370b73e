/**
 * What GraphiQL remembers in the browser, without photos and secrets: a photo would burst the quota,
 * and a password does not belong on a disk. Both live in the page until it is closed.
 */
const FORGOTTEN = /^(base64|.*password|.*secret|.*token)$/i;

export class StorageWithoutSecrets {
  #storage;
  #defaults;

  /**
   * @param {Storage} storage where the rest is kept.
   * @param {Record<string, string>} defaults what is read where nothing is kept.
   */
  constructor(storage, defaults = {}) {
    this.#storage = storage;
    this.#defaults = defaults;
  }

  get length() {
    return this.#keys().length;
  }

  getItem(key) {
    return this.#storage.getItem(key) ?? this.#defaults[key] ?? null;
  }

  setItem(key, value) {
    this.#storage.setItem(key, withoutSecrets(key, value));
  }

  removeItem(key) {
    this.#storage.removeItem(key);
  }

  clear() {
    for (const key of this.#keys()) this.#storage.removeItem(key);
  }

  #keys() {
    return Object.keys(this.#storage).filter((key) => key.startsWith("graphiql:"));
  }
}

/** What may be kept of `value`, by the member of GraphiQL's state that `key` names. */
function withoutSecrets(key, value) {
  switch (key) {
    case "graphiql:variables":
      return cleanVariables(value);
    case "graphiql:tabState":
      return cleanMembers(value, "tabs");
    case "graphiql:queries":
      return cleanMembers(value, "queries");
    case "graphiql:favorites":
      return cleanMembers(value, "favorites");
    default:
      return value;
  }
}

function cleanMembers(json, name) {
  const state = JSON.parse(json);
  for (const item of state[name]) {
    if (item.variables) item.variables = cleanVariables(item.variables);
    item.headers = null;
  }
  return JSON.stringify(state);
}

/** The same text where there is nothing to forget; nothing where it can't be told. */
function cleanVariables(text) {
  let hasSecrets = false;
  const forget = (name, value) => {
    if (typeof value !== "string" || value === "" || !FORGOTTEN.test(name)) return value;
    hasSecrets = true;
    return "";
  };
  try {
    const variables = JSON.parse(text, forget);
    return hasSecrets ? JSON.stringify(variables, null, 2) : text;
  } catch {
    return "";
  }
}
