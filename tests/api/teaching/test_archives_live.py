"""An archive over the wire: down a piece at a time, up whole."""

import base64
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

import httpx
import psutil
import pytest

from harness.accounts import new_token
from harness.site import LiveSite
from tests.support.photo_parts import parts_of

pytestmark = pytest.mark.live

SCOPES = ("READ", "PREDICT", "MANAGE")
READERS = 8
MAX_BYTES_OF_A_READER = 2**20  # of an archive of 13 MB
CREATE = """mutation ($create: CreateClassifierInput!) {
  createClassifier(input: $create) { classifier { id } } }"""
ADD = "mutation ($input: AddExamplesInput!) { addExamples(input: $input) { errors { code } } }"
TRAIN = """mutation ($input: TrainClassifierInput!) {
  trainClassifier(input: $input) { version { downloadUrl } } }"""
IMPORT = """mutation ($input: ImportClassifierInput!) {
  importClassifier(input: $input) { classifier { labels { name } } errors { code } } }"""
IMPORTED = {"archive": None, "name": "things"}


def client_of(site: LiveSite) -> httpx.Client:
    bearer = {"Authorization": f"Bearer {new_token(site.port, SCOPES)}"}
    return httpx.Client(base_url=site.url, headers=bearer, timeout=30)


def execute(client: httpx.Client, document: str, **variables: object) -> Any:  # noqa: ANN401 - JSON
    answer = client.post("/graphql", json={"query": document, "variables": variables}).json()
    assert "errors" not in answer
    (payload,) = answer["data"].values()
    return payload


def taught_things(client: httpx.Client, photos: Mapping[str, bytes]) -> str:
    created = execute(client, CREATE, create={"name": "things"})
    key = created["classifier"]["id"]
    for label, photo in photos.items():
        images = [{"base64": base64.b64encode(part).decode()} for part in parts_of(photo, 2)]
        execute(client, ADD, input={"classifier": key, "label": label, "images": images})
    url: str = execute(client, TRAIN, input={"classifier": key})["version"]["downloadUrl"]
    return url


def test_who_downloads_holds_no_archive_in_memory_and_another_brings_it_in(
    live_site: LiveSite, photo: Callable[[str], bytes]
) -> None:
    photos = {"coffee": photo("coffee.png"), "cat": photo("chelsea.png")}
    with client_of(live_site) as alice, client_of(live_site) as bob, ExitStack() as readers:
        url = taught_things(alice, photos)
        workers = psutil.Process(live_site.process.pid).children()
        before = sum(worker.memory_info().rss for worker in workers)
        for _ in range(READERS):  # they have asked, and don't read on
            readers.enter_context(alice.stream("GET", url))
        grown = sum(worker.memory_info().rss for worker in workers) - before
        archive = alice.get(url).content
        form = {
            "operations": json.dumps({"query": IMPORT, "variables": {"input": IMPORTED}}),
            "map": json.dumps({"0": ["variables.input.archive"]}),
        }
        brought = bob.post("/graphql", data=form, files={"0": archive}).json()

    assert grown < READERS * MAX_BYTES_OF_A_READER
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
    assert brought["data"]["importClassifier"] == {
        "classifier": {"labels": [{"name": "cat"}, {"name": "coffee"}]},
        "errors": [],
    }
