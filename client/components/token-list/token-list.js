import { ago } from "../../browser/ago.js";
import { copyButton } from "../../browser/copy-text.js";
import { isSure } from "../../browser/dialog.js";
import { actions, button, element } from "../../browser/element.js";
import { LiveElement } from "../../browser/live-element.js";
import { CREATE_API_TOKEN, REVOKE_API_TOKEN, TOKENS } from "../../models/account-operations.js";
import { explain } from "../../models/error-sentences.js";
import { formatDate } from "../../models/formats.js";
import { EXPIRIES, expiresAt, tokenState } from "../../models/token-expiry.js";
import { say, sayAround } from "../../models/words.js";
import { EntryForm } from "../entry-form/entry-form.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";

const SCOPES = ["READ", "PREDICT", "MANAGE"];
const CHOSEN_SCOPES = ["READ", "PREDICT"];

/** Personal access tokens: make, copy once, revoke. Properties: `api`, `configuration`. */
export class TokenList extends LiveElement {
  static parts = [EntryForm, RequestDisclosure];

  #list = element("ul", { role: "list" });
  #problem = element("p", { class: "problem", role: "alert" });
  #secret = element("div", { class: "secret", role: "status" });
  api;
  configuration;

  // Lifecycle

  connectedCallback() {
    const { configuration } = this;
    const request = { operation: TOKENS, variables: {} };
    this.replaceChildren(
      element("p", { class: "hint" }, say("tokens.hint")),
      this.#secret,
      this.#problem,
      this.#list,
      element("details", {}, element("summary", {}, say("tokens.make")), this.#form()),
      element("request-disclosure", { set: { configuration, request } }),
    );
    this.load();
  }

  // Actions

  async load() {
    try {
      const { viewer } = await this.api.query(TOKENS, {}, { signal: this.signal });
      this.#list.replaceChildren(...viewer.apiTokens.map((token) => this.#item(token)));
    } catch (error) {
      if (!this.signal.aborted) this.#problem.textContent = explain(error).sentence;
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
    const title = say("tokens.revokeTitle", token);
    const text = say("tokens.revokeText");
    if (!(await isSure(this, { title, text, confirm: say("tokens.revoke") }))) return;
    this.#problem.textContent = "";
    try {
      await this.api.mutate(REVOKE_API_TOKEN, { input: { id: token.id } });
    } catch (error) {
      this.#problem.textContent = explain(error).sentence;
    }
    this.load();
  }

  #form() {
    const choices = (values, prefix, chosen) =>
      values.map((value) => ({
        value,
        text: say(`tokens.${prefix}${value}`),
        isChosen: chosen.includes(value),
      }));
    const scopes = choices(SCOPES, "", CHOSEN_SCOPES);
    const expiries = choices(EXPIRIES, "expiries.", ["90"]);
    const set = {
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
    };
    const done = ({ currentTarget: form, detail }) => {
      form.reset();
      form.closest("details").open = false;
      this.#showSecret(detail.secret);
      this.load();
    };
    return element("entry-form", { set, on: { done } });
  }

  #showSecret(secret) {
    const code = element("code", { tabindex: "0" }, secret);
    const copy = copyButton(code, { class: "button primary" });
    const done = button(say("page.done"), { on: { click: () => this.#secret.replaceChildren() } });
    this.#secret.replaceChildren(element("p", {}, say("tokens.secret")), code, actions(copy, done));
    this.#secret.scrollIntoView({ block: "nearest" });
  }
}

function life({ createdAt, expiresAt: end, lastUsedAt, revokedAt }, state) {
  if (state === "revoked") return say("tokens.revoked", { date: formatDate(revokedAt) });
  const used = lastUsedAt
    ? element("span", {}, sayAround("tokens.lastUsed", { when: ago(lastUsedAt) }))
    : say("tokens.neverUsed");
  if (state === "expired") return sayAround("tokens.expired", { date: formatDate(end), used });
  const date = formatDate(createdAt);
  if (!end) return sayAround("tokens.made", { date, used });
  return sayAround("tokens.madeUntil", { date, used, end: formatDate(end) });
}
