"""Bringing along a classifier that was taught elsewhere."""

from dataclasses import replace
from typing import Annotated

import strawberry

from server.api.attempt import attempt
from server.api.context import Info
from server.api.scalars import Upload
from server.api.teaching.mutations import ClassifierPayload
from server.api.user_errors import UserErrorCode
from server.teaching.importing import import_classifier


@strawberry.input(description="Which archive to import, and what to call it.")
class ImportClassifierInput:
    """Input of `importClassifier`."""

    archive: Upload = strawberry.field(
        description=(
            "What `ClassifierVersion.downloadUrl` gave, as a file of a multipart request. Only "
            "`card.json` and `head.f32` are read: where the whole is too large for a request, "
            "`model.onnx` may be left out."
        )
    )
    name: str = strawberry.field(
        description=(
            "What to ask for in `predict`: 1 to 64 characters, neither the name of one of "
            "`models` nor that of another classifier of yours."
        )
    )


@strawberry.type(description="The classifier, which answers as the archive does.")
class ImportClassifierPayload(ClassifierPayload):
    """Payload of `importClassifier`."""


@strawberry.type
class ImportMutations:
    """Mutations that bring classifiers along."""

    @strawberry.mutation(
        description=(
            "Make a classifier of an archive, whoever taught it. It has the labels and answers at "
            "once, but has no examples: training it would teach it nothing but those that are "
            "added here. Needs a session or a token with the scope MANAGE."
        )
    )
    def import_classifier(
        self,
        info: Info,
        input: Annotated[
            ImportClassifierInput, strawberry.argument(description="The archive, and its name.")
        ],
    ) -> ImportClassifierPayload | None:
        """Import a classifier."""
        user = info.context.manager()
        imported, errors = attempt(import_classifier, user, input.archive.content, name=input.name)
        # Its labels stand in the archive.
        told = [
            replace(error, field=["input", "archive"])
            if error.code is UserErrorCode.LABEL_LIMIT_REACHED
            else error
            for error in errors
        ]
        return ImportClassifierPayload(classifier=imported, errors=told)
