import { element } from "../../browser/element.js";
import { confidenceSentence } from "../../models/confidence.js";
import { learnedLessons, READ_AS } from "../../models/teaching-operations.js";
import { say } from "../../models/words.js";

/** As many lessons as are asked. */
const MOST = 5;

/** What the lessons of somebody say of a photo of the history. Properties: `app`, `predictionId`, `answeredBy` (what answered anyway). */
export class LessonReadings extends HTMLElement {
  answeredBy;
  app;
  predictionId;

  // Lifecycle

  async connectedCallback() {
    try {
      const learned = await learnedLessons(this.app.api);
      const others = learned.filter(({ name }) => name !== this.answeredBy).slice(0, MOST);
      if (others.length === 0) return;
      const items = await Promise.all(others.map((lesson) => this.#item(lesson)));
      this.replaceChildren(
        element("h2", {}, say("lesson.readings")),
        element("ul", { role: "list" }, items),
      );
    } catch {
      // The answer stands without them.
    }
  }

  // Private

  async #item({ name }) {
    const { node } = await this.app.api.query(READ_AS, { id: this.predictionId, model: name });
    const { label, confidence, isKnown } = node.readAs;
    const answer = isKnown ? label : say("answer.none");
    return element(
      "li",
      {},
      element("strong", {}, say("lesson.reading", { lesson: name, answer })),
      isKnown && element("span", { class: "hint" }, ` ${confidenceSentence(confidence)}`),
    );
  }
}
