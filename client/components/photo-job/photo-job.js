import { button, element, link } from "../../browser/element.js";
import { say } from "../../models/words.js";

/** More than one photo are a job, with a line of its own. */
const JOB_FROM = 2;

/**
 * How far many photos are, seen from every page, and what is done for all of them; once nothing moves any more it can
 * be put away. Properties: `queue`, `path` (of the page that is shown).
 */
export class PhotoJob extends HTMLElement {
  #bar = element("progress");
  #isDue = false;
  #isPutAway = false;
  #path = "/";
  #queue;
  #said = element("p", { role: "status" });
  #ways = {};

  set queue(queue) {
    this.#queue = queue;
    queue.addEventListener("added", () => {
      this.#isPutAway = false;
    });
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
    const act = (name, click) =>
      button(say(`job.${name}`), { class: "button small", on: { click } });
    const lead = (name, href) => link(say(`job.${name}`), href, { class: "button small" });
    const name = say("page.close");
    this.#ways = {
      show: lead("show", "#/"),
      retry: act("retry", () => this.#queue.retryFailed()),
      cancel: act("cancel", () => this.#queue.cancelAll()),
      history: lead("history", "#/history"),
      close: element(
        "button",
        { type: "button", "aria-label": name, title: name, on: { click: () => this.#putAway() } },
        "×",
      ),
    };
    for (const [name, way] of Object.entries(this.#ways)) way.classList.add(name);
    this.append(this.#said, this.#bar, ...Object.values(this.#ways));
  }

  // Private

  #putAway() {
    this.#isPutAway = true;
    this.#render();
    document.querySelector("main h1")?.focus({ preventScroll: true });
  }

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
    const { total, answered, failed, held, tried } = this.#queue.counts;
    const isOver = answered + failed === total;
    const isStill = isOver || answered + failed + held === total;
    const isElsewhere = this.#path !== "/";
    const isNothingLeft = isOver && failed === 0 && (isElsewhere || tried > 0);
    if (!isStill) this.#isPutAway = false;
    this.hidden = total < JOB_FROM || isNothingLeft || this.#isPutAway;
    if (this.hidden) return;
    const counts = { count: total, answered, failed };
    const sentence = say(failed > 0 ? "job.failed" : "job.answered", counts);
    // Whoever only hears the page is told of each answer already.
    this.#said.ariaLive = isStill ? "polite" : "off";
    if (this.#said.textContent !== sentence) this.#said.textContent = sentence;
    Object.assign(this.#bar, { max: total, value: answered, ariaLabel: sentence, hidden: isStill });
    const isOffered = {
      show: isElsewhere,
      retry: failed > 0,
      cancel: !isOver,
      history: isOver && failed === 0,
      close: isStill,
    };
    for (const [name, way] of Object.entries(this.#ways)) way.hidden = !isOffered[name];
  }
}
