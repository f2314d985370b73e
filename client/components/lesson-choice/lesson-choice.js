import { element, newId } from "../../browser/element.js";
import { learnedLessons } from "../../models/teaching-operations.js";
import { say } from "../../models/words.js";

/**
 * Lets somebody who has taught something choose what answers: Telltale itself, or a lesson of theirs. Shows
 * nothing to anybody else. Property `app`.
 */
export class LessonChoice extends HTMLElement {
  app;

  // Lifecycle

  async connectedCallback() {
    try {
      this.#show(await learnedLessons(this.app.api));
    } catch {
      // Telltale itself answers.
    }
  }

  // Private

  #show(lessons) {
    const { queue } = this.app;
    if (!lessons.some(({ name }) => name === queue.model)) queue.model = null;
    this.replaceChildren();
    if (lessons.length === 0) return;
    const id = newId("answers");
    const options = [
      element("option", { value: "" }, say("lesson.builtIn")),
      ...lessons.map(({ name }) =>
        element("option", { value: name, selected: name === queue.model }, name),
      ),
    ];
    const choose = () => {
      queue.model = select.value || null;
    };
    const select = element("select", { id, on: { change: choose } }, options);
    this.replaceChildren(element("label", { for: id }, say("lesson.chooser")), select);
  }
}
