"""A prediction is made once, however it is answered, and what it was made of is not kept."""

import gc
from typing import Any

import pytest
from django.conf import settings as django_settings

from server.accounts.models import DailyUsage
from server.api.answering import forget_plans
from server.classifier.errors import ImageFormatUnsupported
from server.observability.instruments import PREDICTIONS
from server.predictions.models import Prediction
from tests.support.api import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("classifier_is_ready")]

NOT_AN_IMAGE = b"nothing to be seen"
FIELDS = """id createdAt label confidence durationMs scores(first: 10) { label probability }
  image { width height format bytes sha256 url } model { id name version isDefault }"""
PREDICT = f"""mutation ($input: PredictInput!) {{
  predict(input: $input) {{ prediction {{ {FIELDS} }} errors {{ code }} }} }}"""


@pytest.fixture(params=[0, 2], ids=["executed", "planned"])
def alice_again(request: pytest.FixtureRequest, alice: Api) -> Api:
    """Alice, whose upload has been answered as often before."""
    forget_plans()
    for _ in range(request.param):
        alice.upload(NOT_AN_IMAGE)
    return alice


def refusals() -> float:
    (metric,) = PREDICTIONS.collect()
    return sum(
        sample.value
        for sample in metric.samples
        if sample.name.endswith("_total") and "ImageFormatUnsupported" in sample.labels.values()
    )


def test_a_picture_that_is_refused_is_looked_at_once(alice_again: Api) -> None:
    before = refusals()

    payload = alice_again.upload(NOT_AN_IMAGE).data["predict"]

    assert payload["prediction"] is None
    assert [error["code"] for error in payload["errors"]] == ["IMAGE_FORMAT_UNSUPPORTED"]
    assert refusals() == before + 1


def test_a_refused_picture_is_not_kept_until_the_garbage_collector_comes(
    alice_again: Api,
) -> None:
    gc.collect()
    gc.disable()
    try:
        alice_again.upload(NOT_AN_IMAGE)
        kept = [each for each in gc.get_objects() if type(each) is ImageFormatUnsupported]
    finally:
        gc.enable()

    assert kept == []


def test_the_last_prediction_of_a_day_is_told_and_the_next_refused(
    alice_again: Api, cat: bytes
) -> None:
    assert alice_again.upload(cat).data["predict"]["errors"] == []
    DailyUsage.objects.update(predictions=django_settings.PREDICTIONS_PER_DAY)

    payload = alice_again.upload(cat).data["predict"]

    assert [error["code"] for error in payload["errors"]] == ["QUOTA_SPENT"]
    assert Prediction.objects.count() == 1


def test_a_prediction_is_told_as_history_tells_it(alice: Api, cat: bytes) -> None:
    page = f"{{ viewer {{ history(first: 1) {{ nodes {{ {FIELDS} }} }} }} }}"
    for _ in range(3):
        told: dict[str, Any] = alice.upload(cat, document=PREDICT).data["predict"]
        assert told["errors"] == []
        (listed,) = alice.execute(page).data["viewer"]["history"]["nodes"]
        assert listed == told["prediction"]
