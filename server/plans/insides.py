"""All that plans know of the insides of Strawberry, of its Django library, and of graphql-core.

Their documentation promises none of these names. The versions are pinned, `tests/plans` tells when
one of them means something else, and whatever fails here while a plan is made leaves the document
to the executor.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.db.models.manager import BaseManager
from django.db.models.query_utils import DeferredAttribute
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from strawberry import Info, Schema
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from strawberry_django.fields.field import StrawberryDjangoField

from server.plans.errors import NotPlanned
from server.plans.running import Run

Details = list[FieldDetails]  # one for each time a document asks for the same


@dataclass(frozen=True)
class Operation:
    """An operation of a document with values of the variables that its conditions depend on."""

    strawberry: Schema
    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues
    encoded: Mapping[str, type]  # see `leaf_of`

    @property
    def schema(self) -> GraphQLSchema:
        """Return graphql-core's schema."""
        return graphql_schema(self.strawberry)

    @cached_property
    def _fragments(self) -> dict[str, FragmentDetails]:
        return {name: FragmentDetails(each) for name, each in self.fragments.items()}

    def root_fields(self, root: GraphQLObjectType) -> dict[str, Details]:
        """Return what is asked of the root, by the keys of the answer."""
        found = collect_fields(self.schema, self._fragments, self.variables, root, self.node)
        return self._now(found)

    def fields(self, of_type: GraphQLObjectType, details: Details) -> dict[str, Details]:
        """Return what is asked of an object, by the keys of the answer."""
        found = collect_subfields(
            self.schema, self._fragments, self.variables, self.node, of_type, details
        )
        return self._now(found)

    def _now(self, found: CollectedFields) -> dict[str, Details]:
        if found.new_defer_usages:
            raise NotPlanned("assumption")
        return dict(found.grouped_field_set)


def graphql_schema(schema: Schema) -> GraphQLSchema:
    """Return graphql-core's own of a schema."""
    return schema._schema  # noqa: SLF001


def require_plain_schema(schema: Schema) -> None:
    """Refuse a schema that does more than resolve its fields.

    Raises:
        NotPlanned: it does.
    """
    converter = schema.schema_converter
    if (
        converter._exception_handler_specs  # noqa: SLF001
        or schema.config.default_resolver is not getattr
        or schema.config.info_class is not Info
    ):
        raise NotPlanned("assumption")


def declared_field(in_graphql: GraphQLField) -> StrawberryField:
    """Return a field as it was declared.

    Raises:
        NotPlanned: it is more than its resolver.
    """
    declared = in_graphql.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    if declared.permission_classes or declared.extensions or declared.directives:
        raise NotPlanned("field")
    if not isinstance(declared, StrawberryField) or declared.is_async:
        raise NotPlanned("assumption")
    return declared


def declared_type(in_graphql: GraphQLObjectType) -> type:
    """Return the class that a type was declared by."""
    origin: type = in_graphql.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].origin
    return origin


def model_of(declared: type) -> type[Model] | None:
    """Return the model whose rows a type tells of; None where it tells of something else."""
    definition = getattr(declared, "__strawberry_django_definition__", None)
    return None if definition is None else definition.model


def attribute_of(declared: StrawberryField) -> str:
    """Return the attribute that a field without a resolver tells."""
    return getattr(declared, "django_name", None) or declared.python_name


def hints_of(declared: StrawberryField) -> list[str]:
    """Return the columns that a field says its resolver reads."""
    return list(declared.store.only) if isinstance(declared, StrawberryDjangoField) else []


@dataclass(frozen=True)
class Resolver:
    """How a declared resolver is called."""

    function: Callable[..., Any]
    takes_source_first: bool
    source_names: tuple[str, ...]  # of the parameters that take it by their name
    info_name: str | None


def resolver_of(declared: StrawberryField) -> Resolver | None:
    """Return the resolver of a field; None where it has none."""
    resolver = declared.base_resolver
    if resolver is None:
        return None
    function = resolver.wrapped_func
    if not callable(function):
        raise NotPlanned("assumption")
    parameters = list(resolver.signature.parameters)
    named = {each.name for each in (resolver.parent_parameter, resolver.root_parameter) if each}
    is_first = resolver.self_parameter is not None or (bool(named) and parameters[0] in named)
    info = resolver.info_parameter
    return Resolver(
        function,
        takes_source_first=is_first,
        source_names=tuple(named - {parameters[0]} if is_first else named),
        info_name=info.name if info else None,
    )


def converted(schema: Schema, declared: StrawberryField, given: dict[str, Any]) -> dict[str, Any]:
    """Return arguments as a resolver takes them."""
    return convert_arguments(
        given,
        declared.arguments,
        scalar_registry=schema.schema_converter.scalar_registry,
        config=schema.config,
    )


@dataclass(frozen=True)
class Place:
    """A field where a document asks for it."""

    operation: Operation
    parent: GraphQLObjectType
    in_graphql: GraphQLField
    declared: StrawberryField
    nodes: list[FieldNode] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the name in the schema."""
        return self.nodes[0].name.value


def attribute_getter(declared: StrawberryField) -> Callable[[Any], Any] | None:
    """Return what reads a field that has no resolver, where it is no more than an attribute."""
    if not isinstance(declared, StrawberryDjangoField):
        return attrgetter(declared.python_name)
    model = declared.origin_django_type.model if declared.origin_django_type else None
    descriptor = getattr(model, attribute_of(declared), None)
    if type(descriptor) in {DeferredAttribute, ForwardManyToOneDescriptor}:
        return attrgetter(attribute_of(declared))
    return None


def read_by_library(place: "Place", source: object, run: Run) -> object:
    """Return what a field without a resolver is, as its library reads it."""
    return place.declared.get_result(source, PlannedInfo(run, place), [], {})


class PlannedInfo(Info[Any, None]):
    """What a resolver may ask, put together when it does; what plans do not keep is refused."""

    def __init__(self, run: Run, place: Place) -> None:
        self._run = run
        self._place = place
        self._field = place.declared

    @property
    def context(self) -> Any:  # noqa: ANN401 - the schema's own
        """Return the context of the request."""
        return self._run.context

    @property
    def path(self) -> Any:  # noqa: ANN401 - graphql-core's
        """Refuse to tell where in the answer this is.

        Raises:
            NotPlanned: always.
        """
        raise NotPlanned("information")

    @property
    def _raw_info(self) -> GraphQLResolveInfo[Any]:  # type: ignore[override]
        return resolve_info(self._run, self._place)


def resolve_info(run: Run, place: Place) -> GraphQLResolveInfo[Any]:
    """Return what graphql-core would give a resolver, but for where in the answer it is."""
    operation = place.operation
    return GraphQLResolveInfo(
        place.name,
        place.nodes,
        place.in_graphql.type,
        place.parent,
        None,  # type: ignore[arg-type]
        operation.schema,
        dict(operation.fragments),
        None,
        operation.node,
        run.variables,
        run.context,
        lambda _value: False,  # type: ignore[arg-type]
        None,
        None,  # type: ignore[arg-type]
    )


def settled(place: Place, found: object, run: Run) -> object:
    """Return what a resolver has found, and where that is a query, what the library makes of it."""
    declared = place.declared
    if not isinstance(declared, StrawberryDjangoField):
        return found
    if isinstance(found, BaseManager):
        found = found.all()
    if isinstance(found, QuerySet):
        return declared.get_queryset_hook(info=PlannedInfo(run, place))(found)
    return found
