/** From registering to deleting the account with Apollo Client: its cache, fragments, uploads and errors. */

import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";
import UploadHttpLink from "apollo-upload-client/UploadHttpLink.mjs";
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
  mutation Register($input: RegisterInput!) {
    register(input: $input) { user { id email } errors { code } }
  }
`;
const CREATE_TOKEN = gql`
  mutation CreateToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) { secret apiToken { id scopes } errors { code } }
  }
`;
const PREDICTION = gql`
  fragment PredictionFields on Prediction { id label confidence image { url } }
`;
const PREDICT = gql`
  mutation Predict($input: PredictInput!) {
    predict(input: $input) {
      prediction { ...PredictionFields }
      viewer { id quota { remaining } }
      errors { code field retryAfterSeconds }
    }
  }
  ${PREDICTION}
`;
const HISTORY = gql`
  query History($after: String, $orderBy: HistoryOrder) {
    viewer {
      id
      history(first: 1, after: $after, orderBy: $orderBy) {
        nodes { ...PredictionFields }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
  ${PREDICTION}
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

function client(Link, fetch) {
  return new ApolloClient({
    cache: new InMemoryCache({ possibleTypes: { Node: ["User", "Prediction", "ApiToken"] } }),
    link: new Link({ uri: `${TELLTALE_URL}/graphql`, fetch }),
  });
}

const session = client(HttpLink, sessionFetch());
const ask = async (asked, mutation, input) => {
  const { data } = await asked.mutate({ mutation, variables: { input } });
  return Object.values(data)[0];
};

await ask(session, REGISTER, CREDENTIALS);
const { secret } = await ask(session, CREATE_TOKEN, TOKEN_WISH);
const byToken = client(UploadHttpLink, tokenFetch(secret));
const { prediction } = await ask(byToken, PREDICT, { image: { upload: await photo() } });
const refused = await ask(byToken, PREDICT, { image: { upload: notAPhoto() } });
const { data } = await byToken.query({ query: HISTORY, variables: { orderBy: null } });
const cached = byToken.cache.readFragment({
  id: `Prediction:${prediction.id}`,
  fragment: PREDICTION,
});
const deletion = await ask(byToken, DELETE_PREDICTION, { id: prediction.id });
const gone = await ask(byToken, DELETE_PREDICTION, { id: prediction.id });
const { viewer } = await ask(session, DELETE_ACCOUNT, { currentPassword: PASSWORD });

tell({
  label: cached.label,
  history: data.viewer.history.nodes.map(({ label }) => label),
  refused: refused.errors[0].code,
  deleted: deletion.deletedId === prediction.id,
  gone: gone.errors[0].code,
  viewer,
});
