import { element, icon, link } from "../../browser/element.js";
import { fileButton } from "../../browser/file-button.js";
import { startOfLesson } from "../../browser/lesson-start.js";
import { LiveElement } from "../../browser/live-element.js";
import { pageHeader, panel, problem } from "../../browser/page.js";
import { formatAddress } from "../../models/address.js";
import { explain } from "../../models/error-sentences.js";
import { nameAll } from "../../models/group-operations.js";
import { BRING_LESSON, CREATE_LESSON, LESSONS } from "../../models/teaching-operations.js";
import { say } from "../../models/words.js";
import { EntryForm } from "../entry-form/entry-form.js";

/**
 * What somebody has taught Telltale, and a start for something new, to which photos of the history may have been
 * brought. Properties: `app`, `parameters`.
 */
export class LessonsView extends LiveElement {
  static parts = [EntryForm];

  #list = element("div", { class: "lessons" });
  #problem = element("p", { class: "problem", role: "alert" });
  app;
  parameters;

  // Lifecycle

  connectedCallback() {
    const start = startOfLesson(this.app, this.parameters);
    const count = start.predictions.length;
    this.replaceChildren(
      pageHeader(say("lessons.title"), say("lessons.lead")),
      this.#list,
      panel(
        "lessons.new",
        {},
        count > 0 && element("p", { class: "hint brought" }, say("lessons.goIn", { count })),
        this.#form(start),
      ),
      panel(
        "lessons.bring",
        {},
        element("p", { class: "hint" }, say("lessons.bringHint")),
        this.#problem,
        ...fileButton(say("lessons.bringFile"), {
          input: { accept: ".zip,application/zip" },
          onFiles: ([file]) => this.#bring(file),
        }),
      ),
    );
    this.#load();
  }

  // Private

  async #load() {
    this.#list.replaceChildren(element("p", { role: "status" }, say("page.moment")));
    try {
      const { viewer } = await this.app.api.query(LESSONS, {}, { signal: this.signal });
      const lessons = viewer.classifiers.edges.map(({ node }) => card(node));
      this.#list.replaceChildren(
        ...(lessons.length ? [element("ul", { role: "list" }, lessons)] : []),
      );
    } catch (error) {
      if (this.signal.aborted) return;
      this.#list.replaceChildren(...problem(error, () => this.#load()));
    }
  }

  async #bring(file) {
    this.#problem.textContent = "";
    try {
      const input = { archive: null, name: nameOf(file) };
      const { classifier } = await this.app.api.mutate(BRING_LESSON, { input }, { file });
      this.app.go(formatAddress(["lessons", classifier.id]));
    } catch (error) {
      this.#problem.textContent = explain(error).sentence;
    }
  }

  #form({ label, predictions }) {
    const field = (name, maxlength, value = "") => ({
      name,
      label: say(`lessons.${name}`),
      placeholder: say(`lessons.${name}Example`),
      required: true,
      maxlength,
      autocomplete: "off",
      value,
    });
    const set = {
      fields: [field("name", 64), field("first", 100, label), field("second", 100)],
      submitLabel: say("lessons.start"),
      action: async ({ name, first, second }) => {
        const { classifier } = await this.app.api.mutate(CREATE_LESSON, { input: { name } });
        await this.#takeIn(predictions, first, classifier.id);
        return { id: classifier.id, labels: [first, second] };
      },
    };
    const done = ({ detail: { id, labels } }) => {
      const drafts = new URLSearchParams(labels.map((label) => ["label", label]));
      this.app.go(`${formatAddress(["lessons", id])}?${drafts}`);
    };
    return element("entry-form", { set, on: { done } });
  }

  /** The lesson is there in any case. */
  async #takeIn(predictions, label, id) {
    if (predictions.length === 0) return;
    const { api, history, tell } = this.app;
    this.app.startsLesson = null;
    try {
      await nameAll(api, predictions, label, id);
      history.forget();
    } catch (error) {
      tell(explain(error).sentence);
    }
  }
}

/** The name a lesson had when it was downloaded, which people may have changed in the file's. */
function nameOf({ name }) {
  return name.replace(/(-\d+)?( ?\(\d+\))?\.zip$/i, "").slice(0, 64);
}

function card({ id, name, labels, currentVersion, isOutdated }) {
  const anchor = link("", formatAddress(["lessons", id]));
  anchor.append(
    icon("teach"),
    element("strong", {}, name),
    element("span", { class: "labels" }, labels.map((label) => label.name).join(" · ")),
    element("span", { class: "hint" }, stateOf(currentVersion, isOutdated)),
  );
  return element("li", {}, anchor);
}

function stateOf(version, isOutdated) {
  if (!version) return say("lessons.notLearned");
  return say(isOutdated ? "lessons.outdated" : "lessons.learned", { count: version.exampleCount });
}
