"""Scalars of our own, and how Strawberry's are described."""

from dataclasses import replace
from datetime import date, datetime
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition
from strawberry.types.scalar import ScalarDefinition

from server.api.http.form import Part

Upload = NewType("Upload", Part)


def _parse_upload(value: object) -> Upload:
    if not isinstance(value, Part):
        raise GraphQLError(
            "An upload is sent as multipart/form-data, as the GraphQL multipart request "
            "specification says; use `base64` to send it within the variables."
        )
    return Upload(value)


UPLOAD_DEFINITION = strawberry.scalar(
    name="Upload",
    description="A file of a multipart request (GraphQL multipart request specification).",
    specified_by_url="https://github.com/jaydenseric/graphql-multipart-request-spec",
    parse_value=_parse_upload,
)

# The profile of ISO 8601 that answers are in: `full-date` and `date-time`.
RFC_3339 = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"

SCALARS: dict[object, ScalarDefinition] = {
    Upload: UPLOAD_DEFINITION,
    date: replace(
        DateDefinition,
        description="A day in ISO 8601, such as `2026-09-01`.",
        specified_by_url=RFC_3339,
    ),
    datetime: replace(
        DateTimeDefinition,
        description="A moment in ISO 8601, such as `2026-09-01T12:00:00+00:00`.",
        specified_by_url=RFC_3339,
    ),
}
