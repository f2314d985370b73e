import { button, element } from "../../browser/element.js";
import { explain } from "../../models/error-sentences.js";
import { formatDate, formatNumber, formatUntil } from "../../models/formats.js";
import { ACCOUNT_QUOTA, CHANGE_PASSWORD, DELETE_ACCOUNT } from "../../models/operations.js";
import { EntryForm } from "../entry-form/entry-form.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";
import { TokenList } from "../token-list/token-list.js";

const NEEDS_SESSION =
  "You use this server with a token. Tokens, the password and deleting need a log-in on the server’s own page.";

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
      panel("Today", this.#quota),
      ...(session.mayManage
        ? this.#management()
        : [panel("Managing", element("p", {}, NEEDS_SESSION))]),
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
    const leave = button(mayManage ? "Log out" : "Forget the token", {
      on: { click: () => this.#leave(leave) },
    });
    return element(
      "header",
      { class: "view-header" },
      element("h1", { tabindex: "-1" }, "Your account"),
      element("p", { class: "lead" }, `${email}, here since ${formatDate(dateJoined)}`),
      element("div", { class: "actions" }, leave),
    );
  }

  #management() {
    const tokens = element("token-list");
    Object.assign(tokens, { api: this.app.api, configuration: this.app.configuration });
    return [
      panel("Personal access tokens", tokens),
      panel("Password", this.#passwordForm()),
      this.#deletion(),
    ];
  }

  #showQuota() {
    const { limit, used, resetsAt } = this.app.session.account.quota;
    const text = `${formatNumber(used)} of ${formatNumber(limit)} photos used. It starts over ${formatUntil(resetsAt)}.`;
    this.#quota.replaceChildren(
      element("p", {}, text),
      element("progress", {
        max: String(limit),
        value: String(used),
        "aria-label": "Photos used today",
      }),
    );
  }

  async #refreshQuota() {
    const { api, session } = this.app;
    try {
      const { viewer } = await api.query(ACCOUNT_QUOTA, {}, { signal: this.#abort.signal });
      if (!viewer) return;
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
          label: "Current password",
          type: "password",
          autocomplete: "current-password",
          required: true,
        },
        {
          name: "newPassword",
          label: "New password",
          type: "password",
          autocomplete: "new-password",
          minlength: "8",
          required: true,
          hint: "Every other device will be logged out.",
        },
        {
          name: "revokeTokens",
          label: "Revoke all my tokens too",
          type: "checkbox",
          hint: "If somebody may have known the password. Programs of yours then need new tokens.",
        },
      ],
      submitLabel: "Change the password",
      action: (input) => this.app.api.mutate(CHANGE_PASSWORD, { input }),
    });
    form.addEventListener("done", () => {
      form.reset();
      this.querySelector("token-list").load();
      said.textContent = "Your password is changed. Every other device is logged out.";
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
          label: "Your password, to be sure",
          type: "password",
          autocomplete: "current-password",
          required: true,
        },
      ],
      isDangerous: true,
      submitLabel: "Delete the account",
      action: (input) => this.app.api.mutate(DELETE_ACCOUNT, { input }),
    });
    form.addEventListener("done", () => this.app.leave("account-deleted"));
    return panel(
      "Delete the account",
      element(
        "details",
        {},
        element("summary", {}, "I want to leave"),
        element(
          "p",
          {},
          "Your answers, their pictures, your tokens and the account itself are deleted for good.",
        ),
        form,
      ),
    );
  }

  async #leave(leave) {
    leave.disabled = true;
    try {
      await this.app.leave("logged-out");
    } catch (error) {
      leave.disabled = false;
      this.app.tell(explain(error).sentence);
    }
  }
}

function panel(title, content) {
  return element("section", { class: "panel" }, element("h2", {}, title), content);
}
