import { closing, isSure, shown, titled } from "../../browser/dialog.js";
import { actions, element } from "../../browser/element.js";
import { REMOVE_LABEL, RENAME_LABEL, RENAME_LESSON } from "../../models/teaching-operations.js";
import { say } from "../../models/words.js";

const LABEL_LENGTH = 100;
const LESSON_LENGTH = 64;

/** Names and unnames what a lesson has, in dialogs of its view; each tells whether anything changed. */
export class LessonNaming {
  #api;
  #view;

  constructor({ api, view }) {
    this.#api = api;
    this.#view = view;
  }

  askLabel({ action }) {
    return this.#ask({
      title: say("lesson.addLabel"),
      label: say("lesson.labelName"),
      submitLabel: say("lesson.add"),
      maxlength: LABEL_LENGTH,
      action,
    });
  }

  /** @param {((name: string) => Promise<void>)|null} rename for a label that the server does not know */
  renameLabel({ id, name }, rename) {
    return this.#ask({
      title: say("lesson.renameLabel", { label: name }),
      label: say("lesson.labelName"),
      value: name,
      submitLabel: say("lesson.rename"),
      maxlength: LABEL_LENGTH,
      action: rename ?? ((to) => this.#api.mutate(RENAME_LABEL, { input: { id, name: to } })),
    });
  }

  renameLesson({ id, name }) {
    return this.#ask({
      title: say("lesson.renameLesson"),
      label: say("lessons.name"),
      value: name,
      submitLabel: say("lesson.rename"),
      maxlength: LESSON_LENGTH,
      action: (to) => this.#api.mutate(RENAME_LESSON, { input: { id, name: to } }),
    });
  }

  async removeLabel({ id, name, exampleCount: count }) {
    const title = say("lesson.removeLabelTitle", { label: name });
    const text = say("lesson.removeLabelText", { count });
    const isMeant = await isSure(this.#view, { title, text, confirm: say("page.remove") });
    if (isMeant) await this.#api.mutate(REMOVE_LABEL, { input: { id } });
    return isMeant;
  }

  /** @param {(name: string) => Promise<void>} asked.action what it throws is told beside the name */
  async #ask({ title, submitLabel, action, ...attributes }) {
    const named = { name: "name", required: true, autofocus: true, autocomplete: "off" };
    const set = {
      fields: [{ ...named, ...attributes }],
      submitLabel,
      action: ({ name }) => action(name.trim()),
    };
    const done = ({ currentTarget }) => currentTarget.closest("dialog").close("done");
    const form = element("entry-form", { set, on: { done } });
    const dialog = titled(title, {}, form, actions(closing(say("page.cancel"))));
    return (await shown(this.#view, dialog)) === "done";
  }
}
