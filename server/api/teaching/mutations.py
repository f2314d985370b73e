"""Making, changing and deleting classifiers, and training them."""

from dataclasses import replace
from typing import Annotated

import strawberry

from server.accounts.models import User
from server.api.attempt import attempt
from server.api.context import Info
from server.api.node import global_id
from server.api.teaching.comparing import VersionChange, change_of
from server.api.teaching.ids import classifier_key, required_key
from server.api.teaching.types import Classifier
from server.api.teaching.versions import ClassifierVersion
from server.api.user_errors import Payload, UserError, UserErrorCode
from server.teaching import classifiers, models, training, versions
from server.teaching.errors import Thing
from server.teaching.owned import require_classifier


@strawberry.input(description="A new classifier.")
class CreateClassifierInput:
    """Input of `createClassifier`."""

    name: str = strawberry.field(
        description=(
            "What to ask for in `predict`: 1 to 64 characters, neither the name of one of "
            "`models` nor that of another classifier of yours."
        )
    )
    description: str | None = strawberry.field(
        default=None, description="What it is for, in words of yours; at most 500 characters."
    )
    model: str | None = strawberry.field(
        default=None,
        description=(
            "The one of `models` that it stands on, for good; where this is null, the first that "
            "can be taught."
        ),
    )


@strawberry.input(description="What to change of a classifier; what is null stays.")
class UpdateClassifierInput:
    """Input of `updateClassifier`."""

    id: strawberry.ID = strawberry.field(description="The id of the classifier.")
    name: str | None = strawberry.field(
        default=None,
        description="Its new name. Predictions that it has made keep the name it answered by.",
    )
    description: str | None = strawberry.field(default=None, description="Its new description.")


@strawberry.input(description="Which classifier to delete.")
class DeleteClassifierInput:
    """Input of `deleteClassifier`."""

    id: strawberry.ID = strawberry.field(description="The id of the classifier.")


@strawberry.input(description="Which classifier to train.")
class TrainClassifierInput:
    """Input of `trainClassifier`."""

    classifier: strawberry.ID = strawberry.field(description="The id of the classifier.")
    use: bool | None = strawberry.field(
        default=True,
        description="Whether the new version answers from now on; see `useClassifierVersion`.",
    )


@strawberry.input(description="Which version is to answer.")
class UseClassifierVersionInput:
    """Input of `useClassifierVersion`."""

    id: strawberry.ID = strawberry.field(description="The id of the version.")
    only_compare: bool | None = strawberry.field(
        default=False, description="Whether to tell what would change, and change nothing."
    )


@strawberry.type(description="The classifier.")
class ClassifierPayload(Payload):
    """What most payloads of classifiers have."""

    classifier: models.Classifier | None = strawberry.field(
        graphql_type=Classifier | None, description="The classifier; null when there are errors."
    )


@strawberry.type(description="The new classifier, which knows nothing yet.")
class CreateClassifierPayload(ClassifierPayload):
    """Payload of `createClassifier`."""


@strawberry.type(description="The classifier, as it is called now.")
class UpdateClassifierPayload(ClassifierPayload):
    """Payload of `updateClassifier`."""


@strawberry.type(
    description=(
        "The classifier is gone, with its labels, examples and versions. "
        "Predictions that it has made stay in the history."
    )
)
class DeleteClassifierPayload(Payload):
    """Payload of `deleteClassifier`."""

    deleted_id: strawberry.ID | None = strawberry.field(
        description="The id it had; null when there are errors."
    )


@strawberry.type(description="What the classifier has learnt.")
class TrainClassifierPayload(ClassifierPayload):
    """Payload of `trainClassifier`."""

    version: models.ClassifierVersion | None = strawberry.field(
        graphql_type=ClassifierVersion | None,
        description=(
            "The version that knows its examples: the latest one where nothing has changed since; "
            "null when there are errors."
        ),
    )


@strawberry.type(description="The version answers from now on, in every worker.")
class UseClassifierVersionPayload(ClassifierPayload):
    """Payload of `useClassifierVersion`."""

    compared: int | None = strawberry.field(
        description=(
            "How many predictions, the latest of the history, were read by both this version and "
            "the one that was in use; null when there are errors."
        )
    )
    changes: list[VersionChange] = strawberry.field(
        description="Those of them that the two read differently, the latest first."
    )


