import base64
import io
import threading
from collections.abc import Iterator

import pytest
from PIL import Image
from pytest_django import Settings

from server.accounts.models import DailyUsage, ThrottleWindow
from server.predictions import trying
from server.predictions.inference import inference
from server.predictions.models import ModelVersion, Prediction, PredictionCrop
from tests.support.api import Answer, Api
from tests.support.mutations import error_codes, mutate, payload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("classifier_is_ready")]

FIELDS = """answer {
  label confidence description durationMs cropUrl
  model { name isDefault } scores(first: 2) { label probability description }
}"""


@pytest.fixture(autouse=True)
def places_of_these_settings() -> Iterator[None]:
    trying._turns.cache_clear()
    yield
    trying._turns.cache_clear()


def attempt(client: Api, image: bytes, **options: object) -> Answer:
    photo = {"base64": base64.b64encode(image).decode()}
    return mutate(client, "tryPredict", FIELDS, image=photo, **options)


def test_a_stranger_gets_an_answer_of_which_nothing_is_kept(api: Api, cat: bytes) -> None:
    answer = payload(attempt(api, cat))

    assert answer["errors"] == []
    told = answer["answer"]
    assert told["label"] == told["scores"][0]["label"] == "tiger cat"
    assert told["confidence"] == told["scores"][0]["probability"]
    assert "cat" in told["description"]
    assert told["model"] == {"name": "efficientnet-lite0", "isDefault": True}
    jpeg = base64.b64decode(told["cropUrl"].removeprefix("data:image/jpeg;base64,"))
    assert Image.open(io.BytesIO(jpeg)).size == (224, 224)
    for kept in (Prediction, PredictionCrop, DailyUsage, ModelVersion):
        assert kept.objects.count() == 0
    assert ThrottleWindow.objects.count() == 1  # a keyed digest of the address, for an hour


@pytest.mark.parametrize(
    ("image", "code"), [(b"", "IMAGE_EMPTY"), (b"no picture", "IMAGE_FORMAT_UNSUPPORTED")]
)
def test_what_is_no_picture_is_told_as_with_an_account(api: Api, image: bytes, code: str) -> None:
    assert error_codes(attempt(api, image)) == [code]
    assert error_codes(attempt(api, image, model="nobody")) == ["MODEL_UNKNOWN"]


def test_an_address_has_so_many_an_hour(api: Api, cat: bytes, settings: Settings) -> None:
    settings.TRIES_PER_HOUR = 2

    answers = [attempt(api, cat) for _ in range(3)]

    assert [answer.codes for answer in answers] == [[], [], ["RATE_LIMITED"]]
    [error] = answers[2].body["errors"]
    assert 3500 < error["extensions"]["retryAfterSeconds"] <= 3600


def test_where_it_is_switched_off_an_account_is_asked_for(
    api: Api, cat: bytes, settings: Settings
) -> None:
    settings.TRIES_PER_HOUR = 0

    assert attempt(api, cat).codes == ["UNAUTHENTICATED"]
    assert api.execute("{ limits { triesPerHour } }").data["limits"] == {"triesPerHour": 0}
    assert ThrottleWindow.objects.count() == 0


def test_those_who_try_leave_the_places_of_accounts_alone_and_lose_no_try_by_it(
    api: Api, cat: bytes, settings: Settings
) -> None:
    settings.MAX_WAITING_PREDICTIONS = 3  # one place is for tries
    settings.TRIES_PER_HOUR = 1
    with trying._turns():
        assert attempt(api, cat).codes == ["BUSY"]

    assert attempt(api, cat).codes == []


def test_a_try_that_found_no_turn_of_the_model_is_given_back(
    api: Api, cat: bytes, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRIES_PER_HOUR = 1
    admission = inference()._admission
    monkeypatch.setattr(admission, "_max_waiting", 0)
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with admission.slot():
            taken.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(30)
    try:
        assert attempt(api, cat).codes == ["BUSY"]
    finally:
        done.set()
        holder.join()

    assert attempt(api, cat).codes == []
