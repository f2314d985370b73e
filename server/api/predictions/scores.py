"""Labels with their probabilities, in the schema."""

import strawberry

from server.classifier.card import MODEL_CARDS

DEFAULT_SCORES = 5


@strawberry.type(description="One label and how probable it is.")
class Score:
    """A label with its probability."""

    label: str = strawberry.field(description="What may be in the picture.")
    probability: float = strawberry.field(
        description="How probable, from 0 to 1; over all labels of the model the sum is 1."
    )
    model: strawberry.Private[str]

    @strawberry.field(description="What the label means, in a sentence; null where none is known.")
    def description(self) -> str | None:
        """Return the gloss of the label."""
        return gloss_of(self.model, self.label)


def gloss_of(model: str, label: str) -> str | None:
    """Return what a label of a model means; None where none is known."""
    card = MODEL_CARDS.get(model)
    return card.gloss_by_label.get(label) if card else None
