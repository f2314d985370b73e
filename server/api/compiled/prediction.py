"""A document that has a photo classified, made ready to be answered."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from graphql import OperationDefinitionNode
from graphql.execution.values import VariableValues

from server.api.compiled.arguments import arguments_of
from server.api.compiled.rows import (
    Columns,
    Member,
    Renderer,
    object_renderer,
    prediction_renderer,
    require_plain,
)
from server.api.compiled.selection import Field, NotCompilable, Selection
from server.api.context import Context
from server.api.predictions.mutations import PredictionMutations, prediction_for
from server.predictions.models import Prediction

ROOT = "predict"


class PredictionFailed(Exception):
    """It was tried, and `error` is why there is none: to be told by the executor, not retried."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


@dataclass(frozen=True)
class PredictionPlan:
    """How an operation that predicts is answered."""

    operation: OperationDefinitionNode
    arguments: Callable[[VariableValues], dict[str, Any]]
    render: Callable[[Prediction], dict[str, Any]]

    def answer(self, variables: VariableValues, context: Context) -> dict[str, Any]:
        """Predict, and return the data of the answer.

        Raises:
            GraphQLError: the arguments are wrong, or the client may not; nothing was tried.
            PredictionFailed: it was tried.
        """
        given = self.arguments(variables)["input"]
        user = context.predictor()
        try:
            return self.render(prediction_for(user, given))
        except Exception as error:
            raise PredictionFailed(error) from error


def prediction_plan(operation: OperationDefinitionNode, selection: Selection) -> PredictionPlan:
    """Return the plan of an operation whose only field is `predict`.

    Raises:
        NotCompilable: it has another one, or selects what is the executor's.
    """
    field, *others = selection.fields()
    if others or field.name != ROOT:
        raise NotCompilable
    require_plain(selection.type_name, field.name)
    columns = Columns()
    render = object_renderer(selection.below(field, "PredictPayload"), columns, _PAYLOAD)
    values = [_VALUES.get(name, attrgetter(name)) for name in columns.names]
    return PredictionPlan(
        operation,
        arguments_of(PredictionMutations, selection.type_name, field),
        lambda prediction: {field.key: render([value(prediction) for value in values])},
    )


def _prediction(selection: Selection, field: Field, columns: Columns) -> Renderer:
    return prediction_renderer(selection.below(field, "Prediction"), columns)


_PAYLOAD: dict[str, Member] = {
    "prediction": _prediction,
    "errors": lambda *_: lambda _row: [],  # with some it is no answer
}
# The columns that have other names in a stored prediction, or another form, as rows have them.
_VALUES: dict[str, Callable[[Prediction], object]] = {
    "model_name": attrgetter("model_version.name"),
    "model_version": attrgetter("model_version.version"),
    "scores": lambda prediction: json.dumps(prediction.scores),
}
