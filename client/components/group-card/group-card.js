import { deletePredictions } from "../../browser/delete-predictions.js";
import { button, element, link, newId } from "../../browser/element.js";
import { startLesson } from "../../browser/lesson-start.js";
import { formatAddress } from "../../models/address.js";
import { nameOf } from "../../models/confidence.js";
import { explain } from "../../models/error-sentences.js";
import { nameAll, nameAsBefore } from "../../models/group-operations.js";
import { say } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";
import { linkTo, pickOf } from "./group-picks.js";

const SHOWN_FIRST = 12;
const LONGEST_NAME = 100;

/**
 * Photos that look alike. Those that are picked, at first all of them, are named or deleted together; where they are
 * cleaned up, at first all but one are to go. Properties: `app`, `group` (`{label, predictions}`), `isCleanedUp`,
 * `lessons` (that could learn them), `reload` (reads all groups anew).
 */
export class GroupCard extends HTMLElement {
  static parts = [CropImage];

  /** What was done: `said`, and a `way` back or on where there is one. */
  #done = null;
  #heading = element("h2", { id: newId("group"), tabindex: "-1" });
  #isWhole = false;
  #picked = new Set();
  #predictions = [];
  app;
  group;
  isCleanedUp = false;
  lessons = [];
  reload;

  // Lifecycle

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.setAttribute("role", "group");
    this.setAttribute("aria-labelledby", this.#heading.id);
    this.classList.toggle("is-cleaned-up", this.isCleanedUp);
    this.#isWhole = this.isCleanedUp; // What is to go is seen before.
    this.#begin(this.group.predictions);
  }

  // Private

