/** A request with a file (https://github.com/jaydenseric/graphql-multipart-request-spec). */

const FILE_PATH = "variables.input.image.upload";

/** @returns {object} the fields that go before the file, by name */
export function multipartFields(operation, variables) {
  return {
    operations: JSON.stringify({
      query: operation.document,
      operationName: operation.name,
      variables,
    }),
    map: JSON.stringify({ photo: [FILE_PATH] }),
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
