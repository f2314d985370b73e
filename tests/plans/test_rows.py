"""Rows are read by their columns where every field says which it needs, and else as objects."""

from dataclasses import dataclass, field
from typing import Any

import pytest
import strawberry
import strawberry_django
from graphql import parse
from strawberry import Parent, auto

from server.plans.errors import NotPlanned
from server.plans.objects import itself
from server.plans.plan import plan_of
from server.predictions.models import ModelVersion, Prediction

ROW = {
    "id": 7,
    "label": "lynx",
    "confidence": 0.5,
    "correction": None,
    "model_version__name": "lite",
    "model_version__version": "2",
}


@strawberry_django.type(ModelVersion)
class Model:
    name: auto

    @strawberry_django.field(only=["name", "version"])
    @staticmethod
    def called(root: Parent[ModelVersion]) -> str:
        return f"{root.name} {root.version}"


@strawberry_django.type(Prediction)
class Facts:
    confidence: auto


@strawberry_django.type(Prediction)
class Row:
    label: auto
    model: Model = strawberry_django.field(field_name="model_version")
    facts: Facts = strawberry_django.field(resolver=itself)

    @strawberry_django.field(only=["label", "model_version__name"])
    @staticmethod
    def told(root: Parent[Prediction], first: int = 1) -> str:
        return f"{root.label} {root.model_version.name} {first}"

    @strawberry_django.field(only=["id"])
    @staticmethod
    def key(root: Parent[Prediction]) -> int:
        return root.pk

    @strawberry_django.field(only=["correction"], graphql_type=Facts | None)
    @staticmethod
    def corrected(root: Parent[Prediction]) -> Prediction | None:
        return None if root.correction is None else root

    @strawberry_django.field(only=["label"])
    @staticmethod
    def forgets(root: Parent[Prediction]) -> float:
        return root.confidence

    @strawberry_django.field(only=["label"])
    @staticmethod
    def counts(root: Parent[Prediction]) -> str:
        return str(root.count)  # type: ignore[attr-defined]

    @strawberry_django.field
    @staticmethod
    def says_nothing(root: Parent[Prediction]) -> str:
        return root.label


@strawberry.type
class Page:
    rows_are = Row

    rows: list[Row]
    title: str


@dataclass
class Rows:
    """What a resolver gives: rows in whichever form they are asked for."""

    columns: tuple[str, ...] | None = None
    title: str = "rows"
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def reading(self, columns: tuple[str, ...]) -> "Rows":
        self.asked.append(columns)
        return Rows(columns)

    @property
    def rows(self) -> list[Any]:
        if self.columns is not None:
            return [tuple(ROW[name] for name in self.columns)]
        version = ModelVersion(name="lite", version="2")
        return [Prediction(id=7, label="lynx", confidence=0.5, model_version=version)]


@strawberry.type
class Query:
    @strawberry.field(graphql_type=Page)
    def page(self, info: strawberry.Info) -> Rows:
        return info.context  # type: ignore[no-any-return]


@strawberry.type
class Mutation:
    @strawberry.mutation(graphql_type=Page)
    def page(self, info: strawberry.Info) -> Rows:
        return info.context  # type: ignore[no-any-return]


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation)


def answered(fields: str, kind: str = "query") -> tuple[Any, list[tuple[str, ...]]]:
    """Return what is told of the row, and the columns that were asked for."""
    text = f"{kind} {{ page {{ title rows {{ {fields} }} }} }}"
    rows = Rows()
    plan = plan_of(SCHEMA, parse(text), None)
    answer = plan.answer(rows, plan.variables({}))
    assert answer.errors is None
    assert answer.data is not None
    assert answer.data == SCHEMA.execute_sync(text, context_value=Rows()).data
    return answer.data["page"]["rows"][0], rows.asked


@pytest.mark.parametrize(
    ("fields", "columns"),
    [
        ("label", ("label",)),
        ("label again: label __typename", ("label",)),
        ("key", ("id",)),
        ("facts { confidence } label", ("confidence", "label")),
        ("model { name }", ("model_version__name",)),
        ("model { called }", ("model_version__name", "model_version__version")),
        ("told other: told(first: 2)", ("label", "model_version__name")),
        ("corrected { confidence }", ("correction", "confidence")),
    ],
)
def test_just_the_columns_are_read_that_the_fields_name(
    fields: str, columns: tuple[str, ...]
) -> None:
    assert answered(fields)[1] == [columns]


def test_without_a_row_selected_no_column_is_read() -> None:
    rows = Rows()
    plan = plan_of(SCHEMA, parse("{ page { title } }"), None)
    assert plan.answer(rows, plan.variables({})).data == {"page": {"title": "rows"}}
    assert rows.asked == [()]


def test_where_a_field_names_no_columns_the_rows_are_objects() -> None:
    assert answered("label saysNothing") == ({"label": "lynx", "saysNothing": "lynx"}, [])


@pytest.mark.parametrize("fields", ["forgets", "counts"])
def test_a_column_that_is_read_and_not_named_is_no_answer(fields: str) -> None:
    with pytest.raises(NotPlanned, match="hint"):
        answered(fields)


def test_a_mutation_reads_objects_for_it_can_not_be_left_to_the_executor() -> None:
    assert answered("forgets label", "mutation") == ({"forgets": 0.5, "label": "lynx"}, [])
