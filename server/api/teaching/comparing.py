"""What another version of a classifier would change, in the schema."""

import strawberry

from server.api.node import global_id
from server.api.predictions.readings import Reading, told
from server.teaching.versions import Change


@strawberry.type(description="A prediction of the history that two versions read differently.")
class VersionChange:
    """A change."""

    prediction_id: strawberry.ID = strawberry.field(
        description="The id of the prediction; `node` tells more of it."
    )
    before: Reading = strawberry.field(description="What the version in use says.")
    after: Reading = strawberry.field(description="What the other one says.")


def change_of(change: Change) -> VersionChange:
    """Return a change as the schema tells it."""
    return VersionChange(
        prediction_id=global_id("Prediction", change.prediction_id),
        before=told(change.before),
        after=told(change.after),
    )
