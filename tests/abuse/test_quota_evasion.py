"""The attacker wants more predictions than a day's quota."""

import json

import pytest
from pytest_django import Settings

from server.accounts.models import DailyUsage
from server.predictions.models import Prediction
from tests.support.api import PREDICT, Api
from tests.support.http_requests import send

pytestmark = pytest.mark.usefixtures("classifier_is_ready")


def five_predictions(image: str) -> tuple[str, dict[str, object]]:
    fields = " ".join(
        f"p{number}: predict(input: $input) {{ prediction {{ id }} errors {{ code }} }}"
        for number in range(5)
    )
    document = f"mutation ($input: PredictInput!) {{ {fields} }}"
    return document, {"input": {"image": {"base64": image}}}


def test_every_alias_of_a_document_is_counted(alice: Api, cat: bytes, settings: Settings) -> None:
    import base64

    settings.PREDICTIONS_PER_DAY = 2
    document, variables = five_predictions(base64.b64encode(cat).decode())

    answer = alice.execute(document, **variables)

    codes = [[error["code"] for error in each["errors"]] for each in answer.data.values()]
    assert codes == [[], [], *[["QUOTA_SPENT"]] * 3]
    assert Prediction.objects.count() == DailyUsage.objects.get().predictions == 2


def test_one_file_at_five_places_is_five_predictions(
    alice: Api, cat: bytes, settings: Settings
) -> None:
    settings.PREDICTIONS_PER_DAY = 2
    document = (
        "mutation ("
        + " ".join(f"$i{n}: PredictInput!" for n in range(5))
        + ") { "
        + " ".join(f"p{n}: predict(input: $i{n}) {{ errors {{ code }} }}" for n in range(5))
        + " }"
    )
    variables = {f"i{n}": {"image": {"upload": None}} for n in range(5)}
    from django.core.files.uploadedfile import SimpleUploadedFile

    form = {
        "operations": json.dumps({"query": document, "variables": variables}),
        "map": json.dumps({"0": [f"variables.i{n}.image.upload" for n in range(5)]}),
        "0": SimpleUploadedFile("cat.png", cat),
    }
    answer = alice.http.post("/graphql", form, headers=alice.headers())

    data = json.loads(answer.content)["data"]
    served = [name for name, each in data.items() if not each["errors"]]
    assert len(served) <= 2
    assert Prediction.objects.count() == DailyUsage.objects.get().predictions == len(served)


def test_six_predictions_in_one_document_are_refused_as_a_whole(alice: Api) -> None:
    document, variables = five_predictions("")
    more = document.replace("{ p0:", "{ p5: predict(input: $input) { errors { code } } p0:")

    assert alice.execute(more, **variables).codes == ["COST_LIMIT_EXCEEDED"]


def test_a_batch_is_no_request() -> None:
    batch = json.dumps([{"query": "{ __typename }"}] * 2).encode()

    answer = send("POST", batch)

    assert answer.status_code == 400
    assert b"BATCHING_NOT_SUPPORTED" in answer.content


def test_tokens_and_sessions_of_an_account_have_one_quota(
    alice: Api, api: Api, cat: bytes, settings: Settings
) -> None:
    settings.PREDICTIONS_PER_DAY = 1
    tokens = [alice.create_token("PREDICT") for _ in range(3)]
    alice.upload(cat)

    for token in tokens:
        errors = api.upload(cat, token=token).data["predict"]["errors"]
        assert [error["code"] for error in errors] == ["QUOTA_SPENT"]


def test_an_idempotency_key_is_free_for_the_same_photo_alone(
    alice: Api, cat: bytes, photo: object, settings: Settings
) -> None:
    settings.PREDICTIONS_PER_DAY = 1
    first = alice.upload(cat, idempotencyKey="k").data["predict"]["prediction"]["id"]

    again = alice.upload(cat, idempotencyKey="k").data["predict"]["prediction"]["id"]
    other = alice.upload(photo("coffee.png"), idempotencyKey="k")  # type: ignore[operator]

    assert again == first
    codes = [error["code"] for error in other.data["predict"]["errors"]]
    assert codes == ["IDEMPOTENCY_KEY_REUSED"]
    assert Prediction.objects.count() == 1


def test_a_new_account_a_second_is_stopped_by_the_limit_on_registrations(
    api: Api, settings: Settings
) -> None:
    settings.REGISTRATIONS_PER_HOUR = 3
    codes = [api.register(f"user{number}@example.org").codes for number in range(5)]

    assert codes == [[], [], [], ["RATE_LIMITED"], ["RATE_LIMITED"]]


def test_a_prediction_without_an_account_is_refused(api: Api) -> None:
    assert api.execute(PREDICT, input={"image": {"base64": ""}}).codes == ["UNAUTHENTICATED"]
