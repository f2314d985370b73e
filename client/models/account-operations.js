/** The operations of accounts, apart from the others: they come when somebody signs in, or looks at theirs. */

import { ACCOUNT, ERRORS, operation } from "./operations.js";

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

export const TOKENS = operation(
  "Tokens",
  `query Tokens {
  viewer { id apiTokens { ...TokenFields } }
}`,
  TOKEN,
);

export const REGISTER = operation(
  "Register",
  `mutation Register($input: RegisterInput!) {
  register(input: $input) { user { ...AccountFields } ${ERRORS} }
}`,
  ACCOUNT,
);

export const LOG_IN = operation(
  "LogIn",
  `mutation LogIn($input: LogInInput!) {
  logIn(input: $input) { user { ...AccountFields } ${ERRORS} }
}`,
  ACCOUNT,
);

export const CHANGE_PASSWORD = operation(
  "ChangePassword",
  `mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) { ${ERRORS} }
}`,
);

export const REQUEST_PASSWORD_RESET = operation(
  "RequestPasswordReset",
  `mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
  requestPasswordReset(input: $input) { ${ERRORS} }
}`,
);

export const RESET_PASSWORD = operation(
  "ResetPassword",
  `mutation ResetPassword($input: ResetPasswordInput!) {
  resetPassword(input: $input) { ${ERRORS} }
}`,
);

export const DELETE_ACCOUNT = operation(
  "DeleteAccount",
  `mutation DeleteAccount($input: DeleteAccountInput!) {
  deleteAccount(input: $input) { ${ERRORS} }
}`,
);

export const CREATE_API_TOKEN = operation(
  "CreateApiToken",
  `mutation CreateApiToken($input: CreateApiTokenInput!) {
  createApiToken(input: $input) { apiToken { ...TokenFields } secret ${ERRORS} }
}`,
  TOKEN,
);

export const REVOKE_API_TOKEN = operation(
  "RevokeApiToken",
  `mutation RevokeApiToken($input: RevokeApiTokenInput!) {
  revokeApiToken(input: $input) { apiToken { ...TokenFields } ${ERRORS} }
}`,
  TOKEN,
);
