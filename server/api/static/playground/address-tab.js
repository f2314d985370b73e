/**
 * The tab that an address describes, in the parameters of GraphQL over HTTP.
 *
 * @param {string} search such as "?query=...&variables=...&operationName=..."
 * @returns {{query: string, variables: string, operationName: string | null} | null}
 */
export function tabFromAddress(search) {
  const parameters = new URLSearchParams(search);
  const query = parameters.get("query");
  if (!query) return null;
  return {
    query,
    variables: formatted(parameters.get("variables") ?? ""),
    operationName: parameters.get("operationName"),
  };
}

function formatted(json) {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json; // shown as it came: GraphiQL says what is wrong with it
  }
}
