import { loadComponent } from "../../browser/components.js";
import { isSure } from "../../browser/dialog.js";
import { element } from "../../browser/element.js";
import { LiveElement } from "../../browser/live-element.js";
import { problemLine } from "../../browser/page.js";
import { teachingOf } from "../../browser/teaching.js";
import { explain } from "../../models/error-sentences.js";
import {
  DELETE_LESSON,
  EXAMPLES_OF_LABEL,
  LEARN,
  LESSON_BY_ID,
} from "../../models/teaching-operations.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";
import { EntryForm } from "../entry-form/entry-form.js";
import { LabelPanel } from "../label-panel/label-panel.js";
import { LessonVersions } from "../lesson-versions/lesson-versions.js";
import { byFolder, newLabel, withDrafts } from "./lesson-labels.js";
import { LessonNaming } from "./lesson-naming.js";
import { back, lessonPage } from "./lesson-page.js";

/** One lesson: its labels and photos, what it has learned, and how to try it. Properties: `app`, `lessonId`, `parameters`. */
export class LessonView extends LiveElement {
  static parts = [CropImage, EntryForm, LabelPanel, LessonVersions];

  /** Labels that wait for their first photo: the server does not know them. */
  #drafts = [];
  #lesson = null;
  #naming;
  #page = null;
  #panels = new Map();
  app;
  lessonId;
  parameters;

  // Lifecycle

  connectedCallback() {
    const { signal } = this;
    this.#drafts = this.parameters.getAll("label").map((name) => newLabel(name.trim()));
    this.#naming = new LessonNaming({ api: this.app.api, view: this });
    teachingOf(this.app).addEventListener("change", (event) => this.#onPhotos(event.detail), {
      signal,
    });
    window.addEventListener("beforeunload", (event) => this.#onLeave(event), { signal });
    this.replaceChildren(element("p", { class: "lead", role: "status" }, say("page.moment")));
    this.#load();
  }

  // Actions

  /**
   * Takes photos that were dropped or pasted: for the label they were dropped on, or each for the one that its folder
   * is called by.
   *
   * @param {File[]} photos
   * @param {Element|null} target where they were dropped
   */
  teach(photos, target = null) {
    if (!this.#isFound) return;
    const label = target?.closest?.("label-panel")?.label;
    for (const [folder, files] of byFolder(photos)) {
      if (label || folder) this.#teach(label ?? this.#labelNamed(folder), files);
      else this.#page.say(say("lesson.dropOnLabel"));
    }
  }

  // Private

  get #labels() {
    return withDrafts(this.#lesson.labels, this.#drafts);
  }

  get #isFound() {
    return this.#lesson !== null;
  }

