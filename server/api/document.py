"""From the text of a document to one that may be executed: parse, limit, validate, remember."""

from collections.abc import Iterator
from functools import lru_cache

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
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
from server.api.variable_limits import check_variables

REMEMBERED_DOCUMENTS = 128  # each at most `DOCUMENT_LIMITS.characters` long
# Nobody reads more, and each may quote a part of the document as large as the whole.
MAX_VALIDATION_ERRORS = 10
RULES: tuple[type[ASTValidationRule], ...] = (
    *specified_rules,
    MaybeNullValidationRule,  # these two are Strawberry's own
    OneOfInputValidationRule,
)


class DocumentPipeline(SchemaExtension):
    """Parses and validates documents, each once as long as it is remembered."""

    def on_parse(self) -> Iterator[None]:
        """Parse the document, if it is not too long."""
        context = self.execution_context
        text = context.query or ""
        if len(text) > DOCUMENT_LIMITS.characters:
            raise CostLimitExceeded(
                f"A document may have {DOCUMENT_LIMITS.characters} characters; "
                "send what is large in the variables."
            )
        context.graphql_document = _parsed(text)
        yield

    def on_validate(self) -> Iterator[None]:
        """Check the limits of the document, only then the document, and then its variables."""
        context = self.execution_context
        document = context.graphql_document
        assert document is not None  # noqa: S101 - `on_parse` has set it
        # Strawberry would execute the first of several operations where none is named.
        if context._provided_operation_name is None and _is_ambiguous(document):  # noqa: SLF001 - the name as it was sent
            raise BadUserInput("The document holds several operations: name one.")
        errors = _errors(context.schema._schema, document)  # noqa: SLF001 - as Strawberry's own cache
        operation = get_operation_ast(document, context._provided_operation_name)  # noqa: SLF001 - as above
        if not errors and operation and context.variables:
            check_variables(context.schema._schema, operation, context.variables)  # noqa: SLF001 - as above
        context.pre_execution_errors = errors
        yield


def ready_document(schema: GraphQLSchema, text: str) -> DocumentNode | None:
    """Return a document that may be executed; None where something is wrong with it.

    Args:
        schema: graphql-core's, of this API.
        text: the document, at most `DOCUMENT_LIMITS.characters` long.
    """
    try:
        document = _parsed(text)
    except (GraphQLError, ApiError, RecursionError):
        return None
    return None if _errors(schema, document) else document


@lru_cache(maxsize=REMEMBERED_DOCUMENTS)
def _parsed(text: str) -> DocumentNode:
    maximum = DOCUMENT_LIMITS.tokens
    try:
        document = parse(text, max_tokens=maximum)
    except GraphQLSyntaxError as error:
        if f"more than {maximum} tokens" in error.message:
            raise CostLimitExceeded(f"A document may have {maximum:,} tokens.") from error
        raise
    _refuse_nul(document)
    return document


def _refuse_nul(document: DocumentNode) -> None:
    """Refuse a NUL in a text of the document: PostgreSQL has none, and no text needs one.

    Raises:
        BadUserInput: there is one.
    """
    token: Token | None = document.loc.start_token if document.loc else None
    while token is not None:
        if "\x00" in (token.value or ""):
            raise BadUserInput("The document holds a NUL character.")
        token = token.next


def _is_ambiguous(document: DocumentNode) -> bool:
    kinds = [isinstance(definition, OperationDefinitionNode) for definition in document.definitions]
    return sum(kinds) > 1


@lru_cache(maxsize=REMEMBERED_DOCUMENTS)
def _errors(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
    errors = limit_errors(document)
    if errors:
        return errors  # the standard rules would take their time over such a document
    return [
        coded(error, error.message, "GRAPHQL_VALIDATION_FAILED")
        for error in validate(schema, document, RULES, max_errors=MAX_VALIDATION_ERRORS)
    ]