@strawberry.type
class ClassifierMutations:
    """Mutations of classifiers."""

    @strawberry.mutation(
        description=(
            "Make a classifier for labels of your own. "
            "Needs a session or a token with the scope MANAGE."
        )
    )
    def create_classifier(
        self,
        info: Info,
        input: Annotated[
            CreateClassifierInput, strawberry.argument(description="What it is called.")
        ],
    ) -> CreateClassifierPayload | None:
        """Make a classifier."""
        user = info.context.manager()
        created, errors = attempt(
            classifiers.create_classifier,
            user,
            name=input.name,
            description=input.description or "",
            model=input.model,
        )
        return CreateClassifierPayload(classifier=created, errors=errors)

    @strawberry.mutation(
        description=(
            "Change the name or the description of a classifier. "
            "Needs a session or a token with the scope MANAGE."
        )
    )
    def update_classifier(
        self,
        info: Info,
        input: Annotated[UpdateClassifierInput, strawberry.argument(description="What to change.")],
    ) -> UpdateClassifierPayload | None:
        """Change a classifier."""
        user = info.context.manager()
        updated, errors = attempt(_update, user, input)
        return UpdateClassifierPayload(classifier=updated, errors=_at_id(errors))

    @strawberry.mutation(
        description=(
            "Delete a classifier with its labels, examples and versions, for good. "
            "Needs a session or a token with the scope MANAGE."
        )
    )
    def delete_classifier(
        self,
        info: Info,
        input: Annotated[
            DeleteClassifierInput, strawberry.argument(description="Which classifier to delete.")
        ],
    ) -> DeleteClassifierPayload | None:
        """Delete a classifier."""
        user = info.context.manager()
        deleted_id, errors = attempt(_delete, user, input.id)
        return DeleteClassifierPayload(deleted_id=deleted_id, errors=_at_id(errors))

    @strawberry.mutation(
        description=(
            "Teach a classifier with its examples: a matter of milliseconds. It takes two labels "
            "of two examples each; labels of one are left out. The oldest version that is not in "
            "use makes room where there are as many as `limits` allows. "
            "Needs a session or a token with the scope MANAGE."
        )
    )
    def train_classifier(
        self,
        info: Info,
        input: Annotated[
            TrainClassifierInput, strawberry.argument(description="Which classifier to train.")
        ],
    ) -> TrainClassifierPayload | None:
        """Train a classifier."""
        user = info.context.manager()
        version, errors = attempt(_train, user, input)
        classifier = require_classifier(user, version.classifier_id) if version else None
        return TrainClassifierPayload(classifier=classifier, version=version, errors=errors)

    @strawberry.mutation(
        description=(
            "Choose which version answers, forward or back, and tell what that changes: the latest "
            "predictions of the history are read by both. "
            "Needs a session or a token with the scope MANAGE."
        )
    )
    def use_classifier_version(
        self,
        info: Info,
        input: Annotated[
            UseClassifierVersionInput, strawberry.argument(description="Which version to use.")
        ],
    ) -> UseClassifierVersionPayload | None:
        """Use a version."""
        user = info.context.manager()
        info.context.row_budget.spend(2 * versions.COMPARED_PREDICTIONS)
        used, errors = attempt(_use, user, input)
        classifier, comparison = used or (None, None)
        return UseClassifierVersionPayload(
            classifier=classifier,
            compared=comparison.compared if comparison else None,
            changes=[change_of(each) for each in comparison.changes] if comparison else [],
            errors=errors,
        )


def _update(user: User, input: UpdateClassifierInput) -> models.Classifier:
    key = classifier_key(input.id)
    return classifiers.update_classifier(user, key, name=input.name, description=input.description)


def _delete(user: User, id: strawberry.ID) -> strawberry.ID:
    key = classifier_key(id)
    classifiers.delete_classifier(user, key)
    return global_id("Classifier", key)


def _train(user: User, input: TrainClassifierInput) -> models.ClassifierVersion:
    return training.train_classifier(
        user, classifier_key(input.classifier), use=input.use is not False
    )


def _use(
    user: User, input: UseClassifierVersionInput
) -> tuple[models.Classifier, versions.Comparison]:
    version = versions.find_version(
        user, required_key("ClassifierVersion", input.id, Thing.VERSION)
    )
    comparison = versions.compare(user, version)
    if input.only_compare:
        return version.classifier, comparison
    return versions.use_version(user, version.pk), comparison


def _at_id(errors: list[UserError]) -> list[UserError]:
    """Return the errors with what was not found where this mutation asks for it."""
    return [
        replace(error, field=["input", "id"]) if error.code is UserErrorCode.NOT_FOUND else error
        for error in errors
    ]
