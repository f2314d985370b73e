import { button, element } from "../../browser/element.js";
import { fileButton } from "../../browser/file-button.js";
import { photoText } from "../../browser/teaching.js";
import { confidenceSentence } from "../../models/confidence.js";
import { explain } from "../../models/error-sentences.js";
import { ADD_EXAMPLES, TRY } from "../../models/teaching-operations.js";
import { say } from "../../models/words.js";
import { CameraDialog } from "../camera-dialog/camera-dialog.js";

/**
 * Asks what was taught, photo by photo; a wrong answer is put right with a press. Opens when it is
 * connected. Properties: `app`, `lesson`, `labels`. Fires "closed".
 */
export class LessonTrial extends HTMLElement {
  static hasStylesheet = false;
  static parts = [CameraDialog];

  #answer = element("div", { class: "answer", role: "status" });
  #asked = element("img", { class: "asked", alt: say("prediction.crop") });
  #latest = null;
  app;
  labels;
  lesson;

  // Lifecycle

  connectedCallback() {
    const choose = fileButton(say("lesson.choosePhoto"), {
      iconName: "image",
      onFiles: ([photo]) => this.#ask(photo),
    });
    const set = {
      name: say("lesson.tryName", { lesson: this.lesson.name }),
      takeLabel: say("lesson.ask"),
      below: element("div", { class: "trial" }, this.#answer, ...choose),
      isLasting: true,
    };
    const on = {
      photo: (event) => this.#ask(event.detail),
      closed: () => this.dispatchEvent(new Event("closed")),
    };
    this.#answer.append(element("p", {}, say("lesson.tryHint")));
    this.replaceChildren(element("camera-dialog", { set, on }));
  }

  disconnectedCallback() {
    URL.revokeObjectURL(this.#asked.src);
  }

  // Private

  async #ask(photo) {
    this.#latest = photo;
    URL.revokeObjectURL(this.#asked.src);
    this.#asked.src = URL.createObjectURL(photo);
    const { api, session, history } = this.app;
    this.#say(say("photo.doing", { what: say("photo.thinking") }));
    try {
      const base64 = await photoText(photo, session.limits);
      const input = { image: { base64 }, model: this.lesson.name };
      const { prediction } = await api.mutate(TRY, { input });
      session.spendOne();
      history.forget();
      if (photo === this.#latest) this.#show(prediction);
    } catch (error) {
      if (photo === this.#latest) this.#fail(error);
    }
  }

  #show({ id, label, confidence, isKnown, scores }) {
    const others = this.labels.filter(({ name }) => !isKnown || name !== label);
    const sentence = confidenceSentence(confidence, scores, isKnown);
    this.#answer.replaceChildren(
      this.#asked, // The camera shows something else by now.
      element("h2", {}, isKnown ? label : say("answer.none")),
      element("p", {}, sentence),
      element(
        "details",
        {},
        element("summary", {}, say("lesson.wrong")),
        element(
          "div",
          { class: "chips" },
          others.map((other) =>
            button(other.name, { on: { click: () => this.#correct(id, other) } }),
          ),
        ),
      ),
    );
  }

  async #correct(predictionId, { name, isSomethingElse }) {
    const input = {
      classifier: this.lesson.id,
      label: name,
      isSomethingElse,
      predictions: [predictionId],
    };
    try {
      await this.app.api.mutate(ADD_EXAMPLES, { input });
      this.#say(say("lesson.corrected", { label: name }));
    } catch (error) {
      this.#fail(error);
    }
  }

  #say(sentence) {
    this.#answer.replaceChildren(element("p", {}, sentence));
  }

  #fail(error) {
    const { limits, account } = this.app.session;
    this.#say(explain(error, { limits, quota: account?.quota }).sentence);
  }
}
