/** A request with a file (https://github.com/jaydenseric/graphql-multipart-request-spec). */

const PHOTO_PATH = "variables.input.image.upload";
const ARCHIVE_PATH = "variables.input.archive";

/** @returns {object} the fields that go before the file, by name */
export function multipartFields(operation, variables) {
  const path = "archive" in variables.input ? ARCHIVE_PATH : PHOTO_PATH;
  return {
    operations: JSON.stringify({
      query: operation.document,
      operationName: operation.name,
      variables,
    }),
    map: JSON.stringify({ photo: [path] }),
  };
}

/** `upload` is null where the file is put. */
export function predictVariables(idempotencyKey = null, fileName = "", model = null) {
  return {
    input: {
      image: { upload: null },
      ...(idempotencyKey && { idempotencyKey }),
      ...(fileName && { fileName }),
      ...(model && { model }),
    },
  };
}

export function tryVariables() {
  return { input: { image: { upload: null } } };
}
