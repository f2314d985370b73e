import { actions, button, element, link } from "../../browser/element.js";
import { fileButton } from "../../browser/file-button.js";
import { panel } from "../../browser/page.js";
import { advice, canLearn } from "../../models/lesson-advice.js";
import { tallySentences } from "../../models/teaching-tally.js";
import { say } from "../../models/words.js";
import { thumbnail } from "../label-panel/label-panel.js";

/** The way back to all lessons. */
export function back() {
  return link(say("lesson.back"), "#/lessons", { class: "back" });
}

/**
 * The page of a lesson, made once and shown as the lesson is, so that the focus stays where it is.
 *
 * @param {object} acts what the buttons do, by name
 */
export function lessonPage(acts) {
  const heading = element("h1", { tabindex: "-1" });
  const state = element("p", { class: "lead" });
  const said = element("p", { class: "said", role: "status" });
  const tips = element("ul", { class: "tips" });
  const bar = element("progress", { max: "1", "aria-label": say("lesson.progress"), hidden: true });
  const labels = element("div", { class: "labels" });
  const again = element("div", { class: "again", hidden: true });
  const confusions = element("ul", { class: "tips" });
  const versions = element("lesson-versions");
  const learned = panel("lesson.versions", { hidden: true }, confusions, versions);
  const press = (name, iconName) =>
    button(say(`lesson.${name}`), {
      iconName,
      class: "button large",
      on: { click: acts[name] },
    });
  const doing = {
    camera: press("camera", "camera"),
    learn: press("learn", "teach"),
    tryIt: press("tryIt", "camera"),
  };
  const somethingElse = button(say("lesson.addSomethingElse"), {
    on: { click: acts.somethingElse },
  });
  const parts = [
    element("header", { class: "view-header" }, heading, state),
    element("div", { class: "actions main" }, Object.values(doing)),
    said,
    bar,
    tips,
    again,
    labels,
    actions(
      button(say("lesson.addLabel"), { on: { click: acts.addLabel } }),
      somethingElse,
      ...fileButton(say("lesson.folder"), {
        class: "button folder",
        input: { webkitdirectory: true, accept: null },
        onFiles: acts.folder,
      }),
    ),
    element("p", { class: "hint folder" }, say("lesson.dropHint")),
    learned,
    actions(
      button(say("lesson.renameLesson"), { on: { click: acts.rename } }),
      button(say("lesson.delete"), { iconName: "trash", on: { click: acts.remove } }),
    ),
  ];

  function show(lesson, all, app) {
    heading.textContent = lesson.name;
    state.textContent = stateOf(lesson, all);
    const next = nextStep(lesson, all);
    for (const [name, doer] of Object.entries(doing)) {
      doer.classList.toggle("primary", name === next);
    }
    doing.learn.hidden = !(canLearn(all) && lesson.isOutdated);
    doing.tryIt.hidden = !lesson.currentVersion;
    somethingElse.hidden = all.length < 2 || all.some(({ isSomethingElse }) => isSomethingElse);
    tips.replaceChildren(...advice(all).map((text) => element("li", {}, text)));
    showAgain(lesson, app);
    const used = lesson.versions.edges.map(({ node }) => node);
    const current = used.find(({ id }) => id === lesson.currentVersion?.id);
    confusions.replaceChildren(
      // With few photos it is better than they would make believe.
      ...(current?.estimatedAccuracy ? current.confusions : []).map((each) =>
        element("li", {}, say("lesson.confusion", { ...each })),
      ),
    );
    learned.hidden = used.length === 0;
    versions.app = app;
    versions.lesson = lesson;
  }

  function showAgain(lesson, app) {
    const examples = lesson.suspicious.edges.map(({ node }) => node);
    again.hidden = examples.length === 0;
    again.replaceChildren(
      element("h2", {}, say("lesson.again")),
      element("p", { class: "hint" }, say("lesson.againHint")),
      element(
        "div",
        { class: "examples" },
        examples.map((example) => suspect(example, app.crops, again)),
      ),
    );
  }

  function showTally(tally, app) {
    const sentences = tallySentences(tally, app);
    bar.hidden = tally.done === tally.total;
    if (tally.total > 0) bar.value = tally.done / tally.total;
    if (sentences.length > 0)
      said.replaceChildren(...sentences.map((text) => element("span", {}, text)));
  }

  return {
    again,
    labels,
    parts,
    versions,
    focusTry: () => doing.tryIt.focus(),
    say: (sentence) => said.replaceChildren(sentence),
    show,
    showTally,
  };
}

function suspect(example, crops, place) {
  const tell = () => place.dispatchEvent(new CustomEvent("example", { detail: example }));
  return thumbnail(example, crops, tell, element("span", {}, example.label.name));
}

function nextStep({ currentVersion, isOutdated }, labels) {
  if (canLearn(labels) && isOutdated) return "learn";
  return currentVersion ? "tryIt" : "camera";
}

function stateOf({ currentVersion, isOutdated }, labels) {
  if (!currentVersion) return say(canLearn(labels) ? "lesson.ready" : "lesson.begin");
  const count = currentVersion.exampleCount;
  return say(isOutdated ? "lesson.outdated" : "lesson.learned", { count });
}
