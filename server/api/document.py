"""From the text of a document to one that may be executed: parse, limit, validate, remember."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    Token,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from server.api.document_limits import DOCUMENT_LIMITS, limit_errors
from server.api.errors import ApiError, BadUserInput, CostLimitExceeded, coded
from server.api.remembered import Remembered
from server.api.variable_limits import check_variables

REMEMBERED_DOCUMENTS = 128
REMEMBERED_BYTES = 8 * 2**20
BYTES_PER_TOKEN = 500  # about what a parsed document takes
BYTES_PER_CHARACTER = 4  # at most
# Nobody reads more, and each may quote a part of the document as large as the whole.
MAX_VALIDATION_ERRORS = 10
RULES: tuple[type[ASTValidationRule], ...] = (
    *specified_rules,
    MaybeNullValidationRule,  # these two are Strawberry's own
    OneOfInputValidationRule,
)


@dataclass
class _Known:
    """What is known of a document: that of its errors only once it was validated."""

    document: DocumentNode
    byte_count: int
    errors: list[GraphQLError] | None = None


_known: Remembered[str, _Known] = Remembered(REMEMBERED_DOCUMENTS, REMEMBERED_BYTES)


class DocumentPipeline(SchemaExtension):
    """Parses and validates documents, each once as long as it is remembered."""

    def on_parse(self) -> Iterator[None]:
        """Parse the document, if it is not too long."""
        context = self.execution_context
        self._read = _parsed(context.query or "")
        context.graphql_document = self._read.document
        yield

    def on_validate(self) -> Iterator[None]:
        """Check the limits of the document, only then the document, and then its variables."""
        context = self.execution_context
        # Strawberry would execute the first of several operations where none is named.
        if context._provided_operation_name is None and _is_ambiguous(self._read.document):  # noqa: SLF001 - the name as it was sent
            raise BadUserInput("The document holds several operations: name one.")
        document = self._read.document
        errors = _errors(context.schema._schema, self._read)  # noqa: SLF001 - as Strawberry's own cache
        operation = get_operation_ast(document, context._provided_operation_name)  # noqa: SLF001 - as above
        if not errors and operation and context.variables:
            check_variables(context.schema._schema, operation, context.variables)  # noqa: SLF001 - as above
        context.pre_execution_errors = errors
        yield


def ready_document(schema: GraphQLSchema, text: str) -> tuple[DocumentNode, int] | None:
    """Return a document that may be executed, and about how many bytes it takes to remember it.

    None where something is wrong with it.

    Args:
        schema: graphql-core's, of this API.
        text: the document.
    """
    try:
        known = _parsed(text)
    except (GraphQLError, ApiError, RecursionError):
        return None
    return None if _errors(schema, known) else (known.document, known.byte_count)


def is_query(schema: GraphQLSchema, text: str, operation_name: str | None) -> bool:
    """Whether what was executed is a query: one that is looked up, for the document is known."""
    ready = ready_document(schema, text)
    operation = get_operation_ast(ready[0], operation_name) if ready else None
    return operation is not None and operation.operation is OperationType.QUERY


def forget_documents() -> None:
    """Remember none of them."""
    _known.forget()


def _parsed(text: str) -> _Known:
    # Before it is looked for: what is looked for is hashed.
    if len(text) > DOCUMENT_LIMITS.characters:
        raise CostLimitExceeded(
            f"A document may have {DOCUMENT_LIMITS.characters} characters; "
            "send what is large in the variables."
        )
    known = _known.get(text)
    if known is None:
        document = _document(text)
        byte_count = _checked(document) * BYTES_PER_TOKEN + len(text) * BYTES_PER_CHARACTER
        known = _known.keep(text, _Known(document, byte_count), byte_count)
    return known


def _document(text: str) -> DocumentNode:
    maximum = DOCUMENT_LIMITS.tokens
    try:
        return parse(text, max_tokens=maximum)
    except GraphQLSyntaxError as error:
        if f"more than {maximum} tokens" in error.message:
            raise CostLimitExceeded(f"A document may have {maximum:,} tokens.") from error
        raise


def _checked(document: DocumentNode) -> int:
    """Return how many tokens a document has.

    Raises:
        BadUserInput: there is a NUL in a text: PostgreSQL has none, and no text needs one.
    """
    count = 0
    token: Token | None = document.loc.start_token if document.loc else None
    while token is not None:
        if "\x00" in (token.value or ""):
            raise BadUserInput("The document holds a NUL character.")
        count += 1
        token = token.next
    return count


def _is_ambiguous(document: DocumentNode) -> bool:
    kinds = [isinstance(definition, OperationDefinitionNode) for definition in document.definitions]
    return sum(kinds) > 1


def _errors(schema: GraphQLSchema, known: _Known) -> list[GraphQLError]:
    if known.errors is None:
        # The standard rules would take their time over a document that is beyond the limits.
        known.errors = limit_errors(known.document) or [
            coded(error, error.message, "GRAPHQL_VALIDATION_FAILED")
            for error in validate(schema, known.document, RULES, max_errors=MAX_VALIDATION_ERRORS)
        ]
    return known.errors
