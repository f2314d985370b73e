/**
 * What the journey asks, for the compiler of Relay: it reads the tags and writes a module for each.
 *
 * Nothing imports this file. A build with Babel would replace the tags by imports of those modules; the journey
 * imports them itself.
 */

import { graphql } from "relay-runtime";

export const REGISTER = graphql`
  mutation documentsRegisterMutation($input: RegisterInput!) {
    register(input: $input) { viewer { id email } errors { code } }
  }
`;
export const CREATE_TOKEN = graphql`
  mutation documentsCreateTokenMutation($input: CreateApiTokenInput!) {
    createApiToken(input: $input) { secret errors { code } }
  }
`;
export const HISTORY = graphql`
  query documentsHistoryQuery($orderBy: HistoryOrder) {
    viewer {
      history(first: 10, orderBy: $orderBy) @connection(key: "documents_history") {
        edges { node { id label } }
      }
    }
  }
`;
export const PREDICT = graphql`
  mutation documentsPredictMutation($input: PredictInput!, $connections: [ID!]!) {
    predict(input: $input) {
      predictionEdge @prependEdge(connections: $connections) { cursor node { id label } }
      errors { code }
    }
  }
`;
export const DELETE_PREDICTION = graphql`
  mutation documentsDeletePredictionMutation($input: DeletePredictionInput!, $connections: [ID!]!) {
    deletePrediction(input: $input) {
      deletedId @deleteEdge(connections: $connections)
      errors { code }
    }
  }
`;
export const DELETE_ACCOUNT = graphql`
  mutation documentsDeleteAccountMutation($input: DeleteAccountInput!) {
    deleteAccount(input: $input) { viewer { id } errors { code } }
  }
`;
