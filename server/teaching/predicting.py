"""Predicting with a built-in model, or with a classifier that the person has taught."""

from dataclasses import replace
from functools import partial

from server.accounts.models import User
from server.accounts.quota import USED, require_quota_of, using
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.errors import ModelUnknown
from server.classifier.taught_head import TaughtClassifier
from server.observability.instruments import PREDICTIONS
from server.postgres.statements import fetch
from server.predictions import services
from server.predictions.inference import UNKNOWN
from server.predictions.models import Prediction
from server.predictions.served import served
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

    The person's classifier of the name `model` answers, by the version that is in use when the
    photo is looked at; else the model that is called so. A classifier can only be called as a model
    is where it was made before that came: its answers then stay what they were.

    Raises:
        NotTrained: the classifier has no version that could answer.
        ModelRetired: the model that it stands on is served no more.
        ModelUnknown: there is neither. Else as `services.predict`.
    """
    classify = partial(
        services.predict, user, image, idempotency_key=idempotency_key, file_name=file_name
    )
    if model is None or model == EFFICIENTNET_LITE0.name:  # which none was ever called
        return classify(model=model)
    name = clean_name(model, max_length=MAX_CLASSIFIER_NAME_LENGTH)
    if name is None:
        raise _unknown(model)
    return classify(model=name, admit=partial(_admit, name))


def _admit(name: str, user: User) -> TaughtClassifier | None:
    """Return the classifier that is to answer; None where the model of the name is.

    Raises:
        ModelUnknown, NotTrained, ModelRetired: as above. QuotaSpent: no prediction is left today.
    """
    ((used, classifier_id, version_id),) = fetch(_ADMIT, [*using(user), user.pk, name])
    require_quota_of(used)
    if classifier_id is None and name in served():
        return None
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
