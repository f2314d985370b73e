"""Taking a classifier along: down by its owner, and up by another account."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from server.accounts.models import User
from server.api.node import global_id
from tests.support.api import Answer, Api
from tests.support.archives import without_graph
from tests.support.mutations import error_codes, payload
from tests.support.taught import taught

pytestmark = pytest.mark.usefixtures("classifier_is_ready")

VERSION = """query ($id: ID!) { node(id: $id) { ... on ClassifierVersion { downloadUrl } } }"""
IMPORT = """mutation ($input: ImportClassifierInput!) { importClassifier(input: $input) {
  classifier { name isOutdated labels { name exampleCount } examples { totalCount }
               currentVersion { number exampleCount labels { name } } }
  errors { code message field } } }"""


@pytest.fixture
def url(alice: Api, alice_user: User) -> str:
    plants = taught(alice_user, {"fern": 3, "moss": 2})
    version = global_id("ClassifierVersion", plants.current_version_id)
    return str(alice.execute(VERSION, id=version).data["node"]["downloadUrl"])


def bring(client: Api, archive: bytes, name: str = "brought", token: str | None = None) -> Answer:
    form = {
        "operations": json.dumps(
            {"query": IMPORT, "variables": {"input": {"archive": None, "name": name}}}
        ),
        "map": json.dumps({"0": ["variables.input.archive"]}),
        "0": SimpleUploadedFile("plants.zip", archive, "application/zip"),
    }
    return Answer(client.http.post("/graphql", form, headers=client.headers(token)))


def downloaded(client: Api, url: str) -> bytes:
    return b"".join(client.http.get(url).streaming_content)


def answer_of(client: Api, model: str, image: bytes) -> Any:  # noqa: ANN401 - of the API
    answer = client.upload(
        image,
        model=model,
        document="""mutation ($input: PredictInput!) { predict(input: $input) {
          prediction { label isKnown confidence scores { label probability } } } }""",
    )
    return answer.data["predict"]["prediction"]


def test_what_one_account_takes_along_answers_the_same_for_another(
    alice: Api, bob: Api, url: str, cat: bytes
) -> None:
    brought = payload(bring(bob, downloaded(alice, url)))

    assert brought["errors"] == []
    assert brought["classifier"] == {
        "name": "brought",
        "isOutdated": False,
        "labels": [{"name": "fern", "exampleCount": 0}, {"name": "moss", "exampleCount": 0}],
        "examples": {"totalCount": 0},
        "currentVersion": {
            "number": 1,
            "exampleCount": 5,
            "labels": [{"name": "fern"}, {"name": "moss"}],
        },
    }
    assert answer_of(bob, "brought", cat) == answer_of(alice, "plants", cat)


def test_an_archive_is_its_owners_alone(alice: Api, bob: Api, api: Api, url: str) -> None:
    mine = alice.http.get(url)
    by_token = api.http.get(url, headers=api.headers(alice.create_token("READ")))

    for response in (mine, by_token):
        assert (response.status_code, response["Content-Type"]) == (200, "application/zip")
        assert response["Content-Disposition"] == 'attachment; filename="plants-1.zip"'
        assert response["Cache-Control"] == "private, no-store"
    may_not_read = api.headers(alice.create_token("PREDICT"))
    for response in (
        bob.http.get(url),
        api.http.get(url),
        api.http.get(url, headers=may_not_read),
        alice.http.get(url.replace("versions/", "versions/9")),
    ):
        assert response.status_code == 404
        assert response.json() == {"error": "There is no such archive."}
    assert api.http.get(url, headers={"Authorization": "Bearer tt_x"}).status_code == 401
    assert alice.http.post(url).status_code == 405


def test_what_can_be_put_right_is_told(
    alice: Api,
    bob: Api,
    url: str,
    settings: Settings,
) -> None:
    archive = downloaded(alice, url)
    assert error_codes(bring(bob, b"no zip")) == ["ARCHIVE_INVALID"]
    another = bring(bob, without_graph(archive, backbone={
        "name": "x", "version": "1", "weightsSha256": "",
    }))  # fmt: skip
    assert error_codes(another) == ["ARCHIVE_OF_ANOTHER_MODEL"]
    assert error_codes(bring(bob, archive, name="")) == ["CLASSIFIER_NAME_INVALID"]
    settings.LABELS_PER_CLASSIFIER = 1
    (error,) = payload(bring(bob, archive))["errors"]
    assert (error["code"], error["field"]) == ("LABEL_LIMIT_REACHED", ["input", "archive"])


def test_a_token_needs_the_scope_that_manages(alice: Api, bob: Api, api: Api, url: str) -> None:
    archive = without_graph(downloaded(alice, url))

    assert bring(api, archive, token=bob.create_token("READ", "PREDICT")).codes == ["FORBIDDEN"]
    assert payload(bring(api, archive, token=bob.create_token("MANAGE")))["errors"] == []
