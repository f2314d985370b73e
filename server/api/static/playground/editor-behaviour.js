/** What GraphiQL's editors do here: wrap lines, fold photos, begin with the operation asked for. */

import { foldPhotos } from "./fold-photos.js";

const { React, GraphiQL } = window;
const { useEditorContext } = GraphiQL.React;

/** Shows nothing itself; stands anywhere inside GraphiQL. */
export function EditorBehaviour({ operationName }) {
  const { queryEditor, variableEditor, setOperationName } = useEditorContext({ nonNull: true });
  React.useEffect(() => {
    queryEditor?.setOption("lineWrapping", true);
    if (operationName) setOperationName(operationName);
    // `setOperationName` is another function at each rendering; the name is set once, with the editor.
  }, [queryEditor]);
  React.useEffect(() => {
    if (variableEditor === null) return undefined;
    variableEditor.setOption("lineWrapping", true);
    return foldPhotos(variableEditor);
  }, [variableEditor]);
  return null;
}
