"""Scalars of our own."""

from typing import NewType

import strawberry
from django.core.files.uploadedfile import UploadedFile
from graphql import GraphQLError

Upload = NewType("Upload", UploadedFile)  # type: ignore[type-arg] # generic in the stubs alone


def _parse_upload(value: object) -> Upload:
    if not isinstance(value, UploadedFile):
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
