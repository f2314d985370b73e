/** From registering to deleting the account with urql's core: cache, multipart uploads, errors. */

import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";
import {
  CREDENTIALS,
  notAPhoto,
  PASSWORD,
  photo,
  sessionFetch,
  TELLTALE_URL,
  TOKEN_WISH,
  tell,
  tokenFetch,
} from "./session.mjs";

const REGISTER = gql`
  mutation Register($input: RegisterInput!) { register(input: $input) { user { id } errors { code } } }
`;
const CREATE_TOKEN = gql`
  mutation CreateToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) { secret errors { code } }
  }
`;
const PREDICT = gql`
  mutation Predict($input: PredictInput!) {
    predict(input: $input) { prediction { id label } errors { code field } }
  }
`;
const HISTORY = gql`
  query History($orderBy: HistoryOrder) {
    viewer { id history(first: 1, orderBy: $orderBy) { nodes { id label } pageInfo { hasNextPage } } }
  }
`;
const DELETE_PREDICTION = gql`
  mutation DeletePrediction($input: DeletePredictionInput!) {
    deletePrediction(input: $input) { deletedId errors { code } }
  }
`;
const DELETE_ACCOUNT = gql`
  mutation DeleteAccount($input: DeleteAccountInput!) {
    deleteAccount(input: $input) { viewer { id } errors { code } }
  }
`;

function client(fetch) {
  return new Client({
    url: `${TELLTALE_URL}/graphql`,
    exchanges: [cacheExchange, fetchExchange],
    preferGetMethod: "within-url-limit",
    fetch,
  });
}

async function ask(asked, mutation, input) {
  const { data, error } = await asked.mutation(mutation, { input }).toPromise();
  if (error) throw error;
  return Object.values(data)[0];
}

const session = client(sessionFetch());
await ask(session, REGISTER, CREDENTIALS);
const { secret } = await ask(session, CREATE_TOKEN, TOKEN_WISH);
const byToken = client(tokenFetch(secret));
const { prediction } = await ask(byToken, PREDICT, { image: { upload: await photo() } });
const refused = await ask(byToken, PREDICT, { image: { upload: notAPhoto() } });
const history = await byToken.query(HISTORY, { orderBy: null }).toPromise();
if (history.error) throw history.error;
const deletion = await ask(byToken, DELETE_PREDICTION, { id: prediction.id });
const gone = await ask(byToken, DELETE_PREDICTION, { id: prediction.id });
const { viewer } = await ask(session, DELETE_ACCOUNT, { currentPassword: PASSWORD });

tell({
  label: prediction.label,
  history: history.data.viewer.history.nodes.map(({ label }) => label),
  refused: refused.errors[0].code,
  deleted: deletion.deletedId === prediction.id,
  gone: gone.errors[0].code,
  viewer,
});