  get #mayManage() {
    return this.app.session.mayManage;
  }

  get #chosen() {
    return this.#predictions.filter(({ id }) => this.#picked.has(id));
  }

  #begin(predictions, done = null) {
    this.#done = done;
    this.#predictions = predictions;
    const picked = this.isCleanedUp ? predictions.slice(1) : predictions;
    this.#picked = new Set(picked.map(({ id }) => id));
    this.#render();
  }

  #render() {
    this.#heading.textContent = this.#question();
    const isOver = this.#predictions.length === 0 || (this.isCleanedUp && this.#done !== null);
    this.replaceChildren(
      ...[
        this.#heading,
        this.#done && this.#doneLine(isOver),
        this.#predictions.length > 0 && this.#picks(isOver),
        !this.#isWhole && this.#more(),
        !isOver && this.#mayManage && this.#form(),
        element("p", { class: "problem", role: "alert" }),
      ].filter(Boolean),
    );
  }

  #question() {
    const { label } = this.group;
    const count = this.#predictions.length;
    if (this.#done && (count === 0 || this.isCleanedUp)) return this.#done.said;
    if (this.#done) return say("groups.left", { count });
    if (this.isCleanedUp) return say("groups.sameQuestion", { count, label });
    const isAgreed = this.#predictions.every((each) => nameOf(each) === label);
    return say(isAgreed ? "groups.agreed" : "groups.question", { count, label });
  }

  #doneLine(isOver) {
    const { said, way } = this.#done;
    if (isOver) return way && element("div", { class: "actions" }, way());
    return element("div", { class: "done" }, element("p", {}, said), way?.());
  }

  // Picking

  #picks(isOver) {
    const shown = this.#isWhole ? this.#predictions : this.#predictions.slice(0, SHOWN_FIRST);
    const picks = shown.map((prediction, place) => this.#pick(prediction, place, isOver));
    return element("div", { class: "picks" }, picks);
  }

  #pick(prediction, place, isOver) {
    const { id, image } = prediction;
    const count = this.#predictions.length;
    const label = nameOf(prediction);
    const photo = say("groups.photo", { place: place + 1, count, label });
    const crop = Object.assign(element("crop-image"), { crops: this.app.crops, path: image.url });
    if (isOver || !this.#mayManage) return linkTo(id, photo, crop);
    const other = label === this.group.label ? "" : label;
    return pickOf(photo, crop, {
      isPicked: this.#picked.has(id),
      nameOf: (isPicked) => (this.isCleanedUp && !isPicked ? say("groups.stays") : other),
      onPick: (isPicked) => {
        this.#picked[isPicked ? "add" : "delete"](id);
        this.#count();
      },
    });
  }

  #more() {
    const count = this.#predictions.length;
    if (count <= SHOWN_FIRST) return null;
    const show = () => {
      this.#isWhole = true;
      const picks = this.#picks(false);
      this.querySelector(".picks").replaceWith(picks);
      this.querySelector(".more").remove();
      picks.children[SHOWN_FIRST].querySelector("input, a")?.focus();
    };
    return button(say("lesson.all", { count }), {
      class: "button small more",
      on: { click: show },
    });
  }

  // What is done with those that are picked

  #form() {
    const actions = element("div", { class: "actions" });
    queueMicrotask(() => this.#count());
    if (this.isCleanedUp) {
      actions.append(this.#removal(""));
      return actions;
    }
    const listId = newId("names");
    const list = element("datalist", { id: listId });
    const input = element("input", {
      name: "label",
      value: this.group.label,
      maxlength: LONGEST_NAME,
      list: listId,
      autocomplete: "off",
      autocapitalize: "off",
      enterkeyhint: "done",
      on: { input: () => this.#count() },
    });
    const select = this.lessons.length > 0 && this.#lessonChoice(list);
    const submit = button("", { type: "submit", class: "button primary" });
    const start = button(say("groups.lesson"), {
      class: "button small lesson",
      iconName: "teach",
      on: { click: () => startLesson(this.app, input.value.trim(), this.#chosen) },
    });
    // Whoever has no lesson makes one, and these go in.
    actions.append(submit, this.#removal("small"), select ? "" : start);
    this.#offer(list, []);
    return element(
      "form",
      {
        on: {
          submit: (event) => {
            event.preventDefault();
            if (!submit.disabled) this.#name(input.value.trim(), select ? select.value : "");
          },
        },
      },
      field(say("groups.show", { count: this.#predictions.length }), input),
      select && field(say("lesson.teach"), select),
      list,
      actions,
    );
  }

  #lessonChoice(list) {
    const options = [
      element("option", { value: "" }, say("lesson.noLesson")),
      ...this.lessons.map(({ id, name }) => element("option", { value: id }, name)),
    ];
    const choose = ({ currentTarget: { value } }) => {
      const lesson = this.lessons.find(({ id }) => id === value);
      this.#offer(list, lesson?.labels ?? []);
      this.#count();
    };
    return element("select", { name: "lesson", on: { change: choose } }, options);
  }

  /** What may be meant: what the lesson knows, and what was said of any of them. */
  #offer(list, labels) {
    const names = new Set([...labels.map(({ name }) => name), ...this.#predictions.map(nameOf)]);
    list.replaceChildren(...[...names].map((value) => element("option", { value })));
  }

  #removal(kind) {
    return button("", {
      class: `button ${kind} remove`,
      iconName: "trash",
      on: { click: () => this.#remove() },
    });
  }

  /** Says on the buttons how many are picked; what would change nothing can't be pressed. */
  #count() {
    const chosen = this.#chosen;
    const count = chosen.length;
    const removal = this.querySelector(".remove");
    removal.querySelector("span").textContent = say("groups.delete", { count });
    removal.disabled = count === 0;
    const form = this.querySelector("form");
    if (!form) return;
    const { label, lesson } = form.elements;
    const submit = form.querySelector("[type=submit]");
    const isWhole = count === this.#predictions.length;
    submit.querySelector("span").textContent = say(isWhole ? "groups.nameAll" : "groups.name", {
      count,
    });
    const wanted = label.value.trim();
    const changes = lesson?.value || chosen.some((each) => nameOf(each) !== wanted);
    submit.disabled = count === 0 || wanted === "" || !changes;
    const start = form.querySelector(".lesson");
    if (start) start.disabled = count === 0 || wanted === "";
  }

  async #name(label, lessonId) {
    const before = this.#predictions;
    const chosen = this.#chosen;
    const rest = before.filter((each) => !chosen.includes(each));
    await this.#act(async () => {
      const after = await nameAll(this.app.api, chosen, label, lessonId || null);
      const said = say("groups.named", { count: chosen.length, label: nameOf(after[0]) });
      const lesson = this.lessons.find(({ id }) => id === lessonId);
      const learn = () =>
        link(
          say("lesson.letLearn", { lesson: lesson.name }),
          formatAddress(["lessons", lesson.id]),
        );
      const undo = () =>
        button(say("page.undo"), {
          class: "button small",
          on: { click: () => this.#unname(chosen, before) },
        });
      this.#begin(rest, { said, way: lesson ? learn : undo });
    });
  }

  #unname(chosen, before) {
    return this.#act(async () => {
      await nameAsBefore(this.app.api, chosen);
      this.#begin(before);
    });
  }

  async #act(action) {
    const controls = [...this.querySelectorAll("button, input, select")].filter(
      ({ disabled }) => !disabled,
    );
    for (const control of controls) control.disabled = true; // A second press does nothing more.
    try {
      await action();
      this.app.history.forget();
      this.#heading.focus({ preventScroll: true });
    } catch (error) {
      for (const control of controls) control.disabled = false;
      if (error.code === "NOT_FOUND")
        this.reload(); // One was deleted elsewhere.
      else this.querySelector(".problem").textContent = explain(error).sentence;
    }
  }

  /** The line above everything takes it back. */
  #remove() {
    const { group } = this;
    const before = this.#predictions;
    const done = this.#done;
    const chosen = this.#chosen;
    deletePredictions(this.app, chosen, () => {
      this.group = group;
      this.#begin(before, done);
    });
    const said = say("history.deleted", { count: chosen.length, label: nameOf(chosen[0]) });
    const rest = before.filter((each) => !chosen.includes(each));
    this.#begin(rest, { said });
    this.#heading.focus({ preventScroll: true });
  }
}

function field(text, control) {
  control.id = newId("group-field");
  return element("div", { class: "field" }, element("label", { for: control.id }, text), control);
}
