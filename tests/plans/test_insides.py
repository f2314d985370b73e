"""What plans take for granted of the libraries' insides is so in the versions that are pinned."""

import inspect
from importlib.metadata import version

import pytest
import strawberry
from graphql import GraphQLResolveInfo, parse
from graphql.execution import collect_fields
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types import get_object_definition
from strawberry_django.fields.field import StrawberryDjangoField

from server.accounts.models import User as UserRow
from server.api.accounts.types import User
from server.api.schema import schema
from server.plans import insides
from server.plans.errors import NotPlanned
from server.plans.plan import plan_of

# Whoever raises one reads `server.plans.insides` against it, and then says so here.
READ = {
    "strawberry-graphql": "0.341.2",
    "strawberry-graphql-django": "0.93.0",
    "graphql-core": "3.3.2",
}


@pytest.mark.parametrize("name", READ)
def test_the_insides_were_read_in_the_version_that_is_installed(name: str) -> None:
    assert version(name) == READ[name]


def test_a_field_in_the_schema_leads_to_its_declaration() -> None:
    in_graphql = schema._schema.type_map["User"].fields["email"]  # type: ignore[union-attr]
    declared = in_graphql.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    assert declared is get_object_definition(User, strict=True).get_field("email")
    assert insides.declared_field(in_graphql) is declared
    assert isinstance(declared, StrawberryDjangoField)
    assert insides.attribute_of(declared) == "email"
    assert insides.model_of(User) is UserRow


def test_the_hints_of_a_field_are_those_that_it_was_declared_with() -> None:
    declared = get_object_definition(User, strict=True).get_field("quota")
    assert declared is not None
    assert insides.hints_of(declared) == ["id"]


def test_a_resolver_is_called_by_the_parameters_that_it_has() -> None:
    @strawberry.type
    class Kinds:
        @strawberry.field
        def method(self, info: strawberry.Info, size: int) -> str:
            return f"{info.field_name} {size}"

        @strawberry.field
        @staticmethod
        def parent(size: int, whose: strawberry.Parent[object]) -> str:
            return f"{whose} {size}"

        @strawberry.field
        @staticmethod
        def alone() -> int:
            return 1

    called = {}
    for declared in get_object_definition(Kinds, strict=True).fields:
        resolver = insides.resolver_of(declared)
        assert resolver is not None
        called[declared.python_name] = (
            resolver.takes_source_first,
            resolver.source_names,
            resolver.info_name,
        )
    assert called == {
        "method": (True, (), "info"),
        "parent": (False, ("whose",), None),
        "alone": (False, (), None),
    }


def test_graphql_core_collects_fields_and_tells_resolvers_what_it_did() -> None:
    names = list(inspect.signature(collect_fields.collect_subfields).parameters)
    assert names[:6] == [
        *("schema", "fragments", "variable_values", "operation", "return_type"),
        "field_details_list",
    ]
    assert GraphQLResolveInfo._fields[:11] == (
        *("field_name", "field_nodes", "return_type", "parent_type", "path", "schema"),
        *("fragments", "root_value", "operation", "variable_values", "context"),
    )


def test_whatever_fails_while_a_plan_is_made_leaves_the_document_to_the_executor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(GraphQLCoreConverter, "DEFINITION_BACKREF")
    plan = plan_of(schema, parse("{ models { name } }"), None)
    with pytest.raises(NotPlanned, match="assumption"):
        plan.prepare(plan.variables({}))


def test_a_schema_that_does_more_than_resolve_is_the_executors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schema.schema_converter, "_exception_handler_specs", [object()])
    with pytest.raises(NotPlanned, match="assumption"):
        plan_of(schema, parse("{ models { name } }"), None)
