"""What can be asked."""

from typing import Annotated

import strawberry

from server.accounts import models
from server.api.accounts.types import User
from server.api.context import Info
from server.api.limits import Limits, current_limits
from server.api.model import Model, model_node, served_model, served_models
from server.api.node import Node, key_of, parse_global_id
from server.predictions.history import find_prediction
from server.predictions.models import ModelVersion, Prediction

_Row = models.User | models.ApiToken | Prediction | ModelVersion


@strawberry.type(description="What can be asked.")
class Query:
    """The root of queries."""

    @strawberry.field(
        graphql_type=User | None,
        description="The account of this session or token; null when anonymous.",
    )
    def viewer(self, info: Info) -> models.User | None:
        """Return the viewer."""
        return info.context.reader()

    @strawberry.field(
        graphql_type=Node | None,
        description="Any object by its id; null where there is none that the viewer may see.",
    )
    def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The id of the object.")],
    ) -> _Row | None:
        """Return an object."""
        parsed = parse_global_id(id)
        if parsed is None:
            return None
        type_name, key = parsed
        return model_node(key) if type_name == "Model" else _own_node(info, type_name, id)

    @strawberry.field(graphql_type=list[Model], description="The models that answer today.")
    def models(self) -> list[ModelVersion]:
        """Return all models."""
        return served_models()

    @strawberry.field(
        graphql_type=Model | None,
        description="A model that answers today, by name; null where there is none.",
    )
    def model(
        self,
        name: Annotated[str, strawberry.argument(description="The name of the model.")],
    ) -> ModelVersion | None:
        """Return one model."""
        return served_model(name)

    @strawberry.field(description="What a request may ask for at most.")
    def limits(self) -> Limits:
        """Return the limits."""
        return current_limits()


def _own_node(info: Info, type_name: str, id: strawberry.ID) -> _Row | None:
    """Return an object that belongs to the viewer."""
    viewer = info.context.reader()
    key = key_of(type_name, id)
    if viewer is None or key is None:
        return None
    match type_name:
        case "User":
            return viewer if key == viewer.pk else None
        case "Prediction":
            return find_prediction(viewer, key)
        case "ApiToken":
            return models.ApiToken.objects.filter(user=viewer, pk=key).first()
        case _:
            return None
