"""From nothing to an answer, by the API alone, with parts of real photos."""

import base64
from collections.abc import Callable

import pytest

from tests.support.api import Api
from tests.support.mutations import mutate, payload
from tests.support.photo_parts import parts_of

pytestmark = pytest.mark.usefixtures("classifier_is_ready")


def as_images(pictures: list[bytes]) -> list[dict[str, str]]:
    return [{"base64": base64.b64encode(picture).decode()} for picture in pictures]


def test_photos_of_two_things_become_a_classifier_that_tells_them_apart(
    alice: Api, photo: Callable[[str], bytes]
) -> None:
    created = payload(mutate(alice, "createClassifier", "classifier { id }", name="my-things"))
    classifier = created["classifier"]["id"]
    kept = {}
    for label, file_name in (("coffee", "coffee.png"), ("cat", "chelsea.png")):
        first, second, middle, *rest = parts_of(photo(file_name), 5)
        kept[label] = middle
        added = payload(
            mutate(
                alice,
                "addExamples",
                "examples { label { name exampleCount } image { url } } classifier { isOutdated }",
                classifier=classifier,
                label=label,
                images=as_images([first, second, *rest]),
            )
        )
        assert added["errors"] == []
        assert [example["label"]["name"] for example in added["examples"]] == [label] * 4
        assert added["classifier"]["isOutdated"] is True

    trained = payload(
        mutate(
            alice,
            "trainClassifier",
            "version { number exampleCount labels { name exampleCount isSomethingElse } "
            "estimatedAccuracy confusions { count } } "
            "classifier { isOutdated currentVersion { number modelVersion } advice }",
            classifier=classifier,
        )
    )
    predicted = alice.execute(
        """mutation ($input: PredictInput!) { predict(input: $input) {
          prediction { label confidence isKnown model { name version labels license isDefault }
                       readAs(model: "efficientnet-lite0") { label isKnown } }
          errors { code } } }""",
        input={"image": as_images([kept["cat"]])[0], "model": "my-things"},
    ).data["predict"]

    assert trained["errors"] == []
    assert trained["version"] == {
        "number": 1,
        "exampleCount": 8,
        "labels": [
            {"name": "cat", "exampleCount": 4, "isSomethingElse": False},
            {"name": "coffee", "exampleCount": 4, "isSomethingElse": False},
        ],
        "estimatedAccuracy": None,
        "confusions": [],
    }
    assert trained["classifier"]["isOutdated"] is False
    assert trained["classifier"]["advice"] == [
        "'coffee' has four photos; five make it fair.",
        "'cat' has four photos; five make it fair.",
    ]
    prediction = predicted["prediction"]
    assert (prediction["label"], prediction["isKnown"]) == ("cat", True)
    assert prediction["model"] == {
        "name": "my-things",
        "version": trained["classifier"]["currentVersion"]["modelVersion"],
        "labels": ["cat", "coffee"],
        "license": "Apache-2.0",
        "isDefault": False,
    }
    assert prediction["readAs"]["isKnown"] is True
    assert prediction["readAs"]["label"].endswith(" cat")


def test_the_crop_of_an_upload_is_shown_to_its_owner_alone(
    alice: Api, bob: Api, cat: bytes
) -> None:
    created = payload(mutate(alice, "createClassifier", "classifier { id }", name="my-things"))
    added = payload(
        mutate(
            alice,
            "addExamples",
            "examples { image { url sha256 } prediction { id } }",
            classifier=created["classifier"]["id"],
            label="cat",
            images=as_images([cat]),
        )
    )
    (example,) = added["examples"]

    mine, theirs = (client.http.get(example["image"]["url"]) for client in (alice, bob))

    assert example["prediction"] is None
    assert (mine.status_code, mine["Content-Type"]) == (200, "image/jpeg")
    assert theirs.status_code == 404
