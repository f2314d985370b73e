import { answerPicture, copyAnswer, shareAnswer } from "../../browser/answer-picture.js";
import { button, element, link } from "../../browser/element.js";
import { saveFile } from "../../browser/save-file.js";
import { formatAddress } from "../../models/address.js";
import {
  capitalised,
  certaintyOf,
  confidenceSentence,
  headlineOf,
  nameOf,
  percent,
  trustSentence,
} from "../../models/confidence.js";
import { correctRow } from "../../models/correct-row.js";
import { explain } from "../../models/error-sentences.js";
import { CORRECT_PREDICTION, REMOVE_CORRECTION } from "../../models/looking-operations.js";
import { say } from "../../models/words.js";
import { ScoreList } from "../score-list/score-list.js";
import { correctionForm } from "./correction-form.js";

const ALTERNATIVES = 3;

/**
 * What a photo shows, how far to trust that, and what can be done with the answer. Of one that was only tried, and
 * has no id, it can't be corrected. Property `isAlone`: it is the one thing of its page. Fires
 * "changed" when it was put right, or that was taken back.
 */
export class PhotoAnswer extends HTMLElement {
  static parts = [ScoreList];

  #app;
  #bars = element("score-list");
  #prediction;
  /** The lesson that was given the correction, and has yet to learn it. */
  #taught = null;
  isAlone = false;

  /** @param {object} app api, crops, history, session, tell; @param {object} prediction */
  show(app, prediction) {
    this.#app = app;
    if (prediction !== this.#prediction) this.#taught = null;
    this.#prediction = prediction;
    Object.assign(this.#bars, { isAsking: this.isAlone, scores: prediction.scores });
    this.#render();
  }

  // Actions

  /** Offers what else it may be, and a word of one's own. */
  askWhatItIs() {
    if (this.querySelector("form")) return;
    const { label, model, scores } = this.#prediction;
    const others = scores
      .map((score) => score.label)
      .filter((other) => other !== this.#label && other !== label);
    const form = correctionForm({
      api: this.#app.api,
      alternatives: others.slice(0, ALTERNATIVES),
      answer: label,
      answeredBy: model.name,
      onCorrect: (said, lesson) => this.#correct(said, lesson),
    });
    this.append(form);
    form.querySelector("button, input").focus();
  }

  // Private

  get #label() {
    return nameOf(this.#prediction);
  }

  #render() {
    const { confidence, correction, isKnown = true } = this.#prediction;
    this.dataset.certainty = correction ? "corrected" : certaintyOf(isKnown ? confidence : 0);
    this.replaceChildren(
      ...[this.#says(), this.#meaning(), this.#trust(), this.#bars].filter(Boolean),
    );
    this.append(this.#actions());
  }

  #says() {
    const text = headlineOf(this.#prediction);
    return this.isAlone
      ? element("h1", { tabindex: "-1" }, text)
      : element("h2", { tabindex: "-1" }, text);
  }

  /** Of a guess it would sound like more. */
  #meaning() {
    const { correction, description } = this.#prediction;
    const meaning = correction ? correction.description : description;
    if (!meaning || this.dataset.certainty === "guess") return null;
    return element("p", { class: "meaning", lang: "en" }, meaning);
  }

  #trust() {
    const said = trustSentence(this.#prediction);
    if (!this.#prediction.correction) return element("p", { class: "confidence" }, said);
    const undo =
      this.#mayCorrect &&
      button(say("page.undo"), {
        class: "button small no-print",
        on: { click: () => this.#change(REMOVE_CORRECTION, {}) },
      });
    const learn =
      this.#taught &&
      link(
        say("lesson.letLearn", { lesson: this.#taught.name }),
        formatAddress(["lessons", this.#taught.id]),
      );
    return element("p", { class: "confidence" }, `${said} `, undo, learn && " ", learn);
  }

  #actions() {
    const { id } = this.#prediction;
    const act = (name, iconName, click) =>
      button(say(`answer.${name}`), { class: "button small", iconName, on: { click } });
    return element(
      "div",
      { class: "actions no-print" },
      this.#mayCorrect && act("wrong", null, () => this.askWhatItIs()),
      act("copy", "copy", () => this.#copy()),
      navigator.share && act("share", "share", () => this.#share()),
      act("save", "download", () => this.#save()),
      id &&
        !this.isAlone &&
        link(say("photo.details"), formatAddress(["history", id]), { class: "more" }),
    );
  }

  // Correcting

  /** A token may not, as a rule. */
  get #mayCorrect() {
    return this.#prediction.id && this.#app.session.mayManage;
  }

  /** @param {object|null} lesson that is to learn it */
  async #correct(label, lesson) {
    await this.#change(CORRECT_PREDICTION, { label, classifier: lesson?.id }, lesson);
  }

  async #change(operation, input, lesson = null) {
    const { api, history, tell } = this.#app;
    const controls = [...this.querySelectorAll("button, input")];
    for (const control of controls) control.disabled = true; // A second press changes nothing more.
    try {
      const { id } = this.#prediction;
      const { prediction } = await api.mutate(operation, { input: { id, ...input } });
      // The same object stands in the queue, and is shown again from there.
      Object.assign(this.#prediction, { correction: prediction.correction });
      correctRow(history, id, prediction.correction);
      this.#taught = lesson;
      this.#render();
      this.dispatchEvent(new Event("changed"));
      this.firstElementChild.focus(); // What it is now is seen, however long the page.
    } catch (error) {
      for (const control of controls) control.disabled = false;
      tell(explain(error).sentence);
    }
  }

  // Handing on

  get #text() {
    const { confidence, correction } = this.#prediction;
    const label = capitalised(this.#label);
    return correction ? label : `${label} (${percent(confidence)})`;
  }

  async #picture() {
    const { crops } = this.#app;
    const { confidence, correction, cropUrl, image } = this.#prediction;
    const isDirect = cropUrl || crops.isDirect;
    const address = cropUrl ?? (await crops.addressToDraw(image.url));
    try {
      return await answerPicture({
        address,
        title: capitalised(this.#label),
        subtitle: correction ? "Telltale" : `${confidenceSentence(confidence)} · Telltale`,
      });
    } finally {
      if (!isDirect) URL.revokeObjectURL(address);
    }
  }

  #copy() {
    return this.#handOn(async () => {
      await copyAnswer(this.#text, this.#picture());
      this.#app.tell(say("page.copied"));
    });
  }

  #share() {
    return this.#handOn(async () => shareAnswer(this.#text, await this.#picture()));
  }

  #save() {
    const name = this.#label.replaceAll(/[^\p{L}\p{N}]+/gu, "-");
    return this.#handOn(async () => saveFile(`${name}.png`, "image/png", await this.#picture()));
  }

  async #handOn(work) {
    try {
      await work();
    } catch {
      this.#app.tell(say("answer.notHandedOn"));
    }
  }
}
