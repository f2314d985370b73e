import { button, element } from "../../browser/element.js";
import { CREATE_API_TOKEN, REVOKE_API_TOKEN, TOKENS } from "../../models/account-operations.js";
import { explain } from "../../models/error-sentences.js";
import { formatDate, formatWhen } from "../../models/formats.js";
import { EXPIRIES, expiresAt, tokenState } from "../../models/token-expiry.js";
import { say } from "../../models/words.js";
import { ConfirmDialog } from "../confirm-dialog/confirm-dialog.js";
import { EntryForm } from "../entry-form/entry-form.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";

const SCOPES = ["READ", "PREDICT", "MANAGE"];
const CHOSEN_SCOPES = ["READ", "PREDICT"];
const COPIED_FOR_MS = 2_000;

/** Personal access tokens: make, copy once, revoke. Properties: `api`, `configuration`. */
export class TokenList extends HTMLElement {
  static parts = [ConfirmDialog, EntryForm, RequestDisclosure];

  #abort;
  #list = element("ul", { role: "list" });
  #problem = element("p", { class: "problem", role: "alert" });
  #secret = element("div", { class: "secret", role: "status" });
  api;
  configuration;

  // Lifecycle

  connectedCallback() {
    this.#abort = new AbortController();
    const disclosure = element("request-disclosure");
    disclosure.configuration = this.configuration;
    disclosure.request = { operation: TOKENS, variables: {} };
    this.replaceChildren(
      element("p", { class: "hint" }, say("tokens.hint")),
      this.#secret,
      this.#problem,
      this.#list,
      element("details", {}, element("summary", {}, say("tokens.make")), this.#form()),
      disclosure,
    );
    this.load();
  }

  disconnectedCallback() {
    this.#abort.abort();
  }

  // Actions

  async load() {
    try {
      const { viewer } = await this.api.query(TOKENS, {}, { signal: this.#abort.signal });
      this.#list.replaceChildren(...viewer.apiTokens.map((token) => this.#item(token)));
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#problem.textContent = explain(error).sentence;
    }
  }

  // Private

  #item(token) {
    const state = tokenState(token);
    return element(
      "li",
      { "data-state": state },
      element(
        "div",
        { class: "text" },
        element("strong", {}, token.name),
        element(
          "span",
          {},
          element("code", {}, `${token.hint}…`),
          ` ${token.scopes.map((scope) => say(`tokens.${scope}`)).join(", ")}`,
        ),
        element("span", {}, life(token, state)),
      ),
      state === "usable" &&
        button(say("tokens.revoke"), {
          "aria-label": say("tokens.revokeOne", token),
          on: { click: () => this.#revoke(token) },
        }),
    );
  }

  async #revoke(token) {
    const dialog = element("confirm-dialog");
    this.append(dialog);
    const isSure = await dialog.ask({
      title: say("tokens.revokeTitle", token),
      text: say("tokens.revokeText"),
      confirm: say("tokens.revoke"),
    });
    dialog.remove();
    if (!isSure) return;
    this.#problem.textContent = "";
    try {
      await this.api.mutate(REVOKE_API_TOKEN, { input: { id: token.id } });
    } catch (error) {
      this.#problem.textContent = explain(error).sentence;
    }
    this.load();
  }

  #form() {
    const form = element("entry-form");
    const expiries = EXPIRIES.map((value) => ({
      value,
      text: say(`tokens.expiries.${value}`),
      isChosen: value === "90",
    }));
    const scopes = SCOPES.map((value) => ({
      value,
      text: say(`tokens.${value}`),
      isChosen: CHOSEN_SCOPES.includes(value),
    }));
    Object.assign(form, {
      fields: [
        {
          name: "name",
          label: say("tokens.name"),
          required: true,
          maxlength: "100",
          autocomplete: "off",
        },
        {
          name: "scopes",
          label: say("tokens.scopes"),
          options: { areSeveral: true, choices: scopes },
        },
        { name: "expiry", label: say("tokens.expiry"), options: { choices: expiries } },
      ],
      submitLabel: say("tokens.submit"),
      action: ({ name, scopes: chosen, expiry }) =>
        this.api.mutate(CREATE_API_TOKEN, {
          input: { name, scopes: chosen, expiresAt: expiresAt(expiry) },
        }),
    });
    form.addEventListener("done", (event) => {
      form.reset();
      form.closest("details").open = false;
      this.#showSecret(event.detail.secret);
      this.load();
    });
    return form;
  }

  #showSecret(secret) {
    const code = element("code", { tabindex: "0" }, secret);
    const copy = button(say("page.copy"), {
      class: "button primary",
      iconName: "copy",
      on: { click: () => copySecret(copy, code) },
    });
    const done = button(say("page.done"), { on: { click: () => this.#secret.replaceChildren() } });
    this.#secret.replaceChildren(
      element("p", {}, say("tokens.secret")),
      code,
      element("div", { class: "actions" }, copy, done),
    );
    this.#secret.scrollIntoView({ block: "nearest" });
  }
}

async function copySecret(copy, code) {
  const text = copy.querySelector("span");
  try {
    await navigator.clipboard.writeText(code.textContent);
    text.textContent = say("page.copied");
  } catch {
    getSelection().selectAllChildren(code);
    text.textContent = say("page.selected");
  }
  setTimeout(() => {
    text.textContent = say("page.copy");
  }, COPIED_FOR_MS);
}

function life({ createdAt, expiresAt: end, lastUsedAt, revokedAt }, state) {
  if (state === "revoked") return say("tokens.revoked", { date: formatDate(revokedAt) });
  const used = lastUsedAt
    ? say("tokens.lastUsed", { when: formatWhen(lastUsedAt) })
    : say("tokens.neverUsed");
  if (state === "expired") return say("tokens.expired", { date: formatDate(end), used });
  const date = formatDate(createdAt);
  if (!end) return say("tokens.made", { date, used });
  return say("tokens.madeUntil", { date, used, end: formatDate(end) });
}
