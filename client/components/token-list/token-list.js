import { button, element } from "../../browser/element.js";
import { explain } from "../../models/error-sentences.js";
import { formatDate, formatWhen } from "../../models/formats.js";
import { CREATE_API_TOKEN, REVOKE_API_TOKEN, TOKENS } from "../../models/operations.js";
import { EXPIRIES, expiresAt, tokenState } from "../../models/token-expiry.js";
import { ConfirmDialog } from "../confirm-dialog/confirm-dialog.js";
import { EntryForm } from "../entry-form/entry-form.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";

const SCOPES = { READ: "Read the history", PREDICT: "Show photos", MANAGE: "Delete answers" };
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
      element(
        "p",
        { class: "hint" },
        "A token lets a program use Telltale as you, within what you allow it.",
      ),
      this.#secret,
      this.#problem,
      this.#list,
      element("details", {}, element("summary", {}, "Make a token"), this.#form()),
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
      this.#list.replaceChildren(...(viewer?.apiTokens ?? []).map((token) => this.#item(token)));
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
          ` ${token.scopes.map((scope) => SCOPES[scope]).join(", ")}`,
        ),
        element("span", {}, life(token, state)),
      ),
      state === "usable" &&
        button("Revoke", {
          "aria-label": `Revoke ${token.name}`,
          on: { click: () => this.#revoke(token) },
        }),
    );
  }

  async #revoke(token) {
    const dialog = element("confirm-dialog");
    this.append(dialog);
    const isSure = await dialog.ask({
      title: `Revoke “${token.name}”?`,
      text: "Programs that use it are refused from now on. This can’t be undone.",
      confirm: "Revoke it",
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
    const expiries = Object.entries(EXPIRIES).map(([value, text]) => ({
      value,
      text,
      isChosen: value === "90",
    }));
    const scopes = Object.entries(SCOPES).map(([value, text]) => ({
      value,
      text,
      isChosen: CHOSEN_SCOPES.includes(value),
    }));
    Object.assign(form, {
      fields: [
        {
          name: "name",
          label: "What it is for",
          required: true,
          maxlength: "100",
          autocomplete: "off",
        },
        { name: "scopes", label: "It may", options: { areSeveral: true, choices: scopes } },
        { name: "expiry", label: "It works for", options: { choices: expiries } },
      ],
      submitLabel: "Make the token",
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
    const copy = button("Copy", {
      class: "button primary",
      iconName: "copy",
      on: { click: () => copySecret(copy, code) },
    });
    const done = button("I have kept it", { on: { click: () => this.#secret.replaceChildren() } });
    this.#secret.replaceChildren(
      element("p", {}, "Here is your token. Copy it now: it is never shown again."),
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
    text.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(code);
    text.textContent = "Selected: press Ctrl+C";
  }
  setTimeout(() => {
    text.textContent = "Copy";
  }, COPIED_FOR_MS);
}

function life({ createdAt, expiresAt: end, lastUsedAt, revokedAt }, state) {
  if (state === "revoked") return `Revoked ${formatDate(revokedAt)}`;
  const used = lastUsedAt ? `last used ${formatWhen(lastUsedAt)}` : "never used";
  if (state === "expired") return `Expired ${formatDate(end)}, ${used}`;
  return `Made ${formatDate(createdAt)}, ${used}${end ? `, works until ${formatDate(end)}` : ""}`;
}
