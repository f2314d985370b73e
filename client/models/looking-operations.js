/** The operations on an answer that is there: to read it, why it was given, what else is like it, what it should be. */

import { mutation, operation, PREDICTION } from "./operations.js";

export const PREDICTION_BY_ID = operation(
  "PredictionById",
  `query PredictionById($id: ID!) {
  viewer { id }
  node(id: $id) {
    ... on Prediction { ...PredictionFields scores(first: 10) { label probability } }
  }
}`,
  PREDICTION,
);

export const HEAT_MAP = operation(
  "WhereItLooked",
  `query WhereItLooked($id: ID!, $label: String!) {
  viewer { id }
  node(id: $id) { ... on Prediction { heatMap(label: $label) { grid url } } }
}`,
);

/** Less alike are photos of other things: mostly less than 0.3, where the same again has more than 0.9. */
export const SIMILAR = operation(
  "SimilarPhotos",
  `query SimilarPhotos($id: ID!) {
  viewer { id }
  node(id: $id) {
    ... on Prediction {
      similar(first: 6, minSimilarity: 0.5) {
        prediction { id label correction { label } image { url } }
      }
    }
  }
}`,
);

export const CORRECT_PREDICTION = mutation(
  "CorrectPrediction",
  "prediction { id correction { label description } }",
);

export const REMOVE_CORRECTION = mutation(
  "RemoveCorrection",
  "prediction { id correction { label } }",
);
