import { button, element, link } from "../../browser/element.js";
import { formatAddress } from "../../models/address.js";
import { confidenceSentence } from "../../models/confidence.js";
import { explain } from "../../models/error-sentences.js";
import { formatBytes } from "../../models/formats.js";
import { ScoreList } from "../score-list/score-list.js";

const DOING = {
  waiting: "Waiting for its turn",
  preparing: "Getting it ready",
  sending: "Sending",
  thinking: "Having a look",
};

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
    const { state, progress } = this.#photo;
    if (state === this.#shownState) {
      const bar = this.#body.querySelector("progress");
      if (bar && state === "sending") bar.value = progress;
      return;
    }
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
        link("All about this answer", formatAddress(["history", prediction.id])),
      ),
    ];
  }

  #failure() {
    const { error } = this.#photo;
    const { sentence, remedy } = explain(error, this.#known);
    const actions = [
      remedy === "retry" && this.#action("Try again", "retry", "button primary"),
      remedy === "choose" && this.#action("Choose another photo", "choose", "button primary"),
      remedy === "log-in" && link("Log in", "#/log-in", { class: "button primary" }),
      this.#action("Remove", "remove"),
    ];
    return [
      element("h2", { class: "name" }, this.#name()),
      element("p", { class: "problem", role: "alert" }, sentence),
      element("div", { class: "actions" }, actions),
    ];
  }

  #invitation() {
    const [ways, doors] = this.mayRegister
      ? [
          "Log in or register",
          [
            link("Register", "#/register", { class: "button primary" }),
            link("Log in", "#/log-in", { class: "button" }),
          ],
        ]
      : ["Connect with a token", [link("Connect", "#/connect", { class: "button primary" })]];
    return [
      element("h2", {}, "Ready when you are"),
      element(
        "p",
        {},
        `${ways}, and this photo is answered at once. Answers are kept for you alone.`,
      ),
      element("div", { class: "actions" }, doors, this.#action("Remove", "remove")),
    ];
  }

  #progress(state) {
    const bar = element("progress", { "aria-label": `${DOING[state]}: ${this.#name()}` });
    if (state === "sending") Object.assign(bar, { max: 1, value: this.#photo.progress });
    return [
      element("h2", { class: "name" }, this.#name()),
      element("p", { class: "doing" }, `${DOING[state]} …`),
      bar,
      element("div", { class: "actions" }, this.#action("Cancel", "remove")),
    ];
  }

  #name() {
    const { name, prepared, file } = this.#photo;
    return `${name || "Photo"} · ${formatBytes((prepared ?? file).size)}`;
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
