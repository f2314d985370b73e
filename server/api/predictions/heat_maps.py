"""Heat maps, in the schema."""

from urllib.parse import urlencode

import strawberry
from django.urls import reverse

from server.api.context import Context
from server.api.errors import BadUserInput, ServerBusy
from server.classifier.errors import Busy, ModelNotReady, TierError
from server.predictions import models
from server.predictions.errors import CropLost, CropUnreachable
from server.teaching import explaining
from server.teaching.errors import LabelUnknown

ROWS_OF_A_HEAT_MAP = 100  # 15 ms of the model, of which a request may ask for 0.3 s


@strawberry.type(description="Where in a photo a label comes from.")
class HeatMap:
    """How much each place of the crop speaks for a label."""

    label: str = strawberry.field(description="The label it is about.")
    grid: list[list[float]] = strawberry.field(
        description=(
            "Rows of places, from the top left (of the built-in model, seven of seven): how much "
            "what is seen there "
            "speaks for the label over its alternatives. The strongest place is 1, what speaks "
            "against it 0; all are 0 where nothing speaks for it."
        )
    )
    url: str = strawberry.field(
        description=(
            "Path of the same as a smooth picture, a PNG of 224×224 that is laid over the crop. "
            "It is drawn when it is fetched; only the owner gets it, as the crop."
        )
    )


def heat_map_of(
    context: Context, prediction: models.Prediction, label: str | None
) -> HeatMap | None:
    """Return the heat map of a prediction; None where it can't be told any more.

    Raises:
        BadUserInput: there is no such label. ServerBusy: the model has no turn for it.
    """
    user = context.reader()
    if user is None:
        return None
    context.row_budget.spend(ROWS_OF_A_HEAT_MAP)
    try:
        found = explaining.heat_map_of(user, prediction.pk, label)
    except LabelUnknown as error:
        raise BadUserInput("`label` is none of those of the model that answered.") from error
    except CropLost:
        return None
    except (Busy, ModelNotReady, TierError, CropUnreachable) as error:
        raise ServerBusy("Too much is being looked at; try again in a moment.") from error
    if found is None:
        return None
    path = reverse("prediction-heat-map", args=[prediction.pk])
    return HeatMap(
        label=found.label,
        grid=[[round(float(place), 4) for place in row] for row in found.grid],
        url=f"{path}?{urlencode({'label': found.label})}",
    )
