/** The tabs a newcomer finds. A tab is titled by the name of its operation. */

const REGISTER = `# 1. Create an account and be signed in: press ▶.
# The e-mail in the variables is made up, good for a try. For an account to keep, put in your own first.
mutation Register($input: RegisterInput!) {
  register(input: $input) {
    user {
      email
      quota { limit resetsAt }
    }
    errors { code message field }
  }
}
`;

export const PREDICT = `# 2. Ask what is in a photo: pick one with the button "Photo", then press ▶.
# It is reduced in your browser and put into the variables.
mutation Predict($input: PredictInput!) {
  predict(input: $input) {
    prediction {
      label
      confidence
      scores(first: 5) { label probability }
      image { width height format url }
      model { name version }
      durationMs
      createdAt
      id
    }
    errors { code message field }
  }
}
`;

const HISTORY = `# 3. Read the answers you got so far: press ▶. (\`viewer\` is null while nobody is signed in.)
# Narrow them by the filter in the variables (null means any); the next page is "after" the endCursor.
query History(
  $first: Int
  $after: String
  $orderBy: HistoryOrder!
  $filter: HistoryFilter
) {
  viewer {
    history(
      first: $first
      after: $after
      orderBy: $orderBy
      filter: $filter
    ) {
      totalCount
      edges {
        node {
          id
          createdAt
          label
          confidence
          image { url }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
    quota { used limit resetsAt }
  }
}
`;

const WHY = `# 4. See where in your latest photo its answer comes from, and what else of yours looks like it: press ▶.
# "url" is a picture to lay over the crop; "label" in the variables may be any label (null means the answer).
query Why($label: String) {
  viewer {
    history(first: 1) {
      nodes {
        label
        confidence
        image { url }
        heatMap(label: $label) { label grid url }
        similar(first: 5, minSimilarity: 0.5) {
          similarity
          prediction { id label image { url } }
        }
      }
    }
  }
}
`;

const TEACH = `# 5. Teach it labels of your own. Make a classifier: press ▶ and choose CreateClassifier.
mutation CreateClassifier($new: CreateClassifierInput!) {
  createClassifier(input: $new) {
    classifier { id name }
    errors { code message field }
  }
}

# Show what a label means, by answers of your history: put the ids into the variables, a label at a time.
mutation AddExamples($examples: AddExamplesInput!) {
  addExamples(input: $examples) {
    examples { id label { name exampleCount } }
    errors { code message field }
  }
}

# Two of each of two labels are enough to begin with. Then predict with "model": "my-things".
mutation TrainClassifier($train: TrainClassifierInput!) {
  trainClassifier(input: $train) {
    version { number labels { name exampleCount } estimatedAccuracy }
    classifier { advice }
    errors { code message field }
  }
}

# What it says of the answers you got so far.
query ReadAgain {
  viewer {
    history(first: 10) {
      nodes { id label readAs(model: "my-things") { label confidence isKnown } }
    }
  }
}
`;

const TOKENS = `# 6. Let a program in: press ▶ and choose CreateToken. The secret is shown this once.
# Try it under "Headers" below, {"Authorization": "Bearer tt_..."}: it then counts instead of your session.
mutation CreateToken($token: CreateApiTokenInput!) {
  createApiToken(input: $token) {
    secret
    apiToken { id name scopes expiresAt }
    errors { code message field }
  }
}

# See which tokens there are: press ▶ and choose ListTokens.
query ListTokens {
  viewer {
    apiTokens { id name hint scopes createdAt lastUsedAt expiresAt revokedAt }
  }
}

# Stop a token at once: put its id into the variables, press ▶ and choose RevokeToken.
mutation RevokeToken($revoked: RevokeApiTokenInput!) {
  revokeApiToken(input: $revoked) {
    apiToken { name revokedAt }
    errors { code message field }
  }
}
`;

const LOG_IN = `# When you come back: put your e-mail and password into the variables, press ▶ and choose LogIn.
mutation LogIn($input: LogInInput!) {
  logIn(input: $input) {
    user { email }
    errors { code message field }
  }
}

mutation LogOut {
  logOut {
    errors { code message }
  }
}
`;

export const NEW_TAB_QUERY = `# Ctrl-Space suggests what may stand here; the book on the left explains everything.
{
  models { name version labelCount license }
}
`;

export const PREDICT_VARIABLES = { input: { image: { base64: "" } } };

/** @returns {{query: string, variables: string}[]} in the order of a first visit. */
export function preparedTabs() {
  return [
    tab(REGISTER, { input: { email: madeUpEmail(), password: madeUpPassword() } }),
    tab(PREDICT, PREDICT_VARIABLES),
    tab(HISTORY, {
      first: 10,
      after: null,
      orderBy: "NEWEST",
      filter: { label: null, minConfidence: 0, maxConfidence: null, createdAfter: null },
    }),
    tab(WHY, { label: null }),
    tab(TEACH, {
      new: { name: "my-things" },
      examples: { classifier: "", label: "mine", predictions: [] },
      train: { classifier: "" },
    }),
    tab(TOKENS, {
      token: { name: "my first program", scopes: ["READ", "PREDICT"], expiresAt: null },
      revoked: { id: "" },
    }),
    tab(LOG_IN, { input: { email: "", password: "" } }),
  ];
}

function tab(query, variables) {
  return { query, variables: JSON.stringify(variables, null, 2) };
}

/** An address of a domain that is reserved for examples: nobody gets mail there. */
function madeUpEmail() {
  return `explorer-${randomHex(4)}@example.com`;
}

function madeUpPassword() {
  return `try-${randomHex(8)}`;
}

function randomHex(byteCount) {
  const bytes = crypto.getRandomValues(new Uint8Array(byteCount));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
