import { actions, button, element, link } from "../../browser/element.js";
import { formatAddress } from "../../models/address.js";
import { headlineOf, trustSentence } from "../../models/confidence.js";
import { explain } from "../../models/error-sentences.js";
import { formatBytes } from "../../models/formats.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";
import { PhotoAnswer } from "../photo-answer/photo-answer.js";

/**
 * One photo of the queue, from the way there to the answer; `isRow`: one of many, with as little as will do. Fires
 * "retry", "remove", "choose".
 */
export class PhotoCard extends HTMLElement {
  static parts = [CropImage, PhotoAnswer];

  #app;
  /** A row that is being corrected shows its whole answer. */
  #isOpen = false;
  #body = element("div", { class: "body" });
  #isRow = false;
  #letPreviewGo = () => {};
  #photo;
  #picture = element("div", { class: "preview" });
  #shown = null;

  /** @param {object} app @param {object} photo */
  show(app, photo) {
    this.#app = app;
    this.#photo = photo;
    this.append(this.#picture, this.#body);
    this.update();
  }

  set isRow(isRow) {
    if (isRow === this.#isRow) return;
    this.#isRow = isRow;
    this.#shown = null;
    if (this.#photo) this.update();
  }

  // Lifecycle

  disconnectedCallback() {
    this.#letPreviewGo();
  }

  // Actions

  /** Shows the photo as it is now. */
  update() {
    if (!this.#photo) return; // It is shown in a moment.
    const { state, prediction } = this.#photo;
    // What is answered, and is only being kept, goes on showing its answer, unless that fails.
    const shown = state === "failed" ? state : (prediction ?? state);
    if (shown === this.#shown) {
      this.dataset.state = state;
      return;
    }
    this.#showPicture();
    this.#shown = shown;
    this.dataset.state = state;
    this.#body.replaceChildren(...this.#content(state));
  }

  // Private

  #content(state) {
    if (state === "failed") return this.#failure();
    if (this.#photo.prediction)
      return this.#isRow && !this.#isOpen ? this.#shortAnswer() : this.#answer();
    if (state === "held") return this.#invitation();
    return this.#progress(state);
  }

  #answer() {
    const { name, prediction } = this.#photo;
    const answer = element("photo-answer");
    answer.show(this.#app, prediction);
    return name ? [answer, element("p", { class: "file" }, name)] : [answer];
  }

  #shortAnswer() {
    const { name, prediction } = this.#photo;
    const { id } = prediction;
    const says = headlineOf(prediction);
    const mayCorrect = id && this.#app.session.mayManage;
    return [
      element("h2", {}, id ? link(says, formatAddress(["history", id])) : says),
      element("p", { class: "confidence" }, trustSentence(prediction)),
      element("p", { class: "file" }, name),
      mayCorrect &&
        button("", {
          class: "button small wrong",
          iconName: "pen",
          "aria-label": say("answer.wrongOne", { label: says }),
          title: say("answer.wrong"),
          on: { click: () => this.#correct() },
        }),
    ].filter(Boolean);
  }

  #correct() {
    this.#isOpen = true;
    this.classList.add("is-open");
    this.#shown = null;
    this.update();
    this.querySelector("photo-answer").askWhatItIs();
  }

  #failure() {
    const { limits, account } = this.#app.session;
    const { sentence, remedy } = explain(this.#photo.error, { limits, quota: account?.quota });
    const ways = [
      remedy === "retry" && this.#action(say("page.tryAgain"), "retry", "button primary"),
      remedy === "built-in" && this.#action(say("photo.builtIn"), "retry", "button primary"),
      remedy === "choose" && this.#action(say("photo.another"), "choose", "button primary"),
      remedy === "sign-in" &&
        link(say("navigation.signIn"), "#/log-in", { class: "button primary" }),
      this.#action(say("page.remove"), "remove"),
    ];
    return [
      element("h2", { class: "name" }, this.#name()),
      element("p", { class: "problem", role: "alert" }, sentence),
      actions(ways),
    ];
  }

  #invitation() {
    if (this.#isRow) return this.#line(say("photo.ready"));
    const { mayManage } = this.#app.session;
    const [name, href] = mayManage ? ["createAccount", "#/register"] : ["connect", "#/connect"];
    return [
      element("h2", {}, say("photo.ready")),
      element("p", {}, say(mayManage ? "photo.invitation" : "photo.invitationByToken")),
      actions(
        link(say(`navigation.${name}`), href, { class: "button primary" }),
        mayManage && link(say("navigation.signIn"), "#/log-in", { class: "button" }),
        this.#action(say("page.remove"), "remove"),
      ),
    ];
  }

  #progress(state) {
    // Without a network nobody takes a look.
    const what = say(navigator.onLine ? `photo.${state}` : "photo.waiting");
    if (this.#isRow) return this.#line(what);
    const bar = element("progress", {
      "aria-label": say("photo.progress", { what, name: this.#name() }),
    });
    return [
      element("h2", { class: "name" }, this.#name()),
      element("p", { class: "doing" }, say("photo.doing", { what })),
      bar,
      actions(this.#action(say("page.cancel"), "remove")),
    ];
  }

  #line(sentence) {
    return [
      element("h2", { class: "name" }, this.#name()),
      element("p", { class: "doing" }, sentence),
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

  /** The photo until it is answered; from then on what the classifier saw of it. */
  #showPicture() {
    const { name, prediction } = this.#photo;
    const alt = prediction ? say("prediction.crop") : name || say("photo.unnamed");
    if (prediction) {
      this.#letPreviewGo();
      this.classList.remove("has-no-preview"); // The server reads more than a browser shows.
    }
    if (prediction?.image) {
      const set = { crops: this.#app.crops, path: prediction.image.url, alt };
      this.#picture.replaceChildren(element("crop-image", { set }));
    } else if (prediction) {
      this.#picture.replaceChildren(element("img", { alt, src: prediction.cropUrl }));
    } else if (this.#picture.childElementCount === 0) {
      this.#picture.append(this.#preview(alt));
    }
  }

  /** Of two hundred, only those that are near are read. */
  #preview(alt) {
    const address = URL.createObjectURL(this.#photo.file);
    this.#letPreviewGo = () => URL.revokeObjectURL(address);
    const image = element("img", { alt, decoding: "async", loading: "lazy", src: address });
    image.addEventListener("load", this.#letPreviewGo, { once: true });
    image.addEventListener(
      "error",
      () => {
        this.#letPreviewGo();
        if (image.isConnected) this.classList.add("has-no-preview");
      },
      { once: true },
    );
    return image;
  }
}
