"""Models of an operator beside the built-in one: chosen by name, made the default, retired; and two
networks are never taken for one another, not even where their embeddings are as long."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from PIL import Image

from server.predictions.errors import VersionReused
from server.predictions.models import ModelVersion, Prediction
from server.predictions.services import predict as predict_by
from server.teaching.models import Classifier
from tests.support.api import Api
from tests.support.networks import tiny
from tests.support.own_models import KINDS, TINY, exported_beside, serving
from tests.support.stored import user_named

BUILT_IN = "efficientnet-lite0"
COLOURS, EMBEDDED, LOGITS = "colours", "colours-embedded", "colours-logits"

PREDICT = """
mutation ($image: String!, $model: String) {
  predict(input: {image: {base64: $image}, model: $model}) {
    prediction {
      id label confidence model { name version isDefault isTeachable hasHeatMaps labelCount }
      heatMap { grid } similar(first: 50) { prediction { id } }
    }
    errors { code field message }
  }
}
"""
TEACH = """
mutation ($id: ID!, $label: String!, $images: [ImageInput!], $predictions: [ID!]) {
  addExamples(input: {
    classifier: $id, label: $label, images: $images, predictions: $predictions
  }) {
    examples { label { name } } errors { code field message }
  }
}
"""
TRAIN = """
mutation ($id: ID!) {
  trainClassifier(input: {classifier: $id}) { version { number } errors { code message } }
}
"""
CREATE = """
mutation ($name: String!, $model: String) {
  createClassifier(input: {name: $name, model: $model}) {
    classifier { id model } errors { code field message }
  }
}
"""
READ = """
query ($id: ID!, $model: String!) {
  node(id: $id) { ... on Prediction { readAs(model: $model) { label model } } }
}
"""


@pytest.fixture(scope="module")
def folder(model_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported_beside(
        model_directory, tmp_path_factory.mktemp("models"), *(f"{TINY}:{kind}" for kind in KINDS)
    )


@pytest.fixture
def all_served(folder: Path) -> Iterator[None]:
    with serving(folder):
        yield


def photo(colour: str, shade: int = 0) -> str:
    encoded = io.BytesIO()
    pixels = tuple(part + shade for part in tiny.COLOURS[colour])
    Image.new("RGB", (64, 64), pixels).save(encoded, "PNG")
    return base64.b64encode(encoded.getvalue()).decode()


def predict(api: Api, colour: str, model: str | None = None, shade: int = 0) -> dict:
    payload = api.execute(PREDICT, image=photo(colour, shade), model=model).data["predict"]
    assert payload["errors"] == []
    return payload["prediction"]


def code_of(payload: dict) -> str:
    (error,) = payload["errors"]
    return error["code"]


@pytest.mark.usefixtures("all_served")
def test_models_are_told_with_what_each_can_do(api: Api) -> None:
    told = api.execute("{ models { name version isDefault isTeachable hasHeatMaps } }").data
    assert [tuple(model.values()) for model in told["models"]] == [
        (BUILT_IN, "2", True, True, True),
        (COLOURS, "1", False, True, True),
        (EMBEDDED, "1", False, True, False),
        (LOGITS, "1", False, False, False),
    ]


@pytest.mark.usefixtures("all_served")
@pytest.mark.parametrize("model", [COLOURS, EMBEDDED, LOGITS])
def test_a_model_is_chosen_by_its_name_with_and_without_an_account(
    alice: Api, api: Api, model: str
) -> None:
    for colour in tiny.COLOURS:
        prediction = predict(alice, colour, model)
        assert (prediction["label"], prediction["model"]["name"]) == (colour, model)
        assert (prediction["heatMap"] is not None) == (model == COLOURS)
    row = Prediction.objects.latest("pk")
    assert len(row.embedding) == (0 if model == LOGITS else 2 * tiny.WIDTH)
    assert (row.model_version.name, row.model_version.labels) == (model, list(tiny.COLOURS))
    tried = api.execute(
        "mutation ($image: String!, $model: String) { tryPredict(input: "
        "{image: {base64: $image}, model: $model}) { answer { label } errors { code } } }",
        image=photo("green"),
        model=model,
    )
    assert tried.data["tryPredict"] == {"answer": {"label": "green"}, "errors": []}


@pytest.mark.usefixtures("all_served")
def test_heat_maps_are_those_of_the_network_that_answered(alice: Api) -> None:
    grid = predict(alice, "red", COLOURS)["heatMap"]["grid"]
    assert (len(grid), len(grid[0])) == (8, 8)
    assert len(predict(alice, "red")["heatMap"]["grid"]) == 7


@pytest.mark.usefixtures("all_served")
def test_similar_photos_are_those_that_the_same_network_has_looked_at(alice: Api) -> None:
    first = {model: predict(alice, "red", model)["id"] for model in (None, *(COLOURS, EMBEDDED))}
    predict(alice, "red", LOGITS)
    for model, earlier in first.items():
        similar = predict(alice, "red", model, shade=1)["similar"]
        assert [each["prediction"]["id"] for each in similar] == [earlier]
    assert predict(alice, "red", LOGITS, shade=1)["similar"] == []
    groups = alice.execute("{ viewer { lookalikes { predictions { model { name } } } } }").data
    for group in groups["viewer"]["lookalikes"]:
        assert len({each["model"]["name"] for each in group["predictions"]}) == 1


@pytest.mark.usefixtures("all_served")
def test_embeddings_of_one_length_of_two_networks_are_never_compared(alice: Api) -> None:
    """COLOURS and EMBEDDED have 24 numbers both."""
    asked = predict(alice, "red", COLOURS)
    other = predict(alice, "red", EMBEDDED)
    assert other["similar"] == []
    for model in (EMBEDDED, BUILT_IN, LOGITS):
        read = alice.execute(READ, id=asked["id"], model=model)
        assert read.codes == ["BAD_USER_INPUT"]
    read = alice.execute(READ, id=asked["id"], model=COLOURS)
    assert read.data["node"]["readAs"] == {"label": "red", "model": COLOURS}


@pytest.mark.usefixtures("all_served")
def test_a_classifier_is_taught_on_the_model_it_was_made_on(alice: Api) -> None:
    made = alice.execute(CREATE, name="warmth", model=EMBEDDED).data["createClassifier"]
    classifier = made["classifier"]
    assert classifier["model"] == EMBEDDED
    for label, colour in (("warm", "red"), ("cold", "blue")):
        images = [{"base64": photo(colour, shade)} for shade in (0, 2)]
        keys = [predict(alice, colour, EMBEDDED, shade=4)["id"]]
        for given in ({"images": images}, {"predictions": keys}):
            added = alice.execute(TEACH, id=classifier["id"], label=label, **given).data
            assert added["addExamples"]["errors"] == []

    of_another = predict(alice, "red", COLOURS)["id"]
    refused = alice.execute(TEACH, id=classifier["id"], label="warm", predictions=[of_another])
    assert code_of(refused.data["addExamples"]) == "EXAMPLE_OF_ANOTHER_MODEL"

    trained = alice.execute(TRAIN, id=classifier["id"]).data["trainClassifier"]
    assert trained == {"version": {"number": 1}, "errors": []}
    answer = predict(alice, "blue", "warmth")
    assert (answer["label"], answer["heatMap"]) == ("cold", None)
    read = alice.execute(READ, id=predict(alice, "red", EMBEDDED)["id"], model="warmth")
    assert read.data["node"]["readAs"]["label"] == "warm"
    assert alice.execute(READ, id=of_another, model="warmth").codes == ["BAD_USER_INPUT"]
    # What a taught version answered, the model below it and its likes can read.
    read = alice.execute(READ, id=answer["id"], model=EMBEDDED)
    assert read.data["node"]["readAs"]["label"] == "blue"


@pytest.mark.usefixtures("all_served")
def test_nothing_is_taught_on_logits_alone_nor_on_nothing(alice: Api) -> None:
    refused = alice.execute(CREATE, name="warmth", model=LOGITS).data["createClassifier"]
    assert code_of(refused) == "MODEL_NOT_TEACHABLE"
    assert refused["errors"][0]["field"] == ["input", "model"]
    unknown = alice.execute(CREATE, name="warmth", model="nobody").data["createClassifier"]
    assert code_of(unknown) == "MODEL_UNKNOWN"
    taken = alice.execute(CREATE, name=COLOURS).data["createClassifier"]
    assert code_of(taken) == "CLASSIFIER_NAME_TAKEN"


def test_the_first_name_is_the_default_and_what_is_not_named_is_retired(
    alice: Api, folder: Path
) -> None:
    with serving(folder):
        kept = predict(alice, "red", EMBEDDED)["id"]
        made = alice.execute(CREATE, name="warmth", model=EMBEDDED).data["createClassifier"]
        classifier = made["classifier"]["id"]
        for label, colour in (("warm", "red"), ("cold", "blue")):
            images = [{"base64": photo(colour, shade)} for shade in (0, 2)]
            alice.execute(TEACH, id=classifier, label=label, images=images)
        alice.execute(TRAIN, id=classifier)

    with serving(folder, LOGITS, COLOURS):
        default = predict(alice, "green")
        assert (default["model"]["name"], default["model"]["isDefault"]) == (LOGITS, True)
        listed = alice.execute("{ models { name } }").data["models"]
        assert [model["name"] for model in listed] == [LOGITS, COLOURS]
        for model in (EMBEDDED, BUILT_IN):
            gone = alice.execute(PREDICT, image=photo("red"), model=model).data["predict"]
            assert code_of(gone) == "MODEL_UNKNOWN"
            taken = alice.execute(CREATE, name=BUILT_IN).data["createClassifier"]
            assert code_of(taken) == "CLASSIFIER_NAME_TAKEN"
        # What it has answered stays, with what is told of it.
        told = alice.execute(
            "query ($id: ID!) { node(id: $id) { ... on Prediction { label heatMap { grid } "
            "model { name isTeachable isDefault labels source } } } }",
            id=kept,
        ).data["node"]
        assert told == {
            "label": "red",
            "heatMap": None,
            "model": {
                "name": EMBEDDED,
                "isTeachable": False,
                "isDefault": False,
                "labels": list(tiny.COLOURS),
                "source": "trained in a test",
            },
        }
        # What stands on it says so, and answers again when it is back.
        answers = alice.execute(PREDICT, image=photo("red"), model="warmth").data["predict"]
        assert code_of(answers) == "MODEL_NOT_TEACHABLE"
        assert "colours-embedded 1" in answers["errors"][0]["message"]
        added = alice.execute(TEACH, id=classifier, label="warm", images=[{"base64": photo("red")}])
        assert code_of(added.data["addExamples"]) == "MODEL_NOT_TEACHABLE"
        added = alice.execute(TEACH, id=classifier, label="warm", predictions=[kept])
        assert code_of(added.data["addExamples"]) == "MODEL_NOT_TEACHABLE"
        assert alice.execute(READ, id=kept, model="warmth").codes == ["BAD_USER_INPUT"]
        told = alice.execute(
            "query ($id: ID!) { node(id: $id) { ... on Classifier { model "
            "suggestions { id } currentVersion { downloadUrl } } } }",
            id=classifier,
        ).data["node"]
        assert told["suggestions"] == []
        assert told["currentVersion"] == {"downloadUrl": None}
        # A new one stands on the first that can be taught, which the default one can't.
        new = alice.execute(CREATE, name="new").data["createClassifier"]["classifier"]
        assert new["model"] == COLOURS

    with serving(folder):
        assert predict(alice, "red", "warmth")["label"] == "warm"


@pytest.mark.usefixtures("all_served")
def test_a_classifier_that_was_called_so_before_the_model_came_keeps_its_name(
    alice: Api, bob: Api
) -> None:
    made = alice.execute(CREATE, name="mine", model=EMBEDDED).data["createClassifier"]
    classifier = made["classifier"]["id"]
    Classifier.objects.filter(name="mine").update(name=COLOURS)  # as before the model came
    for label, colour in (("warm", "red"), ("cold", "blue")):
        images = [{"base64": photo(colour, shade)} for shade in (0, 2)]
        alice.execute(TEACH, id=classifier, label=label, images=images)
    alice.execute(TRAIN, id=classifier)

    assert predict(alice, "red", COLOURS)["label"] == "warm"
    assert predict(bob, "red", COLOURS)["label"] == "red"
    read = alice.execute(READ, id=predict(alice, "red", EMBEDDED)["id"], model=COLOURS)
    assert read.data["node"]["readAs"]["label"] == "warm"


@pytest.mark.usefixtures("all_served")
def test_a_version_that_was_another_network_before_stores_nothing(alice: Api) -> None:
    predict(alice, "red", COLOURS)
    ModelVersion.objects.filter(name=COLOURS).update(weights_sha256="0" * 64)
    before = Prediction.objects.count()
    user = user_named("alice@example.org")
    with pytest.raises(VersionReused, match="colours 1"):
        predict_by(user, base64.b64decode(photo("green")), model=COLOURS)
    assert Prediction.objects.count() == before


def test_a_name_of_what_was_not_exported_stops_the_start(folder: Path) -> None:
    with (
        pytest.raises(ImproperlyConfigured, match="MODELS names 'flowers'"),
        serving(folder, "flowers"),
    ):
        pass
