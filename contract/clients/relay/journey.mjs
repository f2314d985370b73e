/** From registering to deleting the account with Relay: its store, connections and declared updates. */

import * as relay from "relay-runtime";
import CREATE_TOKEN from "./__generated__/documentsCreateTokenMutation.graphql.js";
import DELETE_ACCOUNT from "./__generated__/documentsDeleteAccountMutation.graphql.js";
import DELETE_PREDICTION from "./__generated__/documentsDeletePredictionMutation.graphql.js";
import HISTORY from "./__generated__/documentsHistoryQuery.graphql.js";
import PREDICT from "./__generated__/documentsPredictMutation.graphql.js";
import REGISTER from "./__generated__/documentsRegisterMutation.graphql.js";
import {
  CREDENTIALS,
  PASSWORD,
  photoAsBase64,
  sessionFetch,
  TELLTALE_URL,
  TOKEN_WISH,
  tell,
  tokenFetch,
} from "./session.mjs";

const { commitMutation, ConnectionHandler, Environment, fetchQuery, Network, RecordSource, Store } =
  relay.default ?? relay;
const { createOperationDescriptor, getRequest } = relay.default ?? relay;

function environment(fetch) {
  const network = Network.create(async ({ text, name }, variables) => {
    const response = await fetch(`${TELLTALE_URL}/graphql`, {
      method: "POST",
      // As Relay's guide has it, and many copies of it.
      headers: { Accept: "application/json; charset=utf-8", "Content-Type": "application/json" },
      body: JSON.stringify({ query: text, operationName: name, variables }),
    });
    return response.json();
  });
  return new Environment({ network, store: new Store(new RecordSource()) });
}

function ask(asked, mutation, input, connections) {
  return new Promise((onCompleted, onError) => {
    commitMutation(asked, {
      mutation,
      variables: { input, ...(connections && { connections }) },
      onCompleted: (data, errors) =>
        errors ? onError(new Error(JSON.stringify(errors))) : onCompleted(Object.values(data)[0]),
      onError,
    });
  });
}

/** The labels of the history that the store holds, without asking again. */
function labels(asked) {
  const operation = createOperationDescriptor(getRequest(HISTORY), { orderBy: null });
  const { viewer } = asked.lookup(operation.fragment).data;
  return viewer.history.edges.map(({ node }) => node.label);
}

const session = environment(sessionFetch());
const { viewer: registered } = await ask(session, REGISTER, CREDENTIALS);
const { secret } = await ask(session, CREATE_TOKEN, TOKEN_WISH);
const byToken = environment(tokenFetch(secret));
await fetchQuery(byToken, HISTORY, { orderBy: null }).toPromise();
byToken.retain(createOperationDescriptor(getRequest(HISTORY), { orderBy: null }));
const connections = [
  ConnectionHandler.getConnectionID(registered.id, "documents_history", { orderBy: null }),
];
const image = { base64: await photoAsBase64() };
const { predictionEdge } = await ask(byToken, PREDICT, { image }, connections);
const refused = await ask(byToken, PREDICT, { image: { base64: "bm8gcGhvdG8=" } }, connections);
const history = labels(byToken);
const { id } = predictionEdge.node;
const deletion = await ask(byToken, DELETE_PREDICTION, { id }, connections);
const isInStore = labels(byToken).length > 0;
const gone = await ask(byToken, DELETE_PREDICTION, { id }, connections);
const { viewer } = await ask(session, DELETE_ACCOUNT, { currentPassword: PASSWORD });

tell({
  label: predictionEdge.node.label,
  history,
  refused: refused.errors[0].code,
  deleted: deletion.deletedId === id && !isInStore,
  gone: gone.errors[0].code,
  viewer,
});
