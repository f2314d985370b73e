"""Plans: an operation of a document, ready to be answered."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    get_operation_ast,
    get_variable_values,
    visit,
)
from graphql.execution.values import VariableValues
from strawberry import Schema

from server.plans.errors import NotPlanned
from server.plans.insides import Operation, graphql_schema, require_plain_schema
from server.plans.objects import root_object
from server.plans.running import Run, Tell

MAX_VARIANTS = 8  # of a plan, by what its conditions come to
_CONDITIONS = {"skip", "include"}


class Plan:
    """How an operation is answered, whoever asks and whatever its variables are."""

    def __init__(
        self,
        schema: Schema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        encoded: Mapping[str, type],
    ) -> None:
        self.operation = operation
        self.is_mutation = operation.operation is OperationType.MUTATION
        self._schema = schema
        self._fragments = fragments
        self._encoded = encoded
        self._conditions = _conditions(operation, *fragments.values())
        self._variants: dict[tuple[object, ...], Tell] = {}

    def variables(self, given: Mapping[str, Any]) -> VariableValues:
        """Return the variables of a request.

        Raises:
            GraphQLError: they are not what the operation asks for; it is the first of all that the
                executor would tell.
        """
        definitions = self.operation.variable_definitions or ()
        values = get_variable_values(
            graphql_schema(self._schema), definitions, dict(given), max_errors=1
        )
        if not isinstance(values, VariableValues):
            raise values[0]
        return values

    def answer(
        self,
        context: object,
        variables: VariableValues,
        arguments: dict[int, dict[str, Any]] | None = None,
    ) -> ExecutionResult:
        """Return the answer to a request, with the errors in it.

        Args:
            context: that of the request.
            variables: what `variables` has returned.
            arguments: what earlier runs with the same variables have made of them, to be kept with
                them for the next.

        Raises:
            NotPlanned: the executor has to answer. Of a mutation nothing was executed then.
        """
        tell = self._variant(variables)
        run = Run(context, variables, arguments)
        told: dict[str, Any] | None = None
        try:
            told = tell(None, run)
        except GraphQLError as error:
            run.errors.append(error)
        # Errors know the frames they went through, and those the run: it must not know them too.
        errors, run.errors = run.errors, []
        return ExecutionResult(told, errors or None)

    @property
    def most_variants(self) -> int:
        """Return how many ways of answering are kept at most."""
        return int(min(2 ** len(self._conditions), MAX_VARIANTS))

    def is_prepared(self, variables: VariableValues) -> bool:
        """Whether what an answer needs has been made ready, which takes a while."""
        return self._key(variables) in self._variants

    def prepare(self, variables: VariableValues) -> None:
        """Make ready what an answer needs.

        Raises:
            NotPlanned: the executor has to answer.
        """
        self._variant(variables)

    def _variant(self, variables: VariableValues) -> Tell:
        conditions = self._key(variables)
        variant = self._variants.get(conditions)
        if variant is None:
            if len(self._variants) >= MAX_VARIANTS:
                raise NotPlanned("conditions")
            # Of two made at once the first stays: what was kept by the places of the other would
            # be found by new ones in the same memory.
            variant = self._variants.setdefault(conditions, self._planned(variables))
        return variant

    def _key(self, variables: VariableValues) -> tuple[object, ...]:
        return tuple(variables.coerced.get(name) for name in self._conditions)

    def _planned(self, variables: VariableValues) -> Tell:
        operation = Operation(
            self._schema, self.operation, self._fragments, variables, self._encoded
        )
        root = operation.schema.get_root_type(self.operation.operation)
        if root is None:
            raise NotPlanned("assumption")
        try:
            return root_object(operation, root)
        except GraphQLError as error:  # such as a condition that is null
            raise NotPlanned("conditions") from error
        except NotPlanned:
            raise
        except Exception as error:
            raise NotPlanned("assumption") from error


def plan_of(
    schema: Schema,
    document: DocumentNode,
    operation_name: str | None,
    encoded: Mapping[str, type] | None = None,
) -> Plan:
    """Return the plan of an operation of a document that has been validated.

    Args:
        schema: the schema it is of.
        document: the document.
        operation_name: which of its operations, where there are several.
        encoded: by the names of scalars, classes whose values the encoder of the answers writes as
            the scalar does.

    Raises:
        NotPlanned: there is none, or the executor has to answer.
    """
    require_plain_schema(schema)
    operation = get_operation_ast(document, operation_name)
    if operation is None or operation.operation is OperationType.SUBSCRIPTION:
        raise NotPlanned("operation")
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    return Plan(schema, operation, fragments, encoded or {})


def _conditions(*definitions: OperationDefinitionNode | FragmentDefinitionNode) -> tuple[str, ...]:
    """Return the names of the variables on which it depends what is selected."""

    class Finder(Visitor):
        names: set[str]

        def enter_directive(self, node: Any, *_: object) -> None:  # noqa: ANN401 - graphql-core's
            if node.name.value in _CONDITIONS:
                self.names |= {
                    argument.value.name.value
                    for argument in node.arguments
                    if isinstance(argument.value, VariableNode)
                }

    finder = Finder()
    finder.names = set()
    for definition in definitions:
        visit(definition, finder)
    return tuple(sorted(finder.names))
