/** From registering to deleting the account with documents that graphql-codegen has typed, and fetch. */

import { graphql } from "./gql/gql.js";
import type { TypedDocumentString } from "./gql/graphql.js";
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

type Fetch = (address: string, options: RequestInit) => Promise<Response>;

const REGISTER = graphql(`
  mutation Register($input: RegisterInput!) { register(input: $input) { errors { code } } }
`);
const CREATE_TOKEN = graphql(`
  mutation CreateToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) { secret apiToken { scopes } errors { code } }
  }
`);
const PREDICT = graphql(`
  mutation Predict($input: PredictInput!) {
    predict(input: $input) { prediction { id label confidence } errors { code retryAfterSeconds } }
  }
`);
const HISTORY = graphql(`
  query History($first: Int, $filter: HistoryFilter, $orderBy: HistoryOrder) {
    viewer { history(first: $first, filter: $filter, orderBy: $orderBy) { nodes { label } } }
  }
`);
const DELETE_PREDICTION = graphql(`
  mutation DeletePrediction($input: DeletePredictionInput!) {
    deletePrediction(input: $input) { deletedId errors { code } }
  }
`);
const DELETE_ACCOUNT = graphql(`
  mutation DeleteAccount($input: DeleteAccountInput!) {
    deleteAccount(input: $input) { viewer { id } errors { code } }
  }
`);

async function ask<Data, Variables>(
  fetch: Fetch,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(`${TELLTALE_URL}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json" },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const session = sessionFetch() as Fetch;
await ask(session, REGISTER, { input: CREDENTIALS as { email: string; password: string } });
const wish = { ...TOKEN_WISH, scopes: ["READ", "PREDICT", "MANAGE"] as const };
const created = await ask(session, CREATE_TOKEN, { input: { ...wish, scopes: [...wish.scopes] } });
const byToken = tokenFetch(created.createApiToken?.secret ?? "") as Fetch;
const image = { base64: await photoAsBase64() };
const predicted = (await ask(byToken, PREDICT, { input: { image } })).predict;
const refused = await ask(byToken, PREDICT, { input: { image: { base64: "bm8gcGhvdG8=" } } });
const read = await ask(byToken, HISTORY, { first: null, filter: { minConfidence: 0.5 } });
const input = { id: predicted?.prediction?.id ?? "" };
const deletion = await ask(byToken, DELETE_PREDICTION, { input });
const gone = await ask(byToken, DELETE_PREDICTION, { input });
const left = await ask(session, DELETE_ACCOUNT, { input: { currentPassword: PASSWORD ?? "" } });

tell({
  label: predicted?.prediction?.label,
  history: read.viewer?.history.nodes.map(({ label }) => label),
  refused: refused.predict?.errors[0]?.code,
  deleted: deletion.deletePrediction?.deletedId === input.id,
  gone: gone.deletePrediction?.errors[0]?.code,
  viewer: left.deleteAccount?.viewer,
});
