import io
import json
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from server.accounts.models import User
from server.predictions.models import Prediction
from server.teaching.archive import archive_of, may_have_archive
from server.teaching.models import ClassifierVersion
from server.teaching.predicting import predict
from server.teaching.versions import find_version
from tests.support.archives import archive_bytes, members_of
from tests.support.taught import taught

pytestmark = pytest.mark.usefixtures("classifier_is_ready")

FILES = ["README.md", "card.json", "head.f32", "run.py", "model.onnx"]


def large_and_lying_on_its_side(photo: bytes) -> bytes:
    """A picture of which several pixels become one, to be turned."""
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(photo)) as opened:
        opened.convert("RGB").resize((2400, 1650)).save(written, "JPEG", exif=exif, quality=90)
    with Image.open(written) as opened:
        turned = io.BytesIO()
        opened.save(turned, "PNG", exif=exif, compress_level=1)  # of which nothing is drafted
    return turned.getvalue()


def test_what_it_holds_answers_as_the_service_does(
    alice: User, photo: Callable[[str], bytes], tmp_path: Path
) -> None:
    plants = taught(alice, {"fern": 3, "möss": 3})
    pictures = {name: photo(name) for name in ("chelsea.png", "rocket.jpg", "retina.jpg")}
    pictures["large.png"] = large_and_lying_on_its_side(photo("coffee.png"))
    with zipfile.ZipFile(io.BytesIO(archive_bytes(plants))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == FILES
        archive.extractall(tmp_path)
    for name, picture in pictures.items():
        (tmp_path / name).write_bytes(picture)

    command = [sys.executable, "run.py", *pictures]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)

    for line, picture in zip(ran.stdout.splitlines(), pictures.values(), strict=True):
        told, wanted = json.loads(line), predict(alice, picture, model="plants")
        probabilities = {score["label"]: score["probability"] for score in told["scores"]}
        assert told["scores"][0]["label"] == wanted.label
        assert told["isKnown"] is wanted.is_known
        assert probabilities == pytest.approx(dict(wanted.scores), abs=1e-4)
    assert Prediction.objects.filter(model_version__name="plants").count() == len(pictures)


def test_it_says_what_it_is_and_under_which_licence(alice: User) -> None:
    plants = taught(alice, {"fern": 3, "moss": 2})
    members = members_of(archive_bytes(plants))

    card = json.loads(members["card.json"])
    readme = members["README.md"].decode()
    assert card["labels"] == ["fern", "moss"]
    assert card["exampleCounts"] == [3, 2]
    assert card["backbone"]["license"] == "Apache-2.0"
    assert "under Apache-2.0" in readme
    assert "pip install numpy onnxruntime Pillow cykooz-resizer" in readme
    assert members["run.py"].count(b"\n") < 65


def test_it_is_made_piece_by_piece(alice: User) -> None:
    plants = taught(alice, {"fern": 2, "moss": 2})
    version = ClassifierVersion.objects.select_related("classifier").get(classifier=plants)
    pieces = archive_of(version)
    assert pieces is not None

    tracemalloc.start()
    try:
        byte_count = sum(map(len, pieces))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert byte_count > 13_000_000
    assert most < 1_000_000


def test_there_is_none_where_the_graph_is_another_machines(
    alice: User, settings: Settings, tmp_path: Path
) -> None:
    plants = taught(alice, {"fern": 2, "moss": 2})
    version = find_version(alice, plants.current_version_id)
    assert may_have_archive(version)
    settings.MODEL_DIRECTORY = tmp_path

    assert not may_have_archive(version)
    assert archive_of(version) is None


def test_there_is_none_of_a_version_whose_model_is_served_no_more(alice: User) -> None:
    plants = taught(alice, {"fern": 2, "moss": 2})
    version = find_version(alice, plants.current_version_id)
    version.backbone = "efficientnet-lite0 1"

    assert not may_have_archive(version)
    assert archive_of(version) is None
