import { element, link } from "../../browser/element.js";
import { pageHeader } from "../../browser/page.js";
import {
  LOG_IN,
  REGISTER,
  REQUEST_PASSWORD_RESET,
  RESET_PASSWORD,
} from "../../models/account-operations.js";
import { safeNext } from "../../models/address.js";
import { say } from "../../models/words.js";
import { EntryForm, passwordField } from "../entry-form/entry-form.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";

const NOTICES = ["signed-out", "password-set", "account-deleted", "lost"];

const email = () => ({
  name: "email",
  label: say("doors.email"),
  type: "email",
  autocomplete: "username",
  inputmode: "email",
  required: true,
  maxlength: "254",
});
const newPassword = (label = "doors.password", hint = "doors.passwordHint") => ({
  ...passwordField("password", say(label), "new-password"),
  minlength: "8",
  hint: say(hint),
});

/** The four pages around a password. Properties: `app`, `kind` (the path), `parameters`. */
export class CredentialsView extends HTMLElement {
  static parts = [EntryForm, RequestDisclosure];

  app;
  kind;
  parameters;

  // Lifecycle

  connectedCallback() {
    const page = this.#pages()[this.kind];
    const { configuration } = this.app;
    const done = (event) => page.done(event.detail);
    this.replaceChildren(
      pageHeader(page.title, page.lead),
      element("entry-form", { set: page.form, on: { done } }),
      element("p", { class: "other-ways" }, page.otherWays),
      element("request-disclosure", { set: { configuration, request: page.request } }),
    );
  }

  // Private

  #pages() {
    const { api } = this.app;
    const enter = (operation) => (input) => api.mutate(operation, { input });
    return {
      "log-in": {
        title: say("doors.welcome"),
        lead: this.#logInLead(),
        form: {
          fields: [email(), passwordField("password", say("doors.password"), "current-password")],
          submitLabel: say("doors.signIn"),
          action: enter(LOG_IN),
        },
        done: ({ user }) => this.#enter(user),
        otherWays: [
          link(say("doors.forgot"), "#/forgotten-password"),
          link(say("doors.new"), this.#keepingNext("register")),
        ],
        request: { operation: LOG_IN, variables: { input: { email: "", password: "" } } },
      },
      register: {
        title: say("doors.createTitle"),
        lead: say("doors.createLead"),
        form: {
          fields: [email(), newPassword()],
          submitLabel: say("doors.createAccount"),
          action: enter(REGISTER),
        },
        done: ({ user }) => this.#enter(user),
        otherWays: [link(say("doors.known"), this.#keepingNext("log-in"))],
        request: { operation: REGISTER, variables: { input: { email: "", password: "" } } },
      },
      "forgotten-password": {
        title: say("doors.forgot"),
        lead: say("doors.forgotLead"),
        form: {
          fields: [email()],
          submitLabel: say("doors.sendCode"),
          action: enter(REQUEST_PASSWORD_RESET),
        },
        done: () => this.app.go("#/reset-password?sent=yes"),
        otherWays: [
          link(say("doors.haveCode"), "#/reset-password"),
          link(say("doors.back"), "#/log-in"),
        ],
        request: { operation: REQUEST_PASSWORD_RESET, variables: { input: { email: "" } } },
      },
      "reset-password": {
        title: say("doors.resetTitle"),
        lead: say(this.parameters.has("sent") ? "doors.resetSent" : "doors.resetLead"),
        form: {
          fields: [
            {
              name: "resetToken",
              label: say("doors.code"),
              autocomplete: "one-time-code",
              autocapitalize: "off",
              spellcheck: "false",
              required: true,
              value: this.parameters.get("token") ?? "",
            },
            newPassword("doors.newPassword", "doors.newPasswordHint"),
          ],
          submitLabel: say("doors.setPassword"),
          action: ({ resetToken, password: chosen }) =>
            api.mutate(RESET_PASSWORD, {
              input: { resetToken: resetToken.trim(), newPassword: chosen },
            }),
        },
        done: () => this.app.go("#/log-in?notice=password-set"),
        otherWays: [link(say("doors.anotherCode"), "#/forgotten-password")],
        request: {
          operation: RESET_PASSWORD,
          variables: { input: { resetToken: "", newPassword: "" } },
        },
      },
    };
  }

  #logInLead() {
    const notice = this.parameters.get("notice");
    return NOTICES.includes(notice) ? say(`doors.${notice}`) : null;
  }

  #keepingNext(page) {
    const next = this.parameters.get("next");
    return next ? `#/${page}?${new URLSearchParams({ next })}` : `#/${page}`;
  }

  #enter(account) {
    this.app.enter(account, safeNext(this.parameters));
  }
}
