import { button, element, link } from "../../browser/element.js";
import { safeNext } from "../../models/address.js";
import { UserErrors } from "../../models/errors.js";
import { START } from "../../models/operations.js";
import { EntryForm } from "../entry-form/entry-form.js";
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
    const form = element("entry-form");
    Object.assign(form, {
      fields: [
        {
          name: "address",
          label: "Address of the server",
          type: "url",
          inputmode: "url",
          placeholder: "https://telltale.example.org",
          required: true,
          value: this.parameters.get("api") ?? configuration.apiOrigin,
        },
        {
          name: "token",
          label: "Personal access token",
          type: "password",
          autocomplete: "off",
          required: true,
          hint: "Made on that server, under Account. It is kept until you close this tab.",
        },
      ],
      submitLabel: "Connect",
      action: (values) => this.#connect(values),
    });
    form.addEventListener("done", (event) => this.#onConnected(event.detail));
    const disclosure = element("request-disclosure");
    Object.assign(disclosure, { configuration, request: { operation: START, variables: {} } });
    this.replaceChildren(this.#header(), form, ...this.#wayBack(), disclosure);
  }

  // Private

  #header() {
    const { apiOrigin } = this.app.configuration;
    const [title, lead] = apiOrigin
      ? [
          "Connect with a token",
          [
            "Make a personal access token on ",
            link("the server’s own page", `${apiOrigin}/#/account`),
            ", and paste it here.",
          ],
        ]
      : [
          "Use another server",
          "This page can work with any Telltale server that allows it. Only connect to one you trust.",
        ];
    return element(
      "header",
      { class: "view-header" },
      element("h1", { tabindex: "-1" }, title),
      element("p", { class: "lead" }, lead),
    );
  }

  /** With the server of this page nothing has to be forgotten: a photo that waits is sent now. */
  #onConnected({ start, isSameServer }) {
    const { router, session } = this.app;
    if (session.isLoggedIn || !isSameServer) {
      this.#startAnew();
      return;
    }
    session.begin(start);
    history.replaceState(null, "", safeNext(this.parameters));
    router.show();
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
      const start = await api.query(START, {}, { patienceMs: 0 });
      if (!start.viewer) throw unfit("The server took no notice of the token.");
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
    const back = button("Back to this page’s own server", {
      on: {
        click: () => {
          configuration.disconnect();
          this.#startAnew();
        },
      },
    });
    return [element("p", {}, back)];
  }
}

function explained(error) {
  if (error instanceof TypeError) return unfit(error.message, "address");
  if (error.code === "UNAUTHENTICATED")
    return unfit("The server doesn’t take this token.", "token");
  if (error.code === "UNREACHABLE") {
    return unfit(
      "There is no answer. Perhaps the server doesn’t allow pages from here.",
      "address",
    );
  }
  return error;
}

function unfit(message, field) {
  return new UserErrors([{ code: "OWN_WORDS", message, field: field ? [field] : [] }]);
}
