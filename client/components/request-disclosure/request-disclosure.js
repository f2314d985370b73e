import { copyButton } from "../../browser/copy-text.js";
import { actions, element, link, newId } from "../../browser/element.js";
import { asCurl, asGraphql, asPython, playgroundAddress } from "../../models/operation-text.js";
import { say } from "../../models/words.js";

const FORMS = { GraphQL: asGraphql, curl: asCurl, Python: asPython };

/** Shows the GraphQL operation behind a view. Properties: `configuration`, `request`. */
export class RequestDisclosure extends HTMLElement {
  #code = element("code");
  #configuration;
  #form = "GraphQL";
  #playground;
  #request = null;

  set configuration(configuration) {
    this.#configuration = configuration;
  }

  set request(request) {
    this.#request = request;
    this.#show();
  }

  // Lifecycle

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.classList.add("no-print");
    this.#playground = link(say("request.playground"), "", {
      class: "button",
      target: "_blank",
      rel: "noopener",
    });
    this.append(
      element(
        "details",
        {},
        element("summary", {}, say("request.show")),
        this.#choices(),
        element("pre", { tabindex: "0", role: "region" }, this.#code),
        actions(copyButton(this.#code), this.#playground),
      ),
    );
    this.#show();
  }

  // Private

  #choices() {
    const name = newId("request-form");
    const choices = Object.keys(FORMS).map((form) =>
      element(
        "label",
        { class: "segment" },
        element("input", {
          type: "radio",
          name,
          value: form,
          checked: form === this.#form,
          on: { change: () => this.#choose(form) },
        }),
        element("span", {}, form),
      ),
    );
    return element(
      "div",
      { class: "segments", role: "radiogroup", "aria-label": say("request.as") },
      choices,
    );
  }

  #choose(form) {
    this.#form = form;
    this.#show();
  }

  #show() {
    if (!this.#request || !this.#playground) return;
    const { publicOrigin } = this.#configuration;
    this.#code.parentElement.setAttribute(
      "aria-label",
      say("request.name", { name: this.#request.operation.name }),
    );
    this.#code.textContent = FORMS[this.#form](this.#request, publicOrigin);
    this.#playground.href = playgroundAddress(this.#request, publicOrigin);
  }
}
