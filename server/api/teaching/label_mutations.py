"""Renaming and removing labels."""

from dataclasses import replace
from typing import Annotated

import strawberry

from server.accounts.models import User
from server.api.attempt import attempt
from server.api.context import Info
from server.api.node import global_id
from server.api.teaching.ids import required_key
from server.api.teaching.labels import ClassifierLabel
from server.api.teaching.mutations import ClassifierPayload
from server.api.user_errors import Payload
from server.teaching import labels, models
from server.teaching.errors import Thing


@strawberry.input(description="A label and its new name.")
class RenameLabelInput:
    """Input of `renameLabel`."""

    id: strawberry.ID = strawberry.field(description="The id of the label.")
    name: str = strawberry.field(description="Its new name, 1 to 100 characters.")


@strawberry.input(description="Which label to remove.")
class RemoveLabelInput:
    """Input of `removeLabel`."""

    id: strawberry.ID = strawberry.field(description="The id of the label.")


@strawberry.type(description="The label, as it is called now.")
class RenameLabelPayload(Payload):
    """Payload of `renameLabel`."""

    label: models.ClassifierLabel | None = strawberry.field(
        graphql_type=ClassifierLabel | None, description="The label; null when there are errors."
    )


@strawberry.type(description="The label is gone, with its examples; the predictions stay.")
class RemoveLabelPayload(ClassifierPayload):
    """Payload of `removeLabel`."""

    deleted_id: strawberry.ID | None = strawberry.field(
        description="The id it had; null when there are errors."
    )


@strawberry.type
class LabelMutations:
    """Mutations of labels."""

    @strawberry.mutation(
        description=(
            "Rename a label. Versions that were taught before keep the name they answer with, "
            "until the classifier is trained again. "
            "Needs a session or a token with the scope MANAGE."
        )
    )
    def rename_label(
        self,
        info: Info,
        input: Annotated[
            RenameLabelInput, strawberry.argument(description="Which label, and its new name.")
        ],
    ) -> RenameLabelPayload | None:
        """Rename a label."""
        user = info.context.manager()
        label, errors = attempt(_rename, user, input)
        at_name = [
            replace(error, field=["input", "name"]) if error.field == ["input", "label"] else error
            for error in errors
        ]
        return RenameLabelPayload(label=label, errors=at_name)

    @strawberry.mutation(
        description=(
            "Remove a label with its examples, for good. Versions that were taught before can "
            "still answer with it. Needs a session or a token with the scope MANAGE."
        )
    )
    def remove_label(
        self,
        info: Info,
        input: Annotated[
            RemoveLabelInput, strawberry.argument(description="Which label to remove.")
        ],
    ) -> RemoveLabelPayload | None:
        """Remove a label."""
        user = info.context.manager()
        classifier, errors = attempt(_remove, user, input.id)
        deleted_id = global_id("ClassifierLabel", _key(input.id)) if classifier else None
        return RemoveLabelPayload(classifier=classifier, deleted_id=deleted_id, errors=errors)


def _rename(user: User, input: RenameLabelInput) -> models.ClassifierLabel:
    return labels.rename_label(user, _key(input.id), input.name)


def _remove(user: User, id: strawberry.ID) -> models.Classifier:
    return labels.remove_label(user, _key(id))


def _key(id: strawberry.ID) -> int:
    return required_key("ClassifierLabel", id, Thing.LABEL)
