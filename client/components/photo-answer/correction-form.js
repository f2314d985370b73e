import { button, element, newId } from "../../browser/element.js";
import { LESSONS } from "../../models/teaching-operations.js";
import { say } from "../../models/words.js";

const LONGEST = 100;
const MOST_LABELS = 6;

/**
 * Asks what a photo shows: one of the alternatives, or words of one's own. Whoever has lessons may have one learn it,
 * whose labels are then the alternatives; the one that gave the answer is chosen already.
 *
 * @param {string} parts.answer what it was taken for, which is no correction of itself
 * @param {string} parts.answeredBy the name of the model or the lesson
 * @param {(label: string, lesson: object|null) => void} parts.onCorrect
 */
export function correctionForm({ alternatives, answer, answeredBy, api, onCorrect }) {
  let lesson = null;
  const word = element("input", {
    name: "word",
    maxlength: LONGEST,
    autocomplete: "off",
    "aria-label": say("answer.ownWord"),
    placeholder: say("answer.ownWord"),
  });
  const others = element("div", { class: "actions" });
  const offer = (labels, settings) => {
    const buttons = labels.map((label) =>
      button(label, { ...settings, on: { click: () => onCorrect(label, lesson) } }),
    );
    const hadFocus = others.contains(document.activeElement);
    others.replaceChildren(...buttons);
    if (hadFocus) (buttons[0] ?? word).focus();
  };
  const choose = (chosen) => {
    lesson = chosen;
    const labels = lesson?.labels.map(({ name }) => name).filter((name) => name !== answer);
    if (labels) offer(labels.slice(0, MOST_LABELS), {});
    else offer(alternatives, { lang: "en" }); // Those of the model are English.
  };
  const form = element(
    "form",
    {
      class: "correction no-print",
      "aria-label": say("answer.whatIsIt"),
      on: {
        submit: (event) => {
          event.preventDefault();
          if (word.value.trim()) onCorrect(word.value, lesson);
        },
        keydown: (event) => {
          if (event.key === "Escape") form.remove();
        },
      },
    },
    element("p", {}, say("answer.whatIsIt")),
    others,
    element(
      "div",
      { class: "own" },
      word,
      button(say("answer.saveWord"), { type: "submit", class: "button primary" }),
    ),
  );
  choose(null);
  addLessons(form, { answeredBy, api, onChoose: choose });
  return form;
}

/** Without them it is only corrected. */
async function addLessons(form, { answeredBy, api, onChoose }) {
  let lessons;
  try {
    const { viewer } = await api.query(LESSONS);
    lessons = viewer.classifiers.edges.map(({ node }) => node);
  } catch {
    return;
  }
  if (lessons.length === 0) return;
  const id = newId("teach");
  const options = lessons.map(({ name }) =>
    element("option", { value: name, selected: name === answeredBy }, name),
  );
  const choose = () => onChoose(lessons.find(({ name }) => name === select.value) ?? null);
  const select = element(
    "select",
    { id, on: { change: choose } },
    element("option", { value: "" }, say("lesson.noLesson")),
    options,
  );
  form.append(
    element("div", { class: "field" }, element("label", { for: id }, say("lesson.teach")), select),
  );
  if (select.value) choose();
}
