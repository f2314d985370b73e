import { actions, element, link } from "../../browser/element.js";
import { say } from "../../models/words.js";

/** What was tried is kept by whoever makes an account. */
export class KeepInvitation extends HTMLElement {
  connectedCallback() {
    this.className = "panel";
    this.replaceChildren(
      element("h2", {}, say("keep.title")),
      element("p", {}, say("keep.text")),
      actions(
        link(say("navigation.createAccount"), "#/register", { class: "button primary" }),
        link(say("navigation.signIn"), "#/log-in", { class: "button" }),
      ),
    );
  }
}
