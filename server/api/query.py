"""What can be asked."""

from typing import Annotated

import strawberry

from server.accounts import models
from server.api.accounts.types import User
from server.api.context import Info
from server.api.errors import BadUserInput
from server.api.limits import Limits, current_limits
from server.api.model import Model, served_model, served_models
from server.api.node import Node
from server.api.node_lookup import Row, look_up
from server.predictions.models import ModelVersion

MAX_NODES = 100


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
    ) -> Row | None:
        """Return an object."""
        return look_up(info.context, [id])[0]

    @strawberry.field(
        graphql_type=list[Node | None],
        description=(
            "Objects by their ids, in their order; null for each that the viewer may not see."
        ),
    )
    def nodes(
        self,
        info: Info,
        ids: Annotated[
            list[strawberry.ID],
            strawberry.argument(description=f"The ids of the objects, at most {MAX_NODES}."),
        ],
    ) -> list[Row | None]:
        """Return objects."""
        if len(ids) > MAX_NODES:
            raise BadUserInput(f"`ids` has at most {MAX_NODES} items.")
        info.context.row_budget.spend(len(ids))
        return look_up(info.context, ids)

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
