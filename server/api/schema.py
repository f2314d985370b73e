"""The schema: queries, mutations and scalars, merged."""

from collections.abc import Iterator

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from server.api.accounts.account_mutations import AccountMutations
from server.api.accounts.password_mutations import PasswordMutations
from server.api.accounts.token_mutations import TokenMutations
from server.api.accounts.types import ApiToken, User
from server.api.document import DocumentPipeline
from server.api.model import Model
from server.api.operation_facts import OperationFacts
from server.api.predictions.corrections import CorrectionMutations
from server.api.predictions.many_corrections import ManyCorrectionMutations
from server.api.predictions.mutations import PredictionMutations
from server.api.predictions.trying import TryMutations
from server.api.predictions.types import Prediction
from server.api.query import Query
from server.api.scalars import SCALARS
from server.api.teaching.example_mutations import ExampleMutations
from server.api.teaching.examples import Example
from server.api.teaching.importing import ImportMutations
from server.api.teaching.label_mutations import LabelMutations
from server.api.teaching.labels import ClassifierLabel
from server.api.teaching.mutations import ClassifierMutations
from server.api.teaching.types import Classifier
from server.api.teaching.versions import ClassifierVersion


@strawberry.type(
    description=(
        "What can be done. Several of one document are done in their order; one that fails is "
        "null, and the others are done all the same."
    )
)
class Mutation(
    AccountMutations,
    PasswordMutations,
    TokenMutations,
    PredictionMutations,
    CorrectionMutations,
    ManyCorrectionMutations,
    TryMutations,
    ClassifierMutations,
    ExampleMutations,
    LabelMutations,
    ImportMutations,
):
    """The root of mutations."""


class TelltaleSchema(strawberry.Schema):
    """A schema that leaves its errors to the view, which codes, masks and logs them."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log nothing here."""


def build_schema() -> TelltaleSchema:
    """Return the schema of the types as they are."""
    schema = TelltaleSchema(
        query=Query,
        mutation=Mutation,
        types=[
            ApiToken,
            Classifier,
            ClassifierLabel,
            ClassifierVersion,
            Example,
            Model,
            Prediction,
            User,
        ],
        extensions=[DocumentPipeline, OperationFacts],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    for input_value in _input_values(schema._schema):  # noqa: SLF001 - graphql-core's own
        # What may be left out is null in Python. In the schema a default of null says nothing, but
        # generators make of it members that have to be sent.
        if input_value.default_value is None:
            input_value.default_value = Undefined
    return schema


def _input_values(schema: GraphQLSchema) -> Iterator[GraphQLArgument | GraphQLInputField]:
    for named in schema.type_map.values():
        if isinstance(named, GraphQLInputObjectType):
            yield from named.fields.values()
        elif isinstance(named, GraphQLObjectType):
            for field in named.fields.values():
                yield from field.args.values()


schema = build_schema()
