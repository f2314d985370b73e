/** Sends operations: with the session of this page, or with the token of the headers editor. */

/**
 * @param {{endpoint: string, csrfCookie: string, onMutation: () => void,
 *   onAnswer: (answer: object, headers: object) => void}} options `onAnswer` gets what a person asked for, and with what
 * @returns a GraphiQL fetcher. Whatever happens, it answers with a GraphQL result.
 */
export function createFetcher({ endpoint, csrfCookie, onMutation, onAnswer }) {
  return async function fetcher(operation, { headers = {} } = {}) {
    const answer = await send(endpoint, operation, {
      ...headers,
      Accept: "application/graphql-response+json, application/json",
      "Content-Type": "application/json",
      // Read each time: Django changes it when somebody logs in.
      "X-CSRFToken": readCookie(csrfCookie),
    });
    const isAsked = operation.operationName && operation.operationName !== "IntrospectionQuery";
    if (isAsked) onAnswer(answer, headers);
    if (/\bmutation\b/.test(operation.query)) onMutation();
    return answer;
  };
}

async function send(endpoint, operation, headers) {
  let response;
  try {
    response = await fetch(endpoint, {
      method: "POST",
      body: JSON.stringify(operation),
      headers,
      credentials: "same-origin",
    });
  } catch (error) {
    return failure(`The server was not reached: ${error.message}.`);
  }
  try {
    return await response.json();
  } catch {
    return failure(`The server answered ${response.status} and no JSON. Try again in a minute.`);
  }
}

function failure(message) {
  return { errors: [{ message }] };
}

function readCookie(name) {
  const pair = document.cookie.split("; ").find((item) => item.startsWith(`${name}=`));
  return pair ? decodeURIComponent(pair.slice(name.length + 1)) : "";
}
