import { ago } from "../../browser/ago.js";
import { closing, shown, titled } from "../../browser/dialog.js";
import { actions, button, element } from "../../browser/element.js";
import { problemLine } from "../../browser/page.js";
import { saveFrom } from "../../browser/save-file.js";
import { accuracySentence } from "../../models/lesson-advice.js";
import { COMPARE, CROP, USE_VERSION } from "../../models/teaching-operations.js";
import { say, sayAround } from "../../models/words.js";
import { CropImage } from "../crop-image/crop-image.js";

/** As many of the changed answers as are shown with their pictures. */
const SHOWN = 6;

/** What was learned before, and the way back to it. Properties: `app`, `lesson`. Fires "changed". */
export class LessonVersions extends HTMLElement {
  static parts = [CropImage];

  app;
  #lesson;

  set lesson(lesson) {
    this.#lesson = lesson;
    const items = lesson.versions.edges.map(({ node }) => this.#item(node));
    this.replaceChildren(element("ol", { role: "list" }, items));
  }

  // Private

  #item(version) {
    const isUsed = version.id === this.#lesson.currentVersion?.id;
    const { number, exampleCount: count, createdAt } = version;
    return element(
      "li",
      {},
      element(
        "div",
        {},
        element("strong", {}, say("lesson.version", { number })),
        isUsed && element("span", { class: "used" }, say("lesson.used")),
        element(
          "p",
          { class: "hint" },
          sayAround("lesson.versionFacts", { count, when: ago(createdAt) }),
          " ",
          (isUsed || version.estimatedAccuracy !== null) && accuracySentence(version),
        ),
      ),
      !isUsed && button(say("lesson.compare"), { on: { click: () => this.#compare(version) } }),
      version.downloadUrl &&
        button(say("lesson.download"), {
          "aria-label": say("lesson.downloadVersion", { number }),
          title: say("lesson.downloadHint"),
          on: { click: (event) => this.#download(version, event.currentTarget) },
        }),
    );
  }

  async #download({ downloadUrl, number }, pressed) {
    try {
      const address = await this.app.crops.addressToDraw(downloadUrl);
      saveFrom(address, `${this.#lesson.name}-${number}.zip`);
    } catch (error) {
      pressed.after(problemLine(error));
    }
  }

  async #compare(version) {
    const { number } = version;
    const body = element("div", { class: "body" }, element("p", {}, say("page.moment")));
    const use = button(say("lesson.useVersion", { number }), {
      class: "button primary",
      on: { click: () => this.#use(version, dialog, body) },
    });
    const doing = actions(use, closing(say("page.cancel")));
    const dialog = titled(say("lesson.useTitle", { number }), {}, body, doing);
    shown(this, dialog);
    try {
      const input = { id: version.id, onlyCompare: true };
      const { compared, changes } = await this.app.api.mutate(COMPARE, { input });
      body.replaceChildren(...(await this.#told(compared, changes)));
    } catch (error) {
      body.replaceChildren(problemLine(error));
    }
  }

  async #told(compared, changes) {
    if (compared === 0) return [element("p", {}, say("lesson.nothingCompared"))];
    if (changes.length === 0) return [element("p", {}, say("lesson.sameAnswers", { compared }))];
    const shown = await Promise.all(changes.slice(0, SHOWN).map((change) => this.#change(change)));
    return [
      element("p", {}, say("lesson.compared", { count: changes.length, compared })),
      element("ul", { role: "list" }, shown),
    ];
  }

  async #change({ predictionId, before, after }) {
    const { node } = await this.app.api.query(CROP, { id: predictionId });
    const { crops } = this.app;
    return element(
      "li",
      {},
      node && element("crop-image", { set: { crops, path: node.image.url } }),
      say("lesson.change", { before: answerOf(before), after: answerOf(after) }),
    );
  }

  async #use({ id }, dialog, body) {
    try {
      await this.app.api.mutate(USE_VERSION, { input: { id } });
      dialog.close();
      this.dispatchEvent(new Event("changed"));
    } catch (error) {
      body.replaceChildren(problemLine(error));
    }
  }
}

function answerOf({ label, isKnown }) {
  return isKnown ? label : say("answer.none");
}
