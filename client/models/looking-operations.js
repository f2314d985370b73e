/** The operations that tell why an answer was given and what else there is to it; none is sent before the answer. */

import { operation } from "./operations.js";

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
