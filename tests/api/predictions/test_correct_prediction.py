import pytest

from server.api.node import global_id
from server.predictions.models import MAX_CORRECTION_LENGTH, Prediction
from tests.support.api import Answer, Api
from tests.support.mutations import error_codes, mutate, payload
from tests.support.stored import store_prediction, user_named

FIELDS = "prediction { label correction { label description correctedAt } }"


@pytest.fixture
def hers(alice: Api) -> Prediction:
    return store_prediction(user_named("alice@example.org"), label="tiger cat")


def correct(client: Api, prediction: Prediction, label: str, **options: str) -> Answer:
    identity = global_id("Prediction", prediction.pk)
    return mutate(client, "correctPrediction", FIELDS, id=identity, label=label, **options)


def remove(client: Api, prediction: Prediction, **options: str) -> Answer:
    identity = global_id("Prediction", prediction.pk)
    return mutate(client, "removeCorrection", FIELDS, id=identity, **options)


def test_an_answer_is_corrected_and_the_correction_taken_back(alice: Api, hers: Prediction) -> None:
    corrected = payload(correct(alice, hers, "Red Fox"))

    assert corrected["errors"] == []
    assert corrected["prediction"]["label"] == "tiger cat"
    assert corrected["prediction"]["correction"]["label"] == "red fox"
    assert "fox" in corrected["prediction"]["correction"]["description"]
    history = alice.execute(
        '{ viewer { history(filter: {isCorrected: true, search: "FOX"}) {'
        " edges { node { correction { label correctedAt } } } totalCount } } }"
    ).data["viewer"]["history"]
    assert history["edges"][0]["node"]["correction"] == {
        "label": "red fox",
        "correctedAt": corrected["prediction"]["correction"]["correctedAt"],
    }

    removed = payload(remove(alice, hers))

    assert removed == {"prediction": {"label": "tiger cat", "correction": None}, "errors": []}


@pytest.mark.parametrize(
    "label", ["", "  ", "\u200b", "Tiger cat", "x" * (MAX_CORRECTION_LENGTH + 1)]
)
def test_what_is_no_correction_is_refused(alice: Api, hers: Prediction, label: str) -> None:
    answer = correct(alice, hers, label)

    assert error_codes(answer) == ["CORRECTION_INVALID"]
    assert payload(answer)["prediction"] is None
    assert payload(answer)["errors"][0]["field"] == ["input", "label"]


def test_what_another_has_is_not_there(bob: Api, hers: Prediction) -> None:
    assert error_codes(correct(bob, hers, "lynx")) == ["NOT_FOUND"]
    assert error_codes(remove(bob, hers)) == ["NOT_FOUND"]
    assert error_codes(mutate(bob, "removeCorrection", FIELDS, id="garbage")) == ["NOT_FOUND"]
    assert Prediction.objects.get().correction is None


def test_a_token_needs_the_scope_to_manage(alice: Api, api: Api, hers: Prediction) -> None:
    weak, strong = alice.create_token("READ", "PREDICT"), alice.create_token("MANAGE")

    assert correct(api, hers, "lynx", token=weak).codes == ["FORBIDDEN"]
    assert remove(api, hers, token=weak).codes == ["FORBIDDEN"]
    assert correct(api, hers, "lynx").codes == ["UNAUTHENTICATED"]
    assert error_codes(correct(api, hers, "lynx", token=strong)) == []
    assert error_codes(remove(api, hers, token=strong)) == []


def test_the_name_of_a_file_is_kept_as_it_is_said_and_found(alice: Api, cat: bytes) -> None:
    for name in ("Holiday/Übersee.JPG", None):
        assert alice.upload(cat, fileName=name).data["predict"]["errors"] == []

    history = alice.execute(
        '{ viewer { found: history(filter: {search: "übersee"}) { edges { node { fileName } } }'
        " all: history { edges { node { fileName } } } } }"
    ).data["viewer"]

    assert [edge["node"] for edge in history["found"]["edges"]] == [{"fileName": "Übersee.JPG"}]
    # The part of the form was called photo.jpg, which nobody has said.
    assert [edge["node"]["fileName"] for edge in history["all"]["edges"]] == [None, "Übersee.JPG"]
