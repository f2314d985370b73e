"""Predicting with a built-in model, or with a classifier that the person has taught."""

from dataclasses import replace
from functools import partial

from server.accounts.models import User
from server.accounts.quota import USED, require_quota_of, using
from server.classifier.card import MODEL_CARDS
from server.classifier.errors import ModelUnknown
from server.classifier.taught_head import TaughtClassifier
from server.observability.instruments import PREDICTIONS
from server.postgres.statements import fetch
from server.predictions import services
from server.predictions.inference import UNKNOWN
from server.predictions.models import Prediction
from server.teaching.errors import NoSuchThing, NotTrained
from server.teaching.models import MAX_CLASSIFIER_NAME_LENGTH, Classifier
from server.teaching.names import clean_name
from server.teaching.taught import heads

# What is left of the day is asked anyway before a photo is looked at: the version comes with it.
_ADMIT = f"""
    SELECT ({USED}), classifier.id, classifier.current_version_id
    FROM (SELECT) AS always LEFT JOIN {Classifier._meta.db_table} classifier
        ON classifier.user_id = %s AND classifier.name = %s
"""  # noqa: S608 - of our names


def predict(
    user: User,
    image: bytes,
    *,
    model: str | None = None,
    idempotency_key: str | None = None,
    file_name: str | None = None,
) -> Prediction:
    """Classify a photo and store the answer; see `server.predictions.services.predict`.

    A model of the name `model` that is built in answers, else the person's classifier of that name,
    by the version that is in use when the photo is looked at.

    Raises:
        NotTrained: the classifier has no version that could answer.
        ModelUnknown: there is neither. Else as `services.predict`.
    """
    classify = partial(
        services.predict, user, image, idempotency_key=idempotency_key, file_name=file_name
    )
    if model is None or model in MODEL_CARDS:
        return classify(model=model)
    name = clean_name(model, max_length=MAX_CLASSIFIER_NAME_LENGTH)
    if name is None:
        raise _unknown(model)
    return classify(model=name, admit=partial(_admit, name))


def _admit(name: str, user: User) -> TaughtClassifier:
    """Return the classifier that is to answer.

    Raises:
        ModelUnknown, NotTrained: as above. QuotaSpent: no prediction is left today.
    """
    ((used, classifier_id, version_id),) = fetch(_ADMIT, [*using(user), user.pk, name])
    require_quota_of(used)
    if classifier_id is None:
        raise _unknown(name)
    if version_id is None:
        raise NotTrained(name)
    try:
        taught = heads.of_version(version_id)
    except NoSuchThing as error:  # deleted since the statement before
        raise _unknown(name) from error
    # The name of the moment: a classifier may have been renamed since its head was kept.
    return replace(taught, card=replace(taught.card, name=name))


def _unknown(name: str) -> ModelUnknown:
    """Return the error that nothing is called so; it is counted as what the model refuses is."""
    PREDICTIONS.labels(UNKNOWN, ModelUnknown.__name__).inc()
    return ModelUnknown(name)
