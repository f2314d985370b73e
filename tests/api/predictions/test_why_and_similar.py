"""Why a photo got its answer, and what else looks like it: told where a field asks, else not."""

import base64
import io
from collections.abc import Callable

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from server.predictions.inference import inference
from server.predictions.models import Prediction, PredictionCrop
from tests.support.api import Answer, Api
from tests.support.photo_parts import parts_of
from tests.support.stored import user_named
from tests.support.taught import taught

EXPLAIN = """
mutation ($input: PredictInput!, $label: String) {
  predict(input: $input) {
    prediction {
      id label
      heatMap(label: $label) { label grid url }
      similar(first: 3) { similarity prediction { id label } }
    }
    errors { code message }
  }
}
"""
HEAT = """
query ($id: ID!, $label: String) {
  node(id: $id) { ... on Prediction { heatMap(label: $label) { label grid url } } }
}
"""
GROUPS = "{ viewer { lookalikes { label leastSimilarity predictions { id label } } } }"


def explained(client: Api, image: bytes, *, token: str | None = None) -> Answer:
    photo = {"base64": base64.b64encode(image).decode()}
    return client.execute(EXPLAIN, token=token, input={"image": photo})


@pytest.fixture
def told(alice: Api, cat: bytes) -> dict[str, object]:
    """A photo of alice's, predicted."""
    prediction: dict[str, object] = alice.upload(cat).data["predict"]["prediction"]
    return prediction


def heat_of(client: Api, told: dict[str, object], **variables: object) -> dict[str, object]:
    heat: dict[str, object] = client.execute(HEAT, id=told["id"], **variables).data["node"][
        "heatMap"
    ]
    return heat


def test_one_document_predicts_explains_and_finds_what_is_similar(
    alice: Api, photo: Callable[[str], bytes]
) -> None:
    first, second, third = parts_of(photo("chelsea.png"), 3)
    others = [alice.upload(each).data["predict"]["prediction"]["id"] for each in (first, second)]
    alice.upload(photo("coffee.png"))

    answer = explained(alice, third).data["predict"]["prediction"]

    assert answer["heatMap"]["label"] == answer["label"]
    assert [each["prediction"]["id"] for each in answer["similar"]][:2] == others[::-1]
    similarities = [each["similarity"] for each in answer["similar"]]
    assert similarities == sorted(similarities, reverse=True)
    assert similarities[1] > 0.7 > similarities[2]


def test_a_heat_map_has_seven_rows_of_seven_places(alice: Api, told: dict[str, object]) -> None:
    grid = np.array(heat_of(alice, told)["grid"])
    assert grid.shape == (7, 7)
    assert (grid.min() >= 0, grid.max()) == (True, 1)
    other = np.array(heat_of(alice, told, label="tennis ball")["grid"])
    assert not np.allclose(grid, other)


def test_its_picture_lies_over_the_crop_and_is_the_owners_alone(
    alice: Api, bob: Api, api: Api, told: dict[str, object]
) -> None:
    url = str(heat_of(alice, told, label="Egyptian cat")["url"])
    answer = alice.http.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Cache-Control"] == "private, max-age=3600, immutable"
    with Image.open(io.BytesIO(answer.content)) as overlay:
        assert overlay.size == (224, 224)
        density = np.asarray(overlay.convert("RGBA"))[..., 3]
    assert density.max() > 180

    assert bob.http.get(url).status_code == 404
    assert api.http.get(url).status_code == 404
    token = {"Authorization": f"Bearer {alice.create_token('READ')}"}
    assert api.http.get(url, headers=token).status_code == 200
    predicts_only = {"Authorization": f"Bearer {alice.create_token('PREDICT')}"}
    assert api.http.get(url, headers=predicts_only).status_code == 404
    assert api.http.get(url, headers={"Authorization": "Bearer tt_wrong"}).status_code == 401
    assert alice.http.get(f"{url}%20of%20prey").status_code == 404
    assert alice.http.post(url, headers=alice.headers(None)).status_code == 405


