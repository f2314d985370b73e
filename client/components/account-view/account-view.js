import { isForDevelopers, showForDevelopers } from "../../browser/developers.js";
import { actions, button, element, newId } from "../../browser/element.js";
import { LiveElement } from "../../browser/live-element.js";
import { pageHeader, panel } from "../../browser/page.js";
import { ACCOUNT_QUOTA, CHANGE_PASSWORD, DELETE_ACCOUNT } from "../../models/account-operations.js";
import { explain } from "../../models/error-sentences.js";
import { formatDate, formatUntil } from "../../models/formats.js";
import { say } from "../../models/words.js";
import { checkField, EntryForm, passwordField } from "../entry-form/entry-form.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";
import { TokenList } from "../token-list/token-list.js";

/** The account: quota, tokens, password, leaving. Properties: `app`, `parameters`. */
export class AccountView extends LiveElement {
  static parts = [EntryForm, RequestDisclosure, TokenList];

  #quota = element("div", { class: "quota" });
  app;
  parameters;

  // Lifecycle

  connectedCallback() {
    // Whoever is sent here for a token is one: by the playground, by the page of another server.
    if (this.parameters.get("for") === "developers") showForDevelopers(true);
    const { configuration, session } = this.app;
    const request = { operation: ACCOUNT_QUOTA, variables: {} };
    this.replaceChildren(
      this.#header(),
      panel("account.today", {}, this.#quota),
      ...(session.mayManage
        ? this.#management()
        : [
            panel("account.managing", {}, element("p", {}, say("account.needsSession"))),
            panel("account.developers", {}, developersSwitch()),
          ]),
      element("request-disclosure", { set: { configuration, request } }),
    );
    this.#showQuota();
    this.#refreshQuota();
  }

  // Private

  #header() {
    const { email, dateJoined } = this.app.session.account;
    const { mayManage } = this.app.session;
    const leave = button(say(mayManage ? "account.signOut" : "account.forgetToken"), {
      on: { click: () => this.#leave(leave) },
    });
    const lead = say("account.lead", { email, date: formatDate(dateJoined) });
    return pageHeader(say("account.title"), lead, actions(leave));
  }

  #management() {
    const { api, configuration } = this.app;
    const tokens = element("token-list", { set: { api, configuration } });
    return [
      panel("account.password", {}, this.#passwordForm()),
      panel("account.developers", {}, developersSwitch()),
      panel("account.tokens", { class: "panel for-developers" }, tokens),
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
      const { viewer } = await api.query(ACCOUNT_QUOTA, {}, { signal: this.signal });
      session.account = { ...session.account, quota: viewer.quota };
      this.#showQuota();
    } catch {
      // What was known before still stands there.
    }
  }

  #passwordForm() {
    const said = element("p", { class: "said", role: "status" });
    const set = {
      username: this.app.session.account.email,
      fields: [
        currentPassword("account.currentPassword"),
        {
          ...passwordField("newPassword", say("account.newPassword"), "new-password"),
          minlength: "8",
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
    };
    const done = ({ currentTarget: form }) => {
      form.reset();
      this.querySelector("token-list").load();
      said.textContent = say("account.passwordChanged");
    };
    return element("div", {}, element("entry-form", { set, on: { done } }), said);
  }

  #deletion() {
    const set = {
      username: this.app.session.account.email,
      fields: [currentPassword("account.confirmPassword")],
      isDangerous: true,
      submitLabel: say("account.delete"),
      action: (input) => this.app.api.mutate(DELETE_ACCOUNT, { input }),
    };
    const done = () => this.app.leave("account-deleted");
    const leaving = element(
      "details",
      {},
      element("summary", {}, say("account.wantToLeave")),
      element("p", {}, say("account.deleteText")),
      element("entry-form", { set, on: { done } }),
    );
    return panel("account.delete", {}, leaving);
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
  return checkField(box, say("account.developersSwitch"), id, say("account.developersHint"));
}

function currentPassword(label) {
  return passwordField("currentPassword", say(label), "current-password");
}
