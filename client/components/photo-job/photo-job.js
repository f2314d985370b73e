import { actions, button, element, link } from "../../browser/element.js";
import { say } from "../../models/words.js";

/** More than one photo are a job, with a line of its own. */
const JOB_FROM = 2;

/**
 * How far many photos are, seen from every page, and what is done for all of them. Properties: `queue`, `path` (of the
 * page that is shown).
 */
export class PhotoJob extends HTMLElement {
  #isDue = false;
  #path = "/";
  #queue;

  set queue(queue) {
    this.#queue = queue;
    for (const type of ["added", "change", "removed"]) {
      queue.addEventListener(type, () => this.#renderSoon());
    }
  }

  set path(path) {
    this.#path = path;
    if (this.#queue) this.#renderSoon();
  }

  // Lifecycle

  connectedCallback() {
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", say("job.name"));
  }

  // Private

  /** Two hundred changes in a moment are drawn once. */
  #renderSoon() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#render();
    });
  }

  #render() {
    const counts = this.#queue.counts;
    const { total, answered, failed, held, tried } = counts;
    const isOver = answered + failed === total;
    const isElsewhere = this.#path !== "/";
    const isNothingLeft = isOver && failed === 0 && (isElsewhere || tried > 0);
    this.hidden = total < JOB_FROM || isNothingLeft;
    if (this.hidden) return;
    const sentence = say(failed > 0 ? "job.failed" : "job.answered", {
      count: total,
      answered,
      failed,
    });
    const act = (name, click) =>
      button(say(`job.${name}`), { class: "button small", on: { click } });
    const bar = element("progress", { max: total, value: answered, "aria-label": sentence });
    this.replaceChildren(
      element("p", { role: "status" }, sentence),
      isOver || held === total - answered - failed ? "" : bar,
      actions(
        isElsewhere && link(say("job.show"), "#/", { class: "button small" }),
        failed > 0 && act("retry", () => this.#queue.retryFailed()),
        !isOver && act("cancel", () => this.#queue.cancelAll()),
        isOver &&
          tried === 0 &&
          answered > 0 &&
          link(say("job.history"), "#/history", { class: "button small" }),
      ),
    );
  }
}