def test_what_a_taught_classifier_answered_is_explained_by_its_own_head(
    alice: Api, cat: bytes, told: dict[str, object]
) -> None:
    user = user_named("alice@example.org")
    taught(user, {"fern": 3, "moss": 3}, name="plants")
    mine = alice.upload(cat, model="plants").data["predict"]["prediction"]

    ferns = np.array(heat_of(alice, mine, label="fern")["grid"])
    mosses = np.array(heat_of(alice, mine, label="moss")["grid"])
    # Of two labels, what speaks for one speaks against the other.
    assert not (ferns * mosses).any()
    answer = alice.execute(HEAT, id=mine["id"], label="tabby")
    assert answer.codes == ["BAD_USER_INPUT"]

    user.classifiers.all().delete()
    assert alice.execute(HEAT, id=mine["id"]).data["node"]["heatMap"] is None


def test_without_its_crop_there_is_no_heat_map(alice: Api, told: dict[str, object]) -> None:
    url = str(heat_of(alice, told)["url"])
    PredictionCrop.objects.all().delete()
    assert alice.execute(HEAT, id=told["id"]).data["node"]["heatMap"] is None
    assert alice.http.get(url).status_code == 404


def test_a_request_may_ask_for_so_many_heat_maps_and_looks_only(
    alice: Api, told: dict[str, object]
) -> None:
    def many(field: str, count: int) -> list[str]:
        fields = " ".join(f"f{at}: {field}" for at in range(count))
        return alice.execute(
            f"query ($id: ID!) {{ node(id: $id) {{ ... on Prediction {{ {fields} }} }} }}",
            id=told["id"],
        ).codes

    assert many("heatMap { url }", 3) == []
    assert many("heatMap { url }", 21) == ["COST_LIMIT_EXCEEDED"]
    assert many("similar { similarity }", 4) == []
    assert many("similar { similarity }", 6) == ["COST_LIMIT_EXCEEDED"]


@pytest.mark.parametrize("arguments", ["first: 51", "first: -1", "minSimilarity: 1.5"])
def test_arguments_out_of_their_bounds_are_refused(
    alice: Api, told: dict[str, object], arguments: str
) -> None:
    document = "query ($id: ID!) { node(id: $id) { ... on Prediction { %s } } }"
    asked = document % f"similar({arguments}) {{ similarity }}"
    assert alice.execute(asked, id=told["id"]).codes == ["BAD_USER_INPUT"]
    asked = f"{{ viewer {{ lookalikes({arguments}) {{ label }} }} }}"
    assert alice.execute(asked).codes == ["BAD_USER_INPUT"]


def test_a_token_that_may_not_read_gets_no_explanation(alice: Api, api: Api, cat: bytes) -> None:
    answer = explained(api, cat, token=alice.create_token("PREDICT"))
    assert set(answer.codes) == {"FORBIDDEN"}
    assert Prediction.objects.count() == 1


def test_photos_that_look_alike_are_groups(alice: Api, photo: Callable[[str], bytes]) -> None:
    for part in parts_of(photo("chelsea.png"), 3) + parts_of(photo("coffee.png"), 2):
        alice.upload(part)
    alice.upload(photo("rocket.jpg"))

    groups = alice.execute(GROUPS).data["viewer"]["lookalikes"]

    assert [len(group["predictions"]) for group in groups] == [3, 2]
    assert [group["label"] for group in groups][1] == "espresso"
    assert all(group["leastSimilarity"] >= 0.75 for group in groups)


def test_groups_wait_for_their_turn_at_the_model(
    alice: Api, told: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inference()._admission, "_max_waiting", 0)
    with inference().turn():
        assert alice.execute(GROUPS).codes == ["BUSY"]
    assert alice.execute(GROUPS).codes == []


def test_who_does_not_ask_pays_nothing(alice: Api, told: dict[str, object]) -> None:
    with CaptureQueriesContext(connection) as captured:
        alice.execute("query ($id: ID!) { node(id: $id) { id } }", id=told["id"])
    assert not any("signature" in query["sql"] or "webp" in query["sql"] for query in captured)
