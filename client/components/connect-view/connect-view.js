import { button, element, link } from "../../browser/element.js";
import { pageHeader } from "../../browser/page.js";
import { safeNext } from "../../models/address.js";
import { UserErrors } from "../../models/errors.js";
import { START } from "../../models/operations.js";
import { say, sayAround } from "../../models/words.js";
import { EntryForm, passwordField } from "../entry-form/entry-form.js";
import { RequestDisclosure } from "../request-disclosure/request-disclosure.js";

/**
 * Where a person chooses another server and says with a token who they are. A link may propose the
 * server (`#/connect?api=…`), but only sending the form uses it. Properties: `app`, `parameters`.
 */
export class ConnectView extends HTMLElement {
  static parts = [EntryForm, RequestDisclosure];

  app;
  parameters;

  // Lifecycle

  connectedCallback() {
    const { configuration } = this.app;
    const set = {
      fields: [
        {
          name: "address",
          label: say("connect.address"),
          type: "url",
          inputmode: "url",
          placeholder: "https://telltale.example.org",
          required: true,
          value: this.parameters.get("api") ?? configuration.apiOrigin,
        },
        {
          ...passwordField("token", say("connect.token"), "off"),
          hint: say("connect.tokenHint"),
        },
      ],
      submitLabel: say("connect.submit"),
      action: (values) => this.#connect(values),
    };
    const done = (event) => this.#onConnected(event.detail);
    const request = { operation: START, variables: {} };
    this.replaceChildren(
      this.#header(),
      element("entry-form", { set, on: { done } }),
      ...this.#wayBack(),
      element("request-disclosure", { set: { configuration, request } }),
    );
  }

  // Private

  #header() {
    const { apiOrigin } = this.app.configuration;
    if (!apiOrigin) return pageHeader(say("connect.title"), say("connect.lead"));
    const place = link(say("connect.tokenPlace"), `${apiOrigin}/#/account?for=developers`);
    return pageHeader(say("connect.tokenTitle"), sayAround("connect.tokenLead", { link: place }));
  }

  /** With the server of this page nothing has to be forgotten: a photo that waits is sent now. */
  #onConnected({ start, isSameServer }) {
    const { router, session } = this.app;
    if (session.isLoggedIn || !isSameServer) {
      this.#startAnew();
      return;
    }
    session.begin(start);
    router.replace(safeNext(this.parameters));
  }

  /** A reload starts with another server or account, and forgets all of this one. */
  #startAnew() {
    history.replaceState(null, "", safeNext(this.parameters));
    location.reload();
  }

  async #connect({ address, token }) {
    const { api, configuration } = this.app;
    const before = { origin: configuration.apiOrigin, token: configuration.token };
    try {
      configuration.connect(address, token);
      const start = await api.query(START, {}, { isForAnybody: true, patienceMs: 0 });
      if (!start.viewer) throw unfit(say("connect.ignored"));
      return { start, isSameServer: configuration.apiOrigin === before.origin };
    } catch (error) {
      configuration.disconnect();
      if (before.origin) configuration.connect(before.origin, before.token ?? "");
      throw explained(error);
    }
  }

  #wayBack() {
    const { configuration } = this.app;
    if (!configuration.isConnectedByHand) return [];
    const click = () => {
      configuration.disconnect();
      this.#startAnew();
    };
    return [element("p", {}, button(say("connect.back"), { on: { click } }))];
  }
}

function explained(error) {
  if (error instanceof TypeError) return unfit(say("connect.noAddress"), "address");
  if (error.code === "UNAUTHENTICATED") return unfit(say("connect.refused"), "token");
  if (error.code === "UNREACHABLE") return unfit(say("connect.silent"), "address");
  return error;
}

function unfit(message, field) {
  return new UserErrors([{ code: "OWN_WORDS", message, field: field ? [field] : [] }]);
}
