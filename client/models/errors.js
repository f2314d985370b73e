/**
 * What can go wrong between this client and the API.
 *
 * ApiError
 * ├── Unreachable      no answer at all: offline, or the server is gone
 * ├── Asleep           a gateway answered in the server's place (502, 503, 504)
 * ├── Unfit            never sent, since the API would refuse it; `code` says why
 * ├── Refused          the API answered with a top-level error; `code` and `status` say which, and
 * │                    `retryAfterSeconds` when to ask again, where that is known
 * ├── IdentityChanged  the answer is for another account than this page knows, or for none
 * └── UserErrors       the API answered a mutation with errors as data; `errors` holds them
 */

export class ApiError extends Error {
  code = "UNKNOWN";
  /** Whether the same request may succeed a moment later. */
  isPassing = false;
}

export class Unreachable extends ApiError {
  code = "UNREACHABLE";
  isPassing = true;
}

export class Asleep extends ApiError {
  code = "ASLEEP";
  isPassing = true;
}

export class Unfit extends ApiError {
  constructor(code, options) {
    super("", options);
    this.code = code;
  }
}

export class Refused extends ApiError {
  constructor({ code, message, status, retryAfterSeconds = null }) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.isPassing = code === "BUSY";
  }
}

export class IdentityChanged extends ApiError {
  code = "UNAUTHENTICATED";
}

export class UserErrors extends ApiError {
  constructor(errors) {
    super(errors[0].message);
    this.code = errors[0].code;
    this.errors = errors;
    this.retryAfterSeconds = errors[0].retryAfterSeconds ?? null;
  }
}
