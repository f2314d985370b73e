/** Shows base64 in an editor as one small word: a hundred thousand letters help nobody. */

const MIN_FOLDED_LETTERS = 200;

/**
 * Fold every long string without a space of a CodeMirror editor, now and after each change. The editor's
 * value is not touched.
 *
 * @returns {() => void} stops it.
 */
export function foldPhotos(editor) {
  const fold = () => editor.operation(() => editor.eachLine((line) => foldLine(editor, line)));
  editor.on("changes", fold);
  fold();
  return () => editor.off("changes", fold);
}

function foldLine(editor, line) {
  if (line.text.length < MIN_FOLDED_LETTERS) return;
  const lineNumber = editor.getLineNumber(line);
  let column = 0;
  // Split, not matched: a regular expression runs out of stack on megabytes.
  for (const part of line.text.split('"')) {
    if (part.length >= MIN_FOLDED_LETTERS && !part.includes(" ")) {
      const range = [
        { line: lineNumber, ch: column },
        { line: lineNumber, ch: column + part.length },
      ];
      if (!editor.findMarks(...range).some((mark) => mark.atomic)) {
        editor.markText(...range, { atomic: true, replacedWith: chip(part.length) });
      }
    }
    column += part.length + 1;
  }
}

function chip(letterCount) {
  const element = document.createElement("span");
  element.className = "folded-photo";
  element.textContent = `${Math.ceil((letterCount * 3) / 4 / 1000)} kB`;
  return element;
}
