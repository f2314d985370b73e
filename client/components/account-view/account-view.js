import { isForDevelopers, showForDevelopers } from "../../browser/developers.js";
import { button, element, newId } from "../../browser/element.js";
import { CHANGE_PASSWORD, DELETE_ACCOUNT } from "../../models/account-operations.js";
import { explain } from "../../models/error-sentences.js";
import { formatDate, formatUntil } from "../../models/formats.js";
import { ACCOUNT_QUOTA } from "../../models/operations.js";
import { say } from "../../models/words.js";
import { EntryForm } from "../entry-form/entry-form.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";
import { TokenList } from "../token-list/token-list.js";

/** The account: quota, tokens, password, leaving. Property `app`. */
export class AccountView extends HTMLElement {
  static parts = [EntryForm, RequestDisclosure, TokenList];

  #abort;
  #quota = element("div", { class: "quota" });
  app;

  // Lifecycle

  connectedCallback() {
    this.#abort = new AbortController();
    const { configuration, session } = this.app;
    const disclosure = element("request-disclosure");
    disclosure.configuration = configuration;
    disclosure.request = { operation: ACCOUNT_QUOTA, variables: {} };
    this.replaceChildren(
      this.#header(),
      panel("account.today", this.#quota),
      ...(session.mayManage
        ? this.#management()
        : [
            panel("account.managing", element("p", {}, say("account.needsSession"))),
            panel("account.developers", developersSwitch()),
          ]),
      disclosure,
    );
    this.#showQuota();
    this.#refreshQuota();
  }

  disconnectedCallback() {
    this.#abort.abort();
  }

  // Private

  #header() {
    const { email, dateJoined } = this.app.session.account;
    const { mayManage } = this.app.session;
    const leave = button(say(mayManage ? "account.signOut" : "account.forgetToken"), {
      on: { click: () => this.#leave(leave) },
    });
    return element(
      "header",
      { class: "view-header" },
      element("h1", { tabindex: "-1" }, say("account.title")),
      element("p", { class: "lead" }, say("account.lead", { email, date: formatDate(dateJoined) })),
      element("div", { class: "actions" }, leave),
    );
  }

  #management() {
    const tokens = element("token-list");
    Object.assign(tokens, { api: this.app.api, configuration: this.app.configuration });
    return [
      panel("account.password", this.#passwordForm()),
      panel("account.developers", developersSwitch()),
      panel("account.tokens", tokens, "panel for-developers"),
      this.#deletion(),
    ];
  }

  #showQuota() {
    const { limit, used, resetsAt } = this.app.session.account.quota;
    const text = say("account.used", { count: used, limit, when: formatUntil(resetsAt) });
    this.#quota.replaceChildren(
      element("p", {}, text),
      element("progress", {
        max: String(limit),
        value: String(used),
        "aria-label": say("account.usedLabel"),
      }),
    );
  }

  async #refreshQuota() {
    const { api, session } = this.app;
    try {
      const { viewer } = await api.query(ACCOUNT_QUOTA, {}, { signal: this.#abort.signal });
      session.account = { ...session.account, quota: viewer.quota };
      this.#showQuota();
    } catch {
      // What was known before still stands there.
    }
  }

  #passwordForm() {
    const form = element("entry-form");
    const said = element("p", { class: "said", role: "status" });
    Object.assign(form, {
      username: this.app.session.account.email,
      fields: [
        {
          name: "currentPassword",
          label: say("account.currentPassword"),
          type: "password",
          autocomplete: "current-password",
          required: true,
        },
        {
          name: "newPassword",
          label: say("account.newPassword"),
          type: "password",
          autocomplete: "new-password",
          minlength: "8",
          required: true,
          hint: say("account.newPasswordHint"),
        },
        {
          name: "revokeTokens",
          label: say("account.revokeTokens"),
          type: "checkbox",
          hint: say("account.revokeTokensHint"),
        },
      ],
      submitLabel: say("account.changePassword"),
      action: (input) => this.app.api.mutate(CHANGE_PASSWORD, { input }),
    });
    form.addEventListener("done", () => {
      form.reset();
      this.querySelector("token-list").load();
      said.textContent = say("account.passwordChanged");
    });
    return element("div", {}, form, said);
  }

  #deletion() {
    const form = element("entry-form");
    Object.assign(form, {
      username: this.app.session.account.email,
      fields: [
        {
          name: "currentPassword",
          label: say("account.confirmPassword"),
          type: "password",
          autocomplete: "current-password",
          required: true,
        },
      ],
      isDangerous: true,
      submitLabel: say("account.delete"),
      action: (input) => this.app.api.mutate(DELETE_ACCOUNT, { input }),
    });
    form.addEventListener("done", () => this.app.leave("account-deleted"));
    return panel(
      "account.delete",
      element(
        "details",
        {},
        element("summary", {}, say("account.wantToLeave")),
        element("p", {}, say("account.deleteText")),
        form,
      ),
    );
  }

  async #leave(leave) {
    leave.disabled = true;
    try {
      await this.app.leave("signed-out");
    } catch (error) {
      leave.disabled = false;
      this.app.tell(explain(error).sentence);
    }
  }
}

function developersSwitch() {
  const id = newId("developers");
  const box = element("input", {
    type: "checkbox",
    role: "switch",
    checked: isForDevelopers(),
    "aria-describedby": id,
    on: { change: () => showForDevelopers(box.checked) },
  });
  return element(
    "div",
    { class: "field" },
    element(
      "label",
      { class: "choice" },
      box,
      element("span", {}, say("account.developersSwitch")),
    ),
    element("p", { id, class: "hint" }, say("account.developersHint")),
  );
}

/** @param {string} title the name of its words */
function panel(title, content, className = "panel") {
  return element("section", { class: className }, element("h2", {}, say(title)), content);
}
