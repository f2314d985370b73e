/** An operation as an integrator takes it along: GraphQL, curl, Python, or an address to open. */

import { multipartFields } from "./multipart.js";

const JSON_INDENT = 2;

/**
 * A request worth showing.
 * @typedef {{operation: {name: string, document: string}, variables: object, hasFile?: boolean}} Request
 */

/** @param {Request} request */
export function asGraphql({ operation, variables }) {
  if (Object.keys(variables).length === 0) return operation.document;
  const lines = JSON.stringify(variables, null, JSON_INDENT).split("\n");
  return `${operation.document}\n\n# Variables\n${lines.map((line) => `# ${line}`).join("\n")}`;
}

/** @param {Request} request */
export function asCurl(request, origin) {
  const head = [`curl ${origin}/graphql`, '-H "Authorization: Bearer $TELLTALE_TOKEN"'];
  return [...head, ...curlBody(request)].join(" \\\n  ");
}

function curlBody({ operation, variables, hasFile }) {
  if (hasFile) {
    const { operations, map } = multipartFields(operation, variables);
    return [
      `-F operations=${shellQuoted(operations)}`,
      `-F map=${shellQuoted(map)}`,
      "-F photo=@photo.jpg",
    ];
  }
  const body = { query: operation.document, operationName: operation.name, variables };
  return ["-H 'Content-Type: application/json'", `--data-raw ${shellQuoted(JSON.stringify(body))}`];
}

/** Nothing is special between single quotes but the quote itself. */
function shellQuoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** @param {Request} request */
export function asPython(request, origin) {
  const { operation, variables, hasFile } = request;
  const operations = `{"query": QUERY, "operationName": ${pythonText(operation.name)}, "variables": VARIABLES}`;
  const call = hasFile
    ? [
        'with open("photo.jpg", "rb") as photo:',
        "    response = httpx.post(",
        `        ${pythonText(`${origin}/graphql`)},`,
        "        headers=HEADERS,",
        `        data={"operations": json.dumps(${operations}), "map": json.dumps(MAP)},`,
        '        files={"photo": photo},',
        "        timeout=60,",
        "    )",
      ]
    : [
        "response = httpx.post(",
        `    ${pythonText(`${origin}/graphql`)},`,
        "    headers=HEADERS,",
        `    json=${operations},`,
        "    timeout=60,",
        ")",
      ];
  const file = hasFile
    ? [`MAP = ${pythonLiteral(JSON.parse(multipartFields(operation, variables).map))}`]
    : [];
  return [
    ...(hasFile ? ["import json"] : []),
    "import os",
    "",
    "import httpx",
    "",
    `QUERY = """`,
    operation.document.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"'),
    `"""`,
    `VARIABLES = ${pythonLiteral(variables)}`,
    ...file,
    'HEADERS = {"Authorization": f"Bearer {os.environ[\'TELLTALE_TOKEN\']}"}',
    "",
    ...call,
    "print(response.json())",
  ].join("\n");
}

/** A JSON text is a Python text too. */
const pythonText = (text) => JSON.stringify(text);

function pythonLiteral(value) {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  if (typeof value === "object") {
    const items = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${items.map(([key, item]) => `${pythonText(key)}: ${pythonLiteral(item)}`).join(", ")}}`;
  }
  return typeof value === "string" ? pythonText(value) : String(value);
}

/** @param {Request} request */
export function playgroundAddress({ operation, variables }, origin) {
  const parameters = new URLSearchParams({
    query: operation.document,
    variables: JSON.stringify(variables, null, JSON_INDENT),
    operationName: operation.name,
  });
  return `${origin}/graphql?${parameters}`;
}
