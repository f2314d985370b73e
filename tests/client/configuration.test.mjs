import assert from "node:assert/strict";
import { test } from "node:test";
import { Configuration, originOf } from "../../client/configuration.js";

const OWN = "https://telltale.example.org";
const OTHER = "https://api.example.org";

function memory() {
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
    items,
  };
}

function configure({ metaOrigin = "", deviceStorage = memory(), tabStorage = memory() } = {}) {
  return new Configuration({ metaOrigin, ownOrigin: OWN, deviceStorage, tabStorage });
}

test("by default the API is on the own origin and the session identifies", () => {
  const configuration = configure();
  assert.equal(configuration.addressOf("/graphql"), "/graphql");
  assert.equal(configuration.identifiesBy, "session");
  assert.equal(configuration.publicOrigin, OWN);
});

test("the page may name another origin, which gets a token", () => {
  const configuration = configure({ metaOrigin: `${OTHER}/some/path` });
  assert.equal(configuration.addressOf("/graphql"), `${OTHER}/graphql`);
  assert.equal(configuration.identifiesBy, "token");
  assert.equal(configuration.token, null);
});

test("a person's choice goes before the page's, and is remembered without the token", () => {
  const deviceStorage = memory();
  configure({ deviceStorage }).connect(`${OTHER}/`, " tt_secret ");
  const nextTab = configure({ deviceStorage });
  assert.equal(nextTab.apiOrigin, OTHER);
  assert.equal(nextTab.token, null);
  assert.ok(![...deviceStorage.items.values()].some((value) => value.includes("tt_secret")));
});

test("choosing the own origin is no other origin", () => {
  const configuration = configure();
  configuration.connect(OWN, "tt_secret");
  assert.equal(configuration.identifiesBy, "session");
  assert.equal(configuration.token, null);
});

test("disconnecting forgets origin and token", () => {
  const configuration = configure();
  configuration.connect(OTHER, "tt_secret");
  assert.equal(configuration.token, "tt_secret");
  configuration.disconnect();
  assert.equal(configuration.apiOrigin, "");
  assert.equal(configuration.token, null);
});

test("an address that is none is refused", () => {
  assert.throws(() => configure().connect("javascript:alert(1)", "tt_secret"), TypeError);
  assert.equal(originOf("telltale"), null);
  assert.equal(originOf(null), null);
});
