import { element, icon, link } from "../../browser/element.js";
import { pageHeader, problem } from "../../browser/page.js";
import { formatAddress } from "../../models/address.js";
import { LOOKALIKES } from "../../models/group-operations.js";
import { LESSONS } from "../../models/teaching-operations.js";
import { say } from "../../models/words.js";
import { GroupCard } from "../group-card/group-card.js";

/** How alike photos are, as the API counts it: of one kind, or the same thing once more. */
const LEAST_SIMILARITY = { alike: 0.75, same: 0.93 };
const LEAST_MEMBERS = 2;
/** As many as the API looks at. */
const COMPARED = 1_000;

/**
 * The photos of the history that look alike, in groups: each is named at once, or all but one are deleted. The address
 * says how alike. Properties: `app`, `parameters`.
 */
export class GroupsView extends HTMLElement {
  static parts = [GroupCard];

  #abort;
  #groups = element("div", { class: "groups" });
  #how = "alike";
  #said = element("p", { class: "lead", role: "status" });
  app;

  /** Set again while it is connected when only how alike changes. */
  set parameters(parameters) {
    this.#how = parameters.get("how") === "same" ? "same" : "alike";
    if (!this.isConnected) return;
    this.querySelector(`[value=${this.#how}]`).checked = true;
    this.#load();
  }

  // Lifecycle

  connectedCallback() {
    const ways = element(
      "fieldset",
      { class: "segments", "aria-label": say("groups.how") },
      Object.keys(LEAST_SIMILARITY).map((how) => this.#way(how)),
    );
    this.replaceChildren(
      link(say("prediction.back"), "#/history", { class: "back" }),
      pageHeader(say("groups.title"), say("groups.lead", { count: COMPARED })),
      ways,
      this.#said,
      this.#groups,
    );
    this.#load();
  }

  disconnectedCallback() {
    this.#abort.abort();
  }

  // Private

  #way(how) {
    const choose = () => {
      const parameters = how === "same" ? { how } : {};
      this.app.router.replace(formatAddress(["history", "groups"], parameters));
    };
    const checked = how === this.#how;
    return element(
      "label",
      { class: "segment" },
      element("input", { type: "radio", name: "how", value: how, checked, on: { change: choose } }),
      element("span", {}, say(`groups.${how}`)),
    );
  }

  async #load() {
    this.#abort?.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#groups.replaceChildren();
    this.#said.textContent = say("groups.comparing");
    try {
      const least = LEAST_SIMILARITY[this.#how];
      const [{ viewer }, lessons] = await Promise.all([
        this.app.api.query(LOOKALIKES, { least }, { signal }),
        this.#lessons(signal),
      ]);
      if (!signal.aborted) this.#show(viewer.lookalikes, lessons);
    } catch (error) {
      if (!signal.aborted) this.#showProblem(error);
    }
  }

  /** Without them a group can still be named. */
  async #lessons(signal) {
    if (this.#how === "same") return [];
    try {
      const { viewer } = await this.app.api.query(LESSONS, {}, { signal });
      return viewer.classifiers.edges.map(({ node }) => node);
    } catch {
      return [];
    }
  }

  #show(found, lessons) {
    const { deletions } = this.app;
    const groups = found
      .map(({ label, predictions }) => ({
        label,
        predictions: predictions.filter(({ id }) => !deletions.has(id)),
      }))
      .filter(({ predictions }) => predictions.length >= LEAST_MEMBERS);
    const count = groups.reduce((total, { predictions }) => total + predictions.length, 0);
    const inGroups = say("groups.groups", { count: groups.length });
    this.#said.textContent = groups.length > 0 ? say("groups.found", { count, inGroups }) : "";
    const cards = groups.map((group) =>
      Object.assign(element("group-card"), {
        app: this.app,
        group,
        isCleanedUp: this.#how === "same",
        lessons,
        reload: () => this.#load(),
      }),
    );
    this.#groups.replaceChildren(...(cards.length > 0 ? cards : [this.#empty()]));
  }

  #empty() {
    return element(
      "div",
      { class: "empty" },
      icon("image"),
      element("h2", {}, say("groups.none")),
      element("p", {}, say(this.#how === "same" ? "groups.noneSame" : "groups.noneAlike")),
      link(say("prediction.back"), "#/history", { class: "button" }),
    );
  }

  #showProblem(error) {
    this.#said.textContent = "";
    this.#groups.replaceChildren(...problem(error, () => this.#load()));
  }
}
