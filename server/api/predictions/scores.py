"""Labels with their probabilities, in the schema."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, NamedTuple

import strawberry

from server.api.arguments import size_of
from server.predictions.served import served
from server.predictions.services import STORED_SCORES

DEFAULT_SCORES = 5
DESCRIPTION = "The most probable labels, the most probable first."
FirstScores = Annotated[
    int | None, strawberry.argument(description=f"How many, at most {STORED_SCORES}.")
]


class LabelScore(NamedTuple):
    """A label, how probable it is, and what tells its meaning."""

    label: str
    probability: float
    gloss: Callable[[str], str | None]

    @property
    def description(self) -> str | None:
        """Return what the label means; None where that is not known."""
        return self.gloss(self.label)


# Without the look at each argument: a page has sixty.
label_score: Callable[[tuple[str, float, Callable[[str], str | None]]], LabelScore]
label_score = partial(tuple.__new__, LabelScore)


@strawberry.type(description="One label and how probable it is.")
class Score:
    """A label with its probability."""

    label: str = strawberry.field(description="What may be in the picture.")
    probability: float = strawberry.field(
        description="How probable, from 0 to 1; over all labels of the model the sum is 1."
    )
    description: str | None = strawberry.field(
        description="What the label means, in a sentence; null where none is known."
    )


def score_count(first: int | None) -> int:
    """Return how many scores are asked for, within what may be."""
    return size_of("first", first, default=DEFAULT_SCORES, maximum=STORED_SCORES)


def gloss_of(model: str, label: str) -> str | None:
    """Return what a label of a model means; None where none is known."""
    card = served().get(model)
    return card.gloss_by_label.get(label) if card else None