  async #load() {
    try {
      const { signal } = this;
      const { node } = await this.app.api.query(LESSON_BY_ID, { id: this.lessonId }, { signal });
      this.#lesson = node;
      if (node) this.#show();
      else this.replaceChildren(back(), element("h1", { tabindex: "-1" }, say("lesson.missing")));
    } catch (error) {
      if (!this.signal.aborted) this.#fail(error);
    }
  }

  #fail(error) {
    if (this.#isFound) this.#page.say(explain(error).sentence);
    else this.replaceChildren(back(), problemLine(error));
  }

  #show() {
    const isFirst = this.#page === null;
    this.#page ??= lessonPage({
      addLabel: () => this.#addLabel(),
      camera: () => this.#openCamera(),
      folder: (files) => this.app.addPhotos(files),
      learn: () => this.#learn(),
      rename: () => this.#rename(),
      remove: () => this.#remove(),
      somethingElse: () => this.#draft(newLabel(say("lesson.somethingElse"))),
      tryIt: () => this.#open("lesson-trial"),
    });
    if (isFirst) {
      this.replaceChildren(back(), ...this.#page.parts);
      this.#page.versions.addEventListener("changed", () => this.#load());
      this.#page.again.addEventListener("example", (event) => this.#openExample(event.detail));
    }
    document.title = `${this.#lesson.name} · Telltale`;
    this.#page.show(this.#lesson, this.#labels, this.app);
    this.#showPanels();
    this.#onPhotos(this.lessonId, { isLoaded: true });
    if (isFirst) this.querySelector("h1").focus({ preventScroll: true });
  }

  #showPanels() {
    const labels = this.#labels;
    const examples = this.#lesson.examples.edges.map(({ node }) => node);
    for (const [name, panel] of this.#panels) {
      if (labels.some((label) => label.name === name)) continue;
      panel.remove();
      this.#panels.delete(name);
    }
    for (const label of labels) {
      if (!this.#panels.has(label.name)) this.#panels.set(label.name, this.#newPanel());
      const panel = this.#panels.get(label.name);
      this.#page.labels.append(panel);
      panel.show(
        label,
        examples.filter((example) => example.label.name === label.name),
      );
    }
  }

  #newPanel() {
    const panel = element("label-panel", { set: { crops: this.app.crops } });
    const on = (type, listener) => panel.addEventListener(type, listener);
    on("camera", () => this.#openCamera(panel.label.name));
    on("photos", (event) => this.#teach(panel.label, event.detail));
    on("history", () => this.#open("history-dialog", { label: panel.label }));
    on("rename", () => this.#renameLabel(panel.label));
    on("remove", () => this.#removeLabel(panel.label));
    on("all", () => this.#showAll(panel));
    on("example", (event) => this.#openExample(event.detail));
    return panel;
  }

  async #showAll(panel) {
    const variables = { id: this.lessonId, label: panel.label.name };
    try {
      const { node } = await this.app.api.query(EXAMPLES_OF_LABEL, variables);
      panel.showAll(node.examples.edges.map((edge) => edge.node));
    } catch (error) {
      this.#fail(error);
    }
  }

  // Photos

  #labelNamed(folder) {
    const name = folder.normalize("NFC").trim();
    return this.#labels.find((label) => label.name === name) ?? this.#draft(newLabel(name));
  }

  #teach(label, files) {
    teachingOf(this.app).begin(this.lessonId);
    teachingOf(this.app).add(this.lessonId, label, files);
  }

  #onPhotos(lessonId, { isLoaded = false } = {}) {
    if (lessonId !== this.lessonId || !this.#isFound) return;
    const tally = teachingOf(this.app).tallyOf(lessonId);
    this.#page.showTally(tally, this.app);
    const isCameraOpen = this.querySelector("lesson-camera") !== null;
    const isDone = tally.total > 0 && tally.done === tally.total;
    if (isDone && !isLoaded && !isCameraOpen) this.#load();
  }

  #onLeave(event) {
    if (teachingOf(this.app).isBusy) event.preventDefault();
  }

  // Dialogs

  async #open(tag, properties = {}) {
    try {
      await loadComponent(tag);
    } catch {
      this.#page.say(say("page.unloaded"));
      return;
    }
    // What was told before is told.
    teachingOf(this.app).begin(this.lessonId);
    this.#page.say("");
    const opener = document.activeElement;
    const known = {
      app: this.app,
      lesson: this.#lesson,
      lessonId: this.lessonId,
      labels: this.#labels,
    };
    const dialog = Object.assign(element(tag), known, properties);
    dialog.addEventListener("closed", () => {
      dialog.remove();
      opener?.focus();
      this.#load();
    });
    this.append(dialog);
  }

  #openCamera(labelName = null) {
    const labels = this.#labels;
    const fewest = [...labels].sort((one, other) => one.exampleCount - other.exampleCount)[0];
    if (!fewest) this.#addLabel();
    else this.#open("lesson-camera", { labelName: labelName ?? fewest.name });
  }

  #openExample(example) {
    this.#open("example-dialog", { example });
  }

  // Labels and the lesson itself

  #draft(label) {
    this.#drafts.push(label);
    this.#show();
    return label;
  }

  async #addLabel() {
    await this.#naming.askLabel({ action: async (name) => void this.#labelNamed(name) });
  }

  async #renameLabel(label) {
    const rename = async (name) => {
      this.#drafts = this.#drafts.map((draft) =>
        draft.name === label.name ? newLabel(name) : draft,
      );
    };
    if (await this.#naming.renameLabel(label, label.id ? null : rename)) this.#load();
  }

  async #removeLabel(label) {
    try {
      if (label.id && !(await this.#naming.removeLabel(label))) return;
      this.#drafts = this.#drafts.filter(({ name }) => name !== label.name);
      await this.#load();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #rename() {
    if (await this.#naming.renameLesson(this.#lesson)) this.#load();
  }

  async #learn() {
    this.#page.say(say("lesson.learning"));
    try {
      const input = { classifier: this.lessonId };
      const { version } = await this.app.api.mutate(LEARN, { input });
      await this.#load();
      this.#page.say(say("lesson.hasLearned", { count: version.exampleCount }));
      this.#page.focusTry();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #remove() {
    const { name } = this.#lesson;
    const title = say("lesson.deleteTitle", { name });
    const text = say("lesson.deleteText");
    if (!(await isSure(this, { title, text, confirm: say("lesson.delete") }))) return;
    try {
      await this.app.api.mutate(DELETE_LESSON, { input: { id: this.lessonId } });
      this.app.go("#/lessons");
    } catch (error) {
      this.#fail(error);
    }
  }
}
