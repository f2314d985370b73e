/** The operations that a first visit may need, and what all are made of; also what views show to integrators. */

export const PREDICTION = `fragment PredictionFields on Prediction {
  id
  createdAt
  label
  confidence
  isKnown
  description
  durationMs
  fileName
  correction { label description }
  model { name version }
  image { url width height format bytes sha256 }
}`;

const ROW = `fragment RowFields on Prediction {
  id
  createdAt
  label
  confidence
  isKnown
  fileName
  correction { label }
  model { name version }
  image { url }
}`;

export const ACCOUNT = `fragment AccountFields on User {
  id
  email
  dateJoined
  quota { limit used resetsAt }
}`;

export const ERRORS = "errors { code message field retryAfterSeconds }";

/** @returns {{name: string, document: string}} */
export function operation(name, body, ...fragments) {
  return { name, document: [body, ...fragments].join("\n\n") };
}

/** A mutation with its input of the usual name. @param {string} answer what is asked of its payload beside errors */
export function mutation(name, answer = "", ...fragments) {
  const field = name[0].toLowerCase() + name.slice(1);
  return operation(
    name,
    `mutation ${name}($input: ${name}Input!) {
  ${field}(input: $input) { ${`${answer} ${ERRORS}`.trim()} }
}`,
    ...fragments,
  );
}

export const START = operation(
  "Start",
  `query Start {
  viewer { ...AccountFields }
  limits { maxUploadBytes maxPixels minSidePixels formats predictionsPerDay triesPerHour }
  models { name version isDefault labelCount }
}`,
  ACCOUNT,
);

export const WHO = operation("Who", "query Who { viewer { id } }");

export const PREDICT = operation(
  "Predict",
  `mutation Predict($input: PredictInput!) {
  predict(input: $input) {
    prediction { ...PredictionFields scores(first: 5) { label probability } }
    ${ERRORS}
  }
}`,
  PREDICTION,
);

export const TRY_PREDICT = operation(
  "TryPredict",
  `mutation TryPredict($input: TryPredictInput!) {
  tryPredict(input: $input) {
    answer { label confidence description cropUrl scores(first: 5) { label probability } }
    ${ERRORS}
  }
}`,
);

export const HISTORY = pageOfHistory("History", "...RowFields", ROW);

export const DELETE_PREDICTION = mutation("DeletePrediction", "deletedId");

export const LOG_OUT = operation(
  "LogOut",
  `mutation LogOut {
  logOut { ${ERRORS} }
}`,
);

export function pageOfHistory(name, fields, fragment) {
  return operation(
    name,
    `query ${name}($first: Int!, $after: String, $filter: HistoryFilter, $orderBy: HistoryOrder!) {
  viewer {
    id
    history(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      edges { node { ${fields} } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
    fragment,
  );
}
