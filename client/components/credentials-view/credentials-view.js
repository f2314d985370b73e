import { element, link } from "../../browser/element.js";
import { safeNext } from "../../models/address.js";
import {
  LOG_IN,
  REGISTER,
  REQUEST_PASSWORD_RESET,
  RESET_PASSWORD,
} from "../../models/operations.js";
import { EntryForm } from "../entry-form/entry-form.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";

const EMAIL = {
  name: "email",
  label: "E-mail address",
  type: "email",
  autocomplete: "username",
  inputmode: "email",
  required: true,
  maxlength: "254",
};
const PASSWORD = { name: "password", label: "Password", type: "password", required: true };
const NEW_PASSWORD_HINT = "At least 8 characters; not only digits, and nothing too common.";
const NEW_PASSWORD = {
  ...PASSWORD,
  autocomplete: "new-password",
  minlength: "8",
  hint: NEW_PASSWORD_HINT,
};

/** The four pages around a password. Properties: `app`, `kind` (the path), `parameters`. */
export class CredentialsView extends HTMLElement {
  static parts = [EntryForm, RequestDisclosure];

  app;
  kind;
  parameters;

  // Lifecycle

  connectedCallback() {
    const page = this.#pages()[this.kind];
    const form = element("entry-form");
    Object.assign(form, page.form);
    form.addEventListener("done", (event) => page.done(event.detail));
    const disclosure = element("request-disclosure");
    disclosure.configuration = this.app.configuration;
    disclosure.request = page.request;
    this.replaceChildren(
      element(
        "header",
        { class: "view-header" },
        element("h1", { tabindex: "-1" }, page.title),
        page.lead && element("p", { class: "lead" }, page.lead),
      ),
      form,
      element("p", { class: "other-ways" }, page.otherWays),
      disclosure,
    );
  }

  // Private

  #pages() {
    const { api } = this.app;
    const enter = (operation) => (input) => api.mutate(operation, { input });
    return {
      "log-in": {
        title: "Welcome back",
        lead: this.#logInLead(),
        form: {
          fields: [EMAIL, { ...PASSWORD, autocomplete: "current-password" }],
          submitLabel: "Log in",
          action: enter(LOG_IN),
        },
        done: ({ user }) => this.#enter(user),
        otherWays: [
          link("Forgotten your password?", "#/forgotten-password"),
          link("New here? Register", this.#keepingNext("register")),
        ],
        request: { operation: LOG_IN, variables: { input: { email: "", password: "" } } },
      },
      register: {
        title: "Make an account",
        lead: "It takes an e-mail address and a password. Your answers are kept for you alone.",
        form: {
          fields: [EMAIL, NEW_PASSWORD],
          submitLabel: "Register",
          action: enter(REGISTER),
        },
        done: ({ user }) => this.#enter(user),
        otherWays: [link("Have an account already? Log in", this.#keepingNext("log-in"))],
        request: { operation: REGISTER, variables: { input: { email: "", password: "" } } },
      },
      "forgotten-password": {
        title: "Forgotten your password?",
        lead: "Tell us your e-mail address, and we send you a code to set a new one with.",
        form: {
          fields: [EMAIL],
          submitLabel: "Send me a code",
          action: enter(REQUEST_PASSWORD_RESET),
        },
        done: () => this.app.go("#/reset-password?sent=yes"),
        otherWays: [
          link("Have a code already?", "#/reset-password"),
          link("Back to logging in", "#/log-in"),
        ],
        request: { operation: REQUEST_PASSWORD_RESET, variables: { input: { email: "" } } },
      },
      "reset-password": {
        title: "Set a new password",
        lead: this.parameters.has("sent")
          ? "If this address has an account, a code is on its way. It works once, within an hour."
          : "Use the code from the e-mail. It works once, within an hour.",
        form: {
          fields: [
            {
              name: "resetToken",
              label: "Code from the e-mail",
              autocomplete: "one-time-code",
              autocapitalize: "off",
              spellcheck: "false",
              required: true,
              value: this.parameters.get("token") ?? "",
            },
            {
              ...NEW_PASSWORD,
              label: "New password",
              hint: `${NEW_PASSWORD_HINT} Every device will be logged out, and your tokens revoked.`,
            },
          ],
          submitLabel: "Set the password",
          action: ({ resetToken, password }) =>
            api.mutate(RESET_PASSWORD, {
              input: { resetToken: resetToken.trim(), newPassword: password },
            }),
        },
        done: () => this.app.go("#/log-in?notice=password-set"),
        otherWays: [link("Send me another code", "#/forgotten-password")],
        request: {
          operation: RESET_PASSWORD,
          variables: { input: { resetToken: "", newPassword: "" } },
        },
      },
    };
  }

  #logInLead() {
    const notices = {
      "logged-out": "You are logged out. Nothing of yours is left in this browser.",
      "password-set": "Your new password is set. Log in with it.",
      "account-deleted": "Your account is deleted, with everything that was yours.",
    };
    return notices[this.parameters.get("notice")];
  }

  #keepingNext(page) {
    const next = this.parameters.get("next");
    return next ? `#/${page}?${new URLSearchParams({ next })}` : `#/${page}`;
  }

  #enter(account) {
    this.app.session.account = account;
    this.app.go(safeNext(this.parameters));
  }
}
