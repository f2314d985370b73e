/** What a document and its variables say about `predict`. */

/**
 * @param {string | null} document
 * @param {(source: string) => object} parse graphql-js's parser
 * @returns {string | null} the variable that is the input of `predict`; null where it has none.
 */
export function predictInputVariable(document, parse) {
  let definitions;
  try {
    ({ definitions } = parse(document ?? ""));
  } catch {
    return null;
  }
  const rootSelections = definitions
    .filter((definition) => definition.operation === "mutation")
    .flatMap((definition) => definition.selectionSet.selections);
  for (const { name, arguments: given } of rootSelections) {
    if (name?.value !== "predict") continue;
    const input = given.find((argument) => argument.name.value === "input");
    if (input?.value.kind === "Variable") return input.value.name.value;
  }
  return null;
}

/**
 * Put a photo into variables; all others stay.
 *
 * @param {string} variablesText JSON, or nothing
 * @returns {string} JSON
 * @throws {SyntaxError} the text is not the JSON of an object.
 */
export function withPhoto(variablesText, inputVariable, base64) {
  const variables = variablesText.trim() ? JSON.parse(variablesText) : {};
  if (!isObject(variables)) throw new SyntaxError("The variables are not an object.");
  const input = isObject(variables[inputVariable]) ? variables[inputVariable] : {};
  variables[inputVariable] = { ...input, image: { base64 } };
  return JSON.stringify(variables, null, 2);
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
