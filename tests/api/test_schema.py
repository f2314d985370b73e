import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_scalar_type,
    is_specified_scalar_type,
    print_schema,
)
from graphql.utilities import find_breaking_changes

from server.api.management.commands.write_schema import SCHEMA_FILE

# The contract of the design. The schema may say more, never less or otherwise.
CONTRACT = """
type Query {
  viewer: User
  node(id: ID!): Node  nodes(ids: [ID!]!): [Node]!
  models: [Model!]!
  model(name: String!): Model
  limits: Limits!
}
interface Node { id: ID! }
type Limits {
  maxUploadBytes: Int!  maxPixels: Int!  formats: [String!]!  maxPageSize: Int!
  predictionsPerDay: Int!
}
type User implements Node {
  id: ID!  email: String!  dateJoined: DateTime!
  history(
    first: Int, after: String, last: Int, before: String,
    filter: HistoryFilter, orderBy: HistoryOrder = NEWEST
  ): PredictionConnection!
  statistics: HistoryStatistics!
  quota: Quota!
  apiTokens: [ApiToken!]!
}
type PredictionConnection {
  edges: [PredictionEdge!]!  nodes: [Prediction!]!  pageInfo: PageInfo!  totalCount: Int!
}
type PredictionEdge { cursor: String!  node: Prediction! }
type PageInfo {
  startCursor: String  endCursor: String  hasNextPage: Boolean!  hasPreviousPage: Boolean!
}
type HistoryStatistics {
  total: Int!  byLabel(first: Int = 20): [LabelCount!]!  byModel: [ModelCount!]!
  perDay(last: Int = 30): [DayCount!]!
}
type LabelCount { label: String!  count: Int! }
type ModelCount { model: Model!  count: Int! }
type DayCount { day: Date!  count: Int! }
type Quota { limit: Int!  used: Int!  remaining: Int!  resetsAt: DateTime! }
type ApiToken implements Node {
  id: ID!  name: String!  hint: String!  scopes: [Scope!]!
  createdAt: DateTime!  expiresAt: DateTime  lastUsedAt: DateTime  revokedAt: DateTime
}
enum Scope { READ PREDICT MANAGE }
type Prediction implements Node {
  id: ID!  createdAt: DateTime!  model: Model!
  label: String!  confidence: Float!  scores(first: Int = 5): [Score!]!
  image: PredictionImage!
  durationMs: Float!
}
type Score { label: String!  probability: Float! }
type PredictionImage {
  width: Int!  height: Int!  format: String!  bytes: Int!  sha256: String!  url: String!
}
type Model implements Node {
  id: ID!  name: String!  version: String!  labels(first: Int = 100): [String!]!
  labelCount: Int!  license: String!  source: String!  isDefault: Boolean!
}
input HistoryFilter {
  model: String  label: String
  minConfidence: Float  maxConfidence: Float
  createdAfter: DateTime  createdBefore: DateTime
}
enum HistoryOrder { NEWEST OLDEST MOST_CONFIDENT LEAST_CONFIDENT }
type UserError { code: UserErrorCode!  message: String!  field: [String!]!  retryAfterSeconds: Int }
enum UserErrorCode { IMAGE_UNREADABLE QUOTA_SPENT EMAIL_TAKEN CREDENTIALS_INVALID NOT_FOUND }
type PredictPayload {
  prediction: Prediction  predictionEdge: PredictionEdge  viewer: User  errors: [UserError!]!
}
input PredictInput { image: ImageInput!  model: String  idempotencyKey: String }
input ImageInput @oneOf { upload: Upload  base64: String }
type Mutation { predict(input: PredictInput!): PredictPayload }
scalar DateTime
scalar Date
scalar Upload
"""
MUTATIONS = {
    *("register", "logIn", "logOut", "changePassword", "requestPasswordReset", "resetPassword"),
    *("deleteAccount", "createApiToken", "revokeApiToken"),
    *("predict", "deletePrediction", "clearHistory"),
}
WITHOUT_INPUT = {"logOut", "clearHistory"}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(SCHEMA_FILE.read_text(encoding="utf-8"))


