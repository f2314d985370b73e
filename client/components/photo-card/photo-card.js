import { button, element, link } from "../../browser/element.js";
import { formatAddress } from "../../models/address.js";
import { confidenceSentence } from "../../models/confidence.js";
import { explain } from "../../models/error-sentences.js";
import { formatBytes } from "../../models/formats.js";
import { say } from "../../models/words.js";
import { ScoreList } from "../score-list/score-list.js";

/** One photo of the queue, from the way there to the answer. Fires "retry", "remove", "choose". */
export class PhotoCard extends HTMLElement {
  static parts = [ScoreList];

  #body = element("div", { class: "body" });
  #known = {};
  #photo;
  #shownState = null;
  /** Whether there is an account to log in to, rather than a token to bring. */
  mayRegister = true;

  /** What error sentences may name: `limits` and `quota`. */
  set known(known) {
    this.#known = known;
  }

  set photo(photo) {
    this.#photo = photo;
    this.update();
  }

  // Lifecycle

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#preview(), this.#body);
  }

  // Actions

  /** Shows the photo as it is now. */
  update() {
    const { state } = this.#photo;
    if (state === this.#shownState) return;
    this.#shownState = state;
    this.dataset.state = state;
    this.#body.replaceChildren(...this.#content(state));
  }

  // Private

  #content(state) {
    if (state === "answered") return this.#answer();
    if (state === "failed") return this.#failure();
    if (state === "held") return this.#invitation();
    return this.#progress(state);
  }

  #answer() {
    const { prediction } = this.#photo;
    const scores = element("score-list");
    scores.scores = prediction.scores;
    return [
      element("h2", {}, prediction.label),
      element(
        "p",
        { class: "confidence" },
        confidenceSentence(prediction.confidence, prediction.scores),
      ),
      scores,
      element(
        "p",
        { class: "more" },
        link(say("photo.details"), formatAddress(["history", prediction.id])),
      ),
    ];
  }

  #failure() {
    const { error } = this.#photo;
    const { sentence, remedy } = explain(error, this.#known);
    const actions = [
      remedy === "retry" && this.#action(say("page.tryAgain"), "retry", "button primary"),
      remedy === "choose" && this.#action(say("photo.another"), "choose", "button primary"),
      remedy === "sign-in" &&
        link(say("navigation.signIn"), "#/log-in", { class: "button primary" }),
      this.#action(say("page.remove"), "remove"),
    ];
    return [
      element("h2", { class: "name" }, this.#name()),
      element("p", { class: "problem", role: "alert" }, sentence),
      element("div", { class: "actions" }, actions),
    ];
  }

  #invitation() {
    const [invitation, doors] = this.mayRegister
      ? [
          "photo.invitation",
          [
            link(say("navigation.createAccount"), "#/register", { class: "button primary" }),
            link(say("navigation.signIn"), "#/log-in", { class: "button" }),
          ],
        ]
      : [
          "photo.invitationByToken",
          [link(say("navigation.connect"), "#/connect", { class: "button primary" })],
        ];
    return [
      element("h2", {}, say("photo.ready")),
      element("p", {}, say(invitation)),
      element("div", { class: "actions" }, doors, this.#action(say("page.remove"), "remove")),
    ];
  }

  #progress(state) {
    const what = say(`photo.${state}`);
    const bar = element("progress", {
      "aria-label": say("photo.progress", { what, name: this.#name() }),
    });
    return [
      element("h2", { class: "name" }, this.#name()),
      element("p", { class: "doing" }, say("photo.doing", { what })),
      bar,
      element("div", { class: "actions" }, this.#action(say("page.cancel"), "remove")),
    ];
  }

  #name() {
    const { name, prepared, file } = this.#photo;
    return `${name || say("photo.unnamed")} · ${formatBytes((prepared ?? file).size)}`;
  }

  #action(text, type, className = "button") {
    return button(text, { class: className, on: { click: () => this.#tell(type) } });
  }

  #tell(type) {
    this.dispatchEvent(new CustomEvent(type, { detail: this.#photo, bubbles: true }));
  }

  #preview() {
    const address = URL.createObjectURL(this.#photo.prepared ?? this.#photo.file);
    const image = element("img", { alt: "", decoding: "async", src: address });
    const revoke = () => URL.revokeObjectURL(address);
    image.addEventListener("load", revoke, { once: true });
    image.addEventListener(
      "error",
      () => {
        revoke();
        this.classList.add("has-no-preview");
      },
      { once: true },
    );
    return element("div", { class: "preview" }, image);
  }
}
