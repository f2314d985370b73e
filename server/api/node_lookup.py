"""Objects by their global ids; those of one type that are asked for together are read at once."""

from collections.abc import Callable, Collection, Mapping, Sequence

import strawberry

from server.accounts import models
from server.api.context import Context
from server.api.model import model_nodes
from server.api.node import key_of, parse_global_id
from server.api.teaching.examples import told_examples
from server.predictions.history import find_predictions
from server.predictions.models import ModelVersion, Prediction
from server.teaching.models import Classifier, ClassifierLabel, ClassifierVersion, Example

Row = (
    models.User
    | models.ApiToken
    | Prediction
    | ModelVersion
    | Classifier
    | ClassifierLabel
    | ClassifierVersion
    | Example
)
SHARED = "Model"  # the type whose objects belong to nobody, but for those that somebody taught

_Found = Mapping[int, Row]


def look_up(context: Context, ids: Sequence[strawberry.ID]) -> list[Row | None]:
    """Return the objects with these ids, in their order; None for each that the viewer has not.

    Raises:
        Forbidden: a token without the scope READ asks for what belongs to somebody.
    """
    parsed = [parse_global_id(id) for id in ids]
    may_read = context.identity.may(models.Scope.READ)
    models_by_key = model_nodes(
        [each[1] for each in parsed if each and each[0] == SHARED],
        context.reader() if may_read else None,
    )
    types = {each[0] for each in parsed if each} - {SHARED}
    found = _of_viewer(context, types, ids) if types else {}
    context.pages.append(tuple(found.get("Prediction", ())))
    rows: list[Row | None] = []
    for each, id in zip(parsed, ids, strict=True):
        if each is None:
            rows.append(None)
        elif each[0] == SHARED:
            rows.append(models_by_key.get(each[1]))
        else:
            key = key_of(each[0], id)
            rows.append(None if key is None else found.get(each[0], {}).get(key))
    return rows


def _of_viewer(
    context: Context, types: Collection[str], ids: Sequence[strawberry.ID]
) -> dict[str, _Found]:
    viewer = context.reader()
    if viewer is None:
        return {}
    found: dict[str, _Found] = {}
    for name in types & _FINDERS.keys():
        keys = {key for id in ids if (key := key_of(name, id)) is not None}
        found[name] = _FINDERS[name](viewer, keys) if keys else {}
    return found


def _user(viewer: models.User, _keys: Collection[int]) -> _Found:
    return {viewer.pk: viewer}  # nobody sees another


def _predictions(viewer: models.User, keys: Collection[int]) -> _Found:
    return find_predictions(viewer, keys)


def _tokens(viewer: models.User, keys: Collection[int]) -> _Found:
    return {row.pk: row for row in viewer.api_tokens.filter(pk__in=keys)}


def _classifiers(viewer: models.User, keys: Collection[int]) -> _Found:
    return Classifier.objects.filter(user=viewer).in_bulk(keys)


def _labels(viewer: models.User, keys: Collection[int]) -> _Found:
    return ClassifierLabel.objects.filter(classifier__user=viewer).in_bulk(keys)


def _versions(viewer: models.User, keys: Collection[int]) -> _Found:
    return ClassifierVersion.objects.filter(classifier__user=viewer).defer("head").in_bulk(keys)


def _examples(viewer: models.User, keys: Collection[int]) -> _Found:
    return told_examples(Example.objects.filter(classifier__user=viewer)).in_bulk(keys)


_FINDERS: dict[str, Callable[[models.User, Collection[int]], _Found]] = {
    "User": _user,
    "Prediction": _predictions,
    "ApiToken": _tokens,
    "Classifier": _classifiers,
    "ClassifierLabel": _labels,
    "ClassifierVersion": _versions,
    "Example": _examples,
}