def descriptions(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Yield everything that can be described, by its coordinate, with its description."""
    for name, of_type in schema.type_map.items():
        if is_introspection_type(of_type) or is_specified_scalar_type(of_type):
            continue
        yield name, of_type.description
        if isinstance(of_type, GraphQLEnumType):
            for value_name, value in of_type.values.items():
                yield f"{name}.{value_name}", value.description
        elif isinstance(of_type, GraphQLInputObjectType):
            for field_name, input_field in of_type.fields.items():
                yield f"{name}.{field_name}", input_field.description
        elif isinstance(of_type, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in of_type.fields.items():
                yield f"{name}.{field_name}", field.description
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name}:)", argument.description


def test_the_committed_schema_is_what_the_code_says() -> None:
    call_command("write_schema", check=True, verbosity=0)


def test_the_schema_keeps_the_contract_of_the_design(schema: GraphQLSchema) -> None:
    changes = find_breaking_changes(build_schema(CONTRACT), schema)

    assert [change.description for change in changes] == []


def test_everything_has_a_description(schema: GraphQLSchema) -> None:
    bare = [where for where, description in descriptions(schema) if not description]

    assert bare == []


def test_descriptions_are_sentences(schema: GraphQLSchema) -> None:
    fragments = [
        where
        for where, description in descriptions(schema)
        if not re.fullmatch(r"[A-Z].*\.", description or "", re.DOTALL)
    ]

    assert fragments == []


def test_every_mutation_of_the_design_is_there(schema: GraphQLSchema) -> None:
    assert schema.mutation_type is not None
    assert set(schema.mutation_type.fields) >= MUTATIONS


def test_every_mutation_has_its_one_input_and_its_payload_with_errors(
    schema: GraphQLSchema,
) -> None:
    assert schema.mutation_type is not None
    for name, mutation in schema.mutation_type.fields.items():
        type_name = name[0].upper() + name[1:]
        arguments = {argument: str(given.type) for argument, given in mutation.args.items()}
        expected = {} if name in WITHOUT_INPUT else {"input": f"{type_name}Input!"}
        assert arguments == expected, name
        # Nullable: one that fails takes nothing from the others of its document.
        assert str(mutation.type) == f"{type_name}Payload", name
        payload = schema.type_map[f"{type_name}Payload"]
        assert isinstance(payload, GraphQLObjectType)
        assert str(payload.fields["errors"].type) == "[UserError!]!", name
        assert str(payload.fields["viewer"].type) == "User", name


def test_names_follow_one_convention(schema: GraphQLSchema) -> None:
    for where, _ in descriptions(schema):
        name, _, member = where.partition(".")
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", name), where
        if isinstance(schema.type_map[name], GraphQLEnumType) and member:
            assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", member), where
        elif member:
            assert re.match(r"[a-z][A-Za-z0-9]*(\([a-z][A-Za-z0-9]*:\))?$", member), where


def test_every_connection_pages_both_ways(schema: GraphQLSchema) -> None:
    pages = [
        (where, field)
        for where, of_type in schema.type_map.items()
        if isinstance(of_type, GraphQLObjectType)
        for field in of_type.fields.values()
        if str(field.type).endswith("Connection!")
    ]

    assert pages
    for where, field in pages:
        assert {"first", "after", "last", "before"} <= set(field.args), where


def test_every_list_that_takes_a_size_has_a_default(schema: GraphQLSchema) -> None:
    for of_type in schema.type_map.values():
        if not isinstance(of_type, GraphQLObjectType) or is_introspection_type(of_type):
            continue
        for name, field in of_type.fields.items():
            if str(field.type).startswith("[") and {"first", "last"} & field.args.keys():
                sizes = [field.args[size] for size in ("first", "last") if size in field.args]
                assert [str(size.type) for size in sizes] == ["Int"], f"{of_type}.{name}"
                assert sizes[0].default_value or sizes[0].default, f"{of_type}.{name}"


def test_every_type_with_an_id_is_a_node(schema: GraphQLSchema) -> None:
    node = schema.type_map["Node"]
    with_id = [
        of_type
        for of_type in schema.type_map.values()
        if isinstance(of_type, GraphQLObjectType) and "id" in of_type.fields
    ]

    assert {of_type.name for of_type in with_id} == {
        *("ApiToken", "Model", "Prediction", "User"),
        *("Classifier", "ClassifierLabel", "ClassifierVersion", "Example"),
    }
    assert all(node in of_type.interfaces for of_type in with_id)


def test_every_scalar_of_our_own_says_where_its_form_is_specified(schema: GraphQLSchema) -> None:
    own = {
        name: scalar.specified_by_url
        for name, scalar in schema.type_map.items()
        if is_scalar_type(scalar) and not is_specified_scalar_type(scalar)
    }

    assert own.keys() == {"Date", "DateTime", "Upload"}
    assert None not in own.values()


def test_nothing_says_that_it_is_null_by_default(schema: GraphQLSchema) -> None:
    assert "= null" not in print_schema(schema)


def test_what_has_a_default_takes_null_for_it(schema: GraphQLSchema) -> None:
    arguments = {
        f"{of_type}.{name}({argument}:)": given
        for of_type in schema.type_map.values()
        if isinstance(of_type, GraphQLObjectType) and not is_introspection_type(of_type)
        for name, field in of_type.fields.items()
        for argument, given in field.args.items()
    }
    with_default = {where for where, given in arguments.items() if given.default is not None}

    assert "User.history(orderBy:)" in with_default
    assert [where for where in with_default if str(arguments[where].type).endswith("!")] == []
