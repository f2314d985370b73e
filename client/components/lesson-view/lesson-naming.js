import { REMOVE_LABEL, RENAME_LABEL, RENAME_LESSON } from "../../models/teaching-operations.js";
import { say } from "../../models/words.js";

const LABEL_LENGTH = 100;
const LESSON_LENGTH = 64;

/** Names and unnames what a lesson has; each tells whether anything changed. */
export class LessonNaming {
  #api;
  #confirm;

  constructor({ api, confirm, dialog }) {
    this.#api = api;
    this.#confirm = confirm;
    this.dialog = dialog;
  }

  askLabel({ action }) {
    return this.dialog.ask({
      title: say("lesson.addLabel"),
      label: say("lesson.labelName"),
      submitLabel: say("lesson.add"),
      maxlength: LABEL_LENGTH,
      action,
    });
  }

  /** @param {((name: string) => Promise<void>)|null} rename for a label that the server does not know */
  renameLabel({ id, name }, rename) {
    return this.dialog.ask({
      title: say("lesson.renameLabel", { label: name }),
      label: say("lesson.labelName"),
      value: name,
      submitLabel: say("lesson.rename"),
      maxlength: LABEL_LENGTH,
      action: rename ?? ((to) => this.#api.mutate(RENAME_LABEL, { input: { id, name: to } })),
    });
  }

  renameLesson({ id, name }) {
    return this.dialog.ask({
      title: say("lesson.renameLesson"),
      label: say("lessons.name"),
      value: name,
      submitLabel: say("lesson.rename"),
      maxlength: LESSON_LENGTH,
      action: (to) => this.#api.mutate(RENAME_LESSON, { input: { id, name: to } }),
    });
  }

  async removeLabel({ id, name, exampleCount: count }) {
    const isSure = await this.#confirm.ask({
      title: say("lesson.removeLabelTitle", { label: name }),
      text: say("lesson.removeLabelText", { count }),
      confirm: say("page.remove"),
    });
    if (isSure) await this.#api.mutate(REMOVE_LABEL, { input: { id } });
    return isSure;
  }
}
