/** The toolbar's button that takes a photo from disk into the variables of `predict`. */

import { reducePhoto, toBase64 } from "./photo.js";
import { predictInputVariable, withPhoto } from "./predict-operation.js";
import { PREDICT, PREDICT_VARIABLES } from "./prepared-tabs.js";

const { React, ReactDOM, GraphiQL } = window;
const { ToolbarButton, useEditorContext, useExecutionContext } = GraphiQL.React;
const { parse } = GraphiQL.GraphQL;
const h = React.createElement;

/** Stands in GraphiQL's toolbar. Tells its user what happens by `notice` events, texts in `detail`. */
export function PhotoButton() {
  const { stop } = useExecutionContext({ nonNull: true });
  const editors = useEditorContext({ nonNull: true });
  const latestEditors = React.useRef(editors); // reducing a photo takes a moment, and tabs may change
  latestEditors.current = editors;
  const picker = React.useRef(null);

  const say = (detail) =>
    picker.current.dispatchEvent(new CustomEvent("notice", { bubbles: true, detail }));

  async function take(file) {
    say(`Reading ${file.name}…`);
    try {
      const photo = await reducePhoto(file);
      const base64 = await toBase64(photo);
      stop();
      putIntoPredict(latestEditors, base64);
      say(`${file.name} (${Math.ceil(photo.size / 1000)} kB) is in the variables: press ▶.`);
    } catch (error) {
      say(
        error instanceof SyntaxError
          ? "The variables are no JSON object: mend or empty them, then pick the photo again."
          : `${file.name} can't be taken: ${error.message}`,
      );
    }
  }

  function pick({ target }) {
    const [file] = target.files;
    if (file) take(file);
    target.value = ""; // so that the same file can be picked again
  }

  return h(
    React.Fragment,
    null,
    h(
      ToolbarButton,
      {
        label: "Photo: put one into the variables of predict",
        className: "photo-button",
        onClick: () => picker.current.click(),
      },
      h(CameraIcon),
      h("span", { "aria-hidden": true }, "Photo"),
    ),
    h("input", { ref: picker, type: "file", accept: "image/*", hidden: true, onChange: pick }),
  );
}

/** Into the active tab where it predicts, else into the first that does, else into a new one. */
function putIntoPredict(latestEditors, base64) {
  const { tabs, activeTabIndex, queryEditor, variableEditor, changeTab, addTab } =
    latestEditors.current;
  let inputVariable = predictInputVariable(queryEditor.getValue(), parse);
  if (inputVariable === null) {
    const inputVariables = tabs.map(({ query }) => predictInputVariable(query, parse));
    inputVariables[activeTabIndex] = null; // its editor was asked above, and knows better
    const index = inputVariables.findIndex((name) => name !== null);
    // Synchronously: the editors have to show the other tab before they are written to.
    ReactDOM.flushSync(() => (index < 0 ? addTab() : changeTab(index)));
    if (index < 0) {
      queryEditor.setValue(PREDICT);
      variableEditor.setValue(JSON.stringify(PREDICT_VARIABLES));
    }
    inputVariable = inputVariables[index] ?? "input";
  }
  variableEditor.setValue(withPhoto(variableEditor.getValue(), inputVariable, base64));
}

function CameraIcon() {
  const stroke = { fill: "none", stroke: "currentColor", strokeWidth: 1.5 };
  return h(
    "svg",
    { viewBox: "0 0 24 24", className: "graphiql-toolbar-icon", "aria-hidden": true },
    h("path", { d: "M3 7h4.5L9 4.5h6L16.5 7H21v12.5H3z", strokeLinejoin: "round", ...stroke }),
    h("circle", { cx: 12, cy: 13, r: 3.75, ...stroke }),
  );
}
