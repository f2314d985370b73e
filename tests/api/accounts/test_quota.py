import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from server.accounts.models import DailyUsage, User
from tests.support.api import PREDICT, Api
from tests.support.mutations import error_codes, payload

QUOTA = "{ viewer { quota { limit used resetsAt } } }"

pytestmark = pytest.mark.usefixtures("classifier_is_ready")


def test_is_told_with_the_moment_of_the_next_day(alice: Api, settings: Settings) -> None:
    settings.PREDICTIONS_PER_DAY = 7

    quota = alice.execute(QUOTA).data["viewer"]["quota"]

    assert (quota["limit"], quota["used"]) == (7, 0)
    left = datetime.fromisoformat(quota["resetsAt"]) - timezone.now()
    assert timedelta() < left <= timedelta(days=1)
    assert quota["resetsAt"].endswith("T00:00:00+00:00")


def test_counts_predictions_by_session_and_by_token_together(
    alice: Api, api: Api, settings: Settings, cat: bytes
) -> None:
    settings.PREDICTIONS_PER_DAY = 2
    secret = alice.create_token("PREDICT")

    assert error_codes(alice.predict(cat)) == []
    assert error_codes(api.upload(cat, token=secret)) == []

    assert alice.execute(QUOTA).data["viewer"]["quota"]["used"] == 2
    for spent in (alice.predict(cat), api.upload(cat, token=secret)):
        assert error_codes(spent) == ["QUOTA_SPENT"]


def test_the_answer_without_any_left_says_when_there_will_be(
    alice: Api, settings: Settings, cat: bytes
) -> None:
    settings.PREDICTIONS_PER_DAY = 0

    answer = alice.execute(
        PREDICT.replace("message field", "message field retryAfterSeconds"),
        input={"image": {"base64": base64.b64encode(cat).decode()}},
    )

    told = payload(answer)
    wait = told["errors"][0].pop("retryAfterSeconds")
    tomorrow = timezone.now().astimezone(UTC) + timedelta(days=1)
    assert told == {
        "prediction": None,
        "errors": [
            {
                "code": "QUOTA_SPENT",
                "message": "Today's 0 predictions are spent; "
                f"there are new ones at {tomorrow:%Y-%m-%d} 00:00 UTC.",
                "field": ["input"],
            }
        ],
    }
    assert 0 < wait <= 24 * 60 * 60
    assert User.objects.get().predictions.count() == 0


def test_deleting_gives_nothing_back(alice: Api, settings: Settings, cat: bytes) -> None:
    settings.PREDICTIONS_PER_DAY = 2
    first = payload(alice.predict(cat))["prediction"]["id"]
    alice.predict(cat)

    alice.execute(
        "mutation ($id: ID!) { deletePrediction(input: {id: $id}) { errors { code } }"
        " clearHistory { errors { code } } }",
        id=first,
    )

    assert User.objects.get().predictions.count() == 0
    assert alice.execute(QUOTA).data["viewer"]["quota"]["used"] == 2
    assert error_codes(alice.predict(cat)) == ["QUOTA_SPENT"]


def test_yesterday_does_not_count(alice: Api, settings: Settings, cat: bytes) -> None:
    settings.PREDICTIONS_PER_DAY = 1
    yesterday = timezone.now().astimezone(UTC).date() - timedelta(days=1)
    DailyUsage.objects.create(user=User.objects.get(), day=yesterday, predictions=1)

    assert error_codes(alice.predict(cat)) == []


def test_a_refused_image_costs_nothing(alice: Api) -> None:
    assert error_codes(alice.predict(b"no image")) == ["IMAGE_FORMAT_UNSUPPORTED"]

    assert alice.execute(QUOTA).data["viewer"]["quota"]["used"] == 0
