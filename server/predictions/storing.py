"""Writing a prediction, its crop and its count: one statement, so all of it or nothing."""

import json
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection

from server.accounts.models import User
from server.accounts.quota import forget_old, forgetting, quota_spent, spend_one, spending
from server.classifier.card import ModelCard, TaughtCard
from server.postgres.statements import fetch
from server.predictions.crops import KeptCrop
from server.predictions.errors import VersionReused
from server.predictions.models import ModelVersion, ObjectToDelete, Prediction, PredictionCrop


def store(
    user: User, card: ModelCard | TaughtCard, columns: dict[str, Any], crop: KeptCrop
) -> Prediction:
    """Store a prediction and return it.

    The row of its user is held before anything is written: whoever deletes the account holds it
    too, and would else have half of what this needs, and this the other half.

    Args:
        user: whose it is, and whose quota it is of.
        card: the model that made it; one that was taught is the user's.
        columns: those of `Prediction`, by their names.
        crop: the picture, or which object of the storage has it.

    Raises:
        QuotaSpent: no prediction is left today, or the account was deleted.
        IntegrityError: the idempotency key is taken.
        VersionReused: another network has been called so.
    """
    values = columns | {"scores": json.dumps(columns["scores"])}
    statement = _statement(tuple(columns))
    parameters = [
        *(card.name, card.version, _owner_key(user, card), card.weights_sha256, user.pk),
        *spending(user),
        *forgetting(user),
        *(user.pk, *values.values(), crop.content, crop.object_key, crop.object_key),
    ]
    rows = fetch(statement, parameters)
    if not rows:  # perhaps it is the first of a new version of the model, or was when it was asked
        _remember(user, card)
        rows = fetch(statement, parameters)
    if not rows:
        raise quota_spent(user)
    ((key, created_at, version_key),) = rows
    version = ModelVersion.from_db(
        DEFAULT_DB_ALIAS, ["id", "name", "version"], [version_key, card.name, card.version]
    )
    return Prediction(id=key, created_at=created_at, user=user, model_version=version, **columns)


@cache
def _statement(columns: tuple[str, ...]) -> str:
    prediction, version = Prediction._meta.db_table, ModelVersion._meta.db_table
    types = [Prediction._meta.get_field(name).db_type(connection) for name in columns]
    # Without the lengths: a cast cuts what is too long, where the column refuses it.
    values = ", ".join(f"%s::{(each or '').partition('(')[0]}" for each in types)
    return f"""
        WITH version AS (
            SELECT id FROM {version}
            WHERE name = %s AND version = %s AND owner_id IS NOT DISTINCT FROM %s::bigint
                AND weights_sha256 = %s
        ),
        owner AS (SELECT id FROM {User._meta.db_table} WHERE id = %s FOR KEY SHARE),
        spent AS ({spend_one("EXISTS (SELECT FROM version) AND EXISTS (SELECT FROM owner)")}),
        forgotten AS ({forget_old()}),
        stored AS (
            INSERT INTO {prediction} (user_id, model_version_id, {", ".join(columns)})
            SELECT %s::bigint, version.id, {values} FROM spent, version
            RETURNING id, created_at, model_version_id
        ),
        kept AS (
            INSERT INTO {PredictionCrop._meta.db_table} (prediction_id, webp, object_key)
            SELECT id, %s::bytea, %s::text FROM stored
        ),
        needed AS (
            DELETE FROM {ObjectToDelete._meta.db_table}
            WHERE object_key = %s::text AND EXISTS (SELECT FROM stored)
        )
        SELECT id, created_at, model_version_id FROM stored
    """  # noqa: S608 - of our names


def _owner_key(user: User, card: ModelCard | TaughtCard) -> int | None:
    return user.pk if isinstance(card, TaughtCard) else None


def _remember(user: User, card: ModelCard | TaughtCard) -> None:
    """Make sure that the model's version has its row.

    Where the account was deleted meanwhile, it has none to belong to: then there is no row, and
    nothing is stored.
    """
    owner = _owner_key(user, card)
    if owner is not None and not User.objects.filter(pk=owner).exists():
        return
    row, _ = ModelVersion.objects.defer("labels").get_or_create(
        name=card.name,
        version=card.version,
        owner_id=owner,
        defaults={
            "labels": list(card.labels),
            "license": card.license,
            "source": card.source,
            "weights_sha256": card.weights_sha256,
        },
    )
    if row.weights_sha256 != card.weights_sha256:
        raise VersionReused(card.name, card.version)
