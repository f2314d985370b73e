"""Adding, moving and removing examples; renaming and removing labels."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import strawberry

from server.accounts.models import User
from server.api.arguments import few
from server.api.attempt import Base64Invalid, attempt, tell
from server.api.context import Info
from server.api.node import global_id, keys_of
from server.api.predictions.mutations import ImageInput
from server.api.teaching.examples import Example
from server.api.teaching.ids import classifier_key
from server.api.teaching.mutations import ClassifierPayload
from server.api.teaching.near_duplicates import (
    NEAR_DUPLICATES,
    NearDuplicate,
    near_duplicates_of,
)
from server.api.user_errors import UserError
from server.teaching import examples, labels, models
from server.teaching.examples import Outcome
from server.teaching.labels import WantedLabel
from server.teaching.owned import require_classifier

MAX_IMAGES = 5  # of a call, which takes a quarter of a second for them
MAX_IDS = 100  # of a call


@strawberry.input(description="What shows what a label means.")
class AddExamplesInput:
    """Input of `addExamples`."""

    classifier: strawberry.ID = strawberry.field(description="The id of the classifier.")
    label: str = strawberry.field(
        description=(
            "What they all show: 1 to 100 characters. A label of this name is made if needed."
        )
    )
    is_something_else: bool | None = strawberry.field(
        default=False,
        description=(
            "Whether the label is the one for what is none of the others, such as 'something "
            "else': where it is the answer, `isKnown` is false."
        ),
    )
    images: list[ImageInput] | None = strawberry.field(
        default=None,
        description=(
            f"Pictures, at most {MAX_IMAGES}. Each costs a prediction of the quota, unless it is "
            "refused. Of the upload nothing is kept but the crop and the embedding."
        ),
    )
    predictions: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description=f"Ids of predictions of the history, at most {MAX_IDS}. They cost nothing.",
    )
    keep: bool | None = strawberry.field(
        default=False,
        description=(
            "Whether the examples stay when their predictions are deleted; "
            "otherwise they go with them. Uploads stay anyway."
        ),
    )


@strawberry.input(description="Which examples to move to which label.")
class RelabelExamplesInput:
    """Input of `relabelExamples`."""

    classifier: strawberry.ID = strawberry.field(description="The id of the classifier.")
    examples: list[strawberry.ID] = strawberry.field(
        description=f"The ids of the examples, at most {MAX_IDS}; all are moved or none."
    )
    label: str = strawberry.field(
        description="What they show. A label of this name is made if needed."
    )


@strawberry.input(description="Which examples to remove.")
class RemoveExamplesInput:
    """Input of `removeExamples`."""

    classifier: strawberry.ID = strawberry.field(description="The id of the classifier.")
    examples: list[strawberry.ID] = strawberry.field(
        description=f"The ids of the examples, at most {MAX_IDS}; all are removed or none."
    )


@strawberry.type(
    description=(
        "The examples that were added. One that was refused has an error, whose `field` ends in "
        "its place among the `images` or `predictions`; it does not keep the others out."
    )
)
class AddExamplesPayload(ClassifierPayload):
    """Payload of `addExamples`."""

    examples: list[models.Example] = strawberry.field(
        graphql_type=list[Example], description="Those that were added, in their order."
    )

    @strawberry.field(description=NEAR_DUPLICATES)
    def near_duplicates(self, info: Info) -> list[NearDuplicate]:
        """Return which of them look the same as another."""
        return near_duplicates_of(self.examples, info.context.row_budget)


@strawberry.type(description="The examples, under their new label.")
class RelabelExamplesPayload(ClassifierPayload):
    """Payload of `relabelExamples`."""

    examples: list[models.Example] = strawberry.field(
        graphql_type=list[Example], description="Those that were moved; none when there are errors."
    )


@strawberry.type(description="The examples are gone; predictions that they were stay.")
class RemoveExamplesPayload(ClassifierPayload):
    """Payload of `removeExamples`."""

    deleted_ids: list[strawberry.ID] = strawberry.field(
        description="The ids they had; none when there are errors."
    )


@strawberry.type
class ExampleMutations:
    """Mutations of examples."""

    @strawberry.mutation(
        description=(
            "Add pictures, or predictions of the history, as examples of a label. The same picture "
            "is taken once, so a retry is safe. `trainClassifier` makes the classifier learn them. "
            "Needs a session or a token with the scope MANAGE."
        )
    )
    def add_examples(
        self,
        info: Info,
        input: Annotated[
            AddExamplesInput, strawberry.argument(description="What to add, and to which label.")
        ],
    ) -> AddExamplesPayload | None:
        """Add examples."""
        user = info.context.manager()
        few("images", input.images or [], maximum=MAX_IMAGES)
        few("predictions", input.predictions or [], maximum=MAX_IDS)
        info.context.row_budget.spend(len(input.images or []) + len(input.predictions or []))
        added, errors = attempt(_add, user, input)
        classifier, outcomes, refused = added or (None, [], [])
        return AddExamplesPayload(
            classifier=classifier, examples=outcomes, errors=[*errors, *refused]
        )

    @strawberry.mutation(
        description=(
            "Move examples to another label. Needs a session or a token with the scope MANAGE."
        )
    )
    def relabel_examples(
        self,
        info: Info,
        input: Annotated[
            RelabelExamplesInput, strawberry.argument(description="Which examples, and where to.")
        ],
    ) -> RelabelExamplesPayload | None:
        """Move examples."""
        user = info.context.manager()
        few("examples", input.examples, maximum=MAX_IDS)
        info.context.row_budget.spend(len(input.examples))
        moved, errors = attempt(_relabel, user, input)
        classifier, rows = moved or (None, [])
        return RelabelExamplesPayload(classifier=classifier, examples=rows, errors=errors)

    @strawberry.mutation(
        description="Remove examples. Needs a session or a token with the scope MANAGE."
    )
    def remove_examples(
        self,
        info: Info,
        input: Annotated[
            RemoveExamplesInput, strawberry.argument(description="Which examples to remove.")
        ],
    ) -> RemoveExamplesPayload | None:
        """Remove examples."""
        user = info.context.manager()
        few("examples", input.examples, maximum=MAX_IDS)
        classifier, errors = attempt(_remove, user, input)
        keys = keys_of("Example", input.examples) if classifier else []
        deleted = [global_id("Example", key) for key in keys]
        return RemoveExamplesPayload(classifier=classifier, deleted_ids=deleted, errors=errors)


def _add(
    user: User, input: AddExamplesInput
) -> tuple[models.Classifier, list[models.Example], list[UserError]]:
    key = classifier_key(input.classifier)
    wanted = WantedLabel(input.label, is_something_else=bool(input.is_something_else))
    read = [_read(image) for image in input.images or []]
    images = [each for each in read if isinstance(each, bytes)]
    stored = iter(examples.add_images(user, key, wanted, images) if images else [])
    of_images: list[Outcome | Base64Invalid] = [
        next(stored) if isinstance(each, bytes) else each for each in read
    ]
    keys = keys_of("Prediction", input.predictions or [])
    of_predictions = examples.add_predictions(user, key, wanted, keys, outlive=bool(input.keep))
    outcomes = [*of_images, *of_predictions]
    refused = [*_refused("images", of_images), *_refused("predictions", of_predictions)]
    added = [outcome for outcome in outcomes if isinstance(outcome, models.Example)]
    return require_classifier(user, key), added, refused


def _read(image: ImageInput) -> bytes | Base64Invalid:
    try:
        return image.read()
    except Base64Invalid as error:
        return error


def _refused(where: str, outcomes: Sequence[Outcome | Base64Invalid]) -> list[UserError]:
    return [
        replace(tell(outcome), field=["input", where, str(place)])
        for place, outcome in enumerate(outcomes)
        if not isinstance(outcome, models.Example)
    ]


def _relabel(
    user: User, input: RelabelExamplesInput
) -> tuple[models.Classifier, list[models.Example]]:
    key = classifier_key(input.classifier)
    rows = labels.relabel_examples(
        user, key, keys_of("Example", input.examples), WantedLabel(input.label)
    )
    return require_classifier(user, key), rows


def _remove(user: User, input: RemoveExamplesInput) -> models.Classifier:
    key = classifier_key(input.classifier)
    labels.remove_examples(user, key, keys_of("Example", input.examples))
    return require_classifier(user, key)
