"""What can be asked."""

from typing import Annotated

import strawberry

from server.accounts.models import ApiToken
from server.api.accounts.types import User, token_of, user_of
from server.api.context import Info
from server.api.limits import Limits, current_limits
from server.api.models import Model, model_node, served_model, served_models
from server.api.node import Node, key_of, parse_global_id
from server.api.predictions.types import prediction_of
from server.predictions.history import find_prediction


@strawberry.type(description="What can be asked.")
class Query:
    """The root of queries."""

    @strawberry.field(description="The account of this session or token; null when anonymous.")
    def viewer(self, info: Info) -> User | None:
        """Return the viewer."""
        user = info.context.reader()
        return user_of(user) if user else None

    @strawberry.field(
        description="Any object by its id; null where there is none that the viewer may see."
    )
    def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The id of the object.")],
    ) -> Node | None:
        """Return an object."""
        parsed = parse_global_id(id)
        if parsed is None:
            return None
        type_name, key = parsed
        return model_node(key) if type_name == "Model" else _own_node(info, type_name, id)

    @strawberry.field(description="The models that answer today.")
    def models(self) -> list[Model]:
        """Return all models."""
        return served_models()

    @strawberry.field(description="A model that answers today, by name; null where there is none.")
    def model(
        self,
        name: Annotated[str, strawberry.argument(description="The name of the model.")],
    ) -> Model | None:
        """Return one model."""
        return served_model(name)

    @strawberry.field(description="What a request may ask for at most.")
    def limits(self) -> Limits:
        """Return the limits."""
        return current_limits()


def _own_node(info: Info, type_name: str, id: strawberry.ID) -> Node | None:
    """Return an object that belongs to the viewer."""
    viewer = info.context.reader()
    key = key_of(type_name, id)
    if viewer is None or key is None:
        return None
    match type_name:
        case "User":
            return user_of(viewer) if key == viewer.pk else None
        case "Prediction":
            prediction = find_prediction(viewer, key)
            return prediction_of(prediction) if prediction else None
        case "ApiToken":
            token = ApiToken.objects.filter(user=viewer, pk=key).first()
            return token_of(token) if token else None
        case _:
            return None
