/** The operations of accounts, apart from the others: they come when somebody signs in, or looks at theirs. */

import { ACCOUNT, mutation, operation } from "./operations.js";

const TOKEN = `fragment TokenFields on ApiToken {
  id
  name
  hint
  scopes
  createdAt
  expiresAt
  lastUsedAt
  revokedAt
}`;

export const ACCOUNT_QUOTA = operation(
  "Quota",
  `query Quota {
  viewer { id quota { limit used resetsAt } }
}`,
);

export const TOKENS = operation(
  "Tokens",
  `query Tokens {
  viewer { id apiTokens { ...TokenFields } }
}`,
  TOKEN,
);

export const REGISTER = mutation("Register", "user { ...AccountFields }", ACCOUNT);
export const LOG_IN = mutation("LogIn", "user { ...AccountFields }", ACCOUNT);
export const CHANGE_PASSWORD = mutation("ChangePassword");
export const REQUEST_PASSWORD_RESET = mutation("RequestPasswordReset");
export const RESET_PASSWORD = mutation("ResetPassword");
export const DELETE_ACCOUNT = mutation("DeleteAccount");
export const CREATE_API_TOKEN = mutation(
  "CreateApiToken",
  "apiToken { ...TokenFields } secret",
  TOKEN,
);

export const REVOKE_API_TOKEN = mutation("RevokeApiToken", "apiToken { ...TokenFields }", TOKEN);
