"""From the text of a document to one that may be executed: parse, limit, validate, remember."""

from collections.abc import Iterator
from functools import lru_cache

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    parse,
    specified_rules,
)
from graphql.validation import MaxIntrospectionDepthRule
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from server.api.document_limits import DOCUMENT_LIMITS, limit_errors
from server.api.errors import CostLimitExceeded

REMEMBERED_DOCUMENTS = 128  # each at most `DOCUMENT_LIMITS.characters` long
RULES: tuple[type[ASTValidationRule], ...] = (*specified_rules, MaxIntrospectionDepthRule)


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
        """Check the limits of the document, and only then the document."""
        context = self.execution_context
        document = context.graphql_document
        assert document is not None  # noqa: S101 - `on_parse` has set it
        context.pre_execution_errors = _errors(context.schema._schema, document)  # noqa: SLF001 - as Strawberry's own cache
        yield


@lru_cache(maxsize=REMEMBERED_DOCUMENTS)
def _parsed(text: str) -> DocumentNode:
    return parse(text, max_tokens=DOCUMENT_LIMITS.tokens)


@lru_cache(maxsize=REMEMBERED_DOCUMENTS)
def _errors(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
    errors = limit_errors(document)
    if errors:
        return errors  # the standard rules would take their time over such a document
    errors = validate_document(schema, document, RULES)
    for error in errors:
        error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED"}
    return errors
