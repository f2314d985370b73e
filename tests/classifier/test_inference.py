import hashlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from server.classifier.catalogue import Catalogue, read_catalogue
from server.classifier.classifier import Classifier
from server.classifier.errors import (
    Busy,
    ImageEmpty,
    ImageTooLarge,
    ImageUnreadable,
    ModelNotBuilt,
    ModelNotReady,
    ModelUnknown,
)
from server.classifier.image_file import ImageLimits
from server.classifier.inference import Inference
from tests.support.own_models import exported_beside


@pytest.fixture
def inference(model_directory: Path) -> Inference:
    return Inference(Catalogue(model_directory))


def test_a_photo_gets_its_label_and_everything_to_store(
    inference: Inference, photo: Callable[[str], bytes]
) -> None:
    image_bytes = photo("chelsea.png")
    answer = inference.classify(image_bytes)

    assert answer.classification.card.name == "efficientnet-lite0"
    assert answer.classification.top(1)[0].label == "tiger cat"
    assert answer.classification.probabilities.shape == (1000,)
    assert answer.classification.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert answer.classification.embedding.shape == (1280,)
    assert (answer.image.width, answer.image.height, answer.image.format) == (451, 300, "PNG")
    assert answer.image.byte_count == len(image_bytes)
    assert answer.image.sha256 == hashlib.sha256(image_bytes).hexdigest()
    assert answer.crop.shape == (224, 224, 3)
    assert answer.crop.dtype == np.uint8
    assert 0 < answer.duration_ms < 10_000


def test_starting_returns_at_once_and_loading_ends_ready(
    inference: Inference, photo: Callable[[str], bytes]
) -> None:
    assert not inference.is_ready()
    inference.start()
    inference.start()
    inference.classify(photo("coffee.png"))
    assert inference.is_ready()
    assert inference.failure is None


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each of the pictures that a model has looked at was black."""
    noted: list[bool] = []
    classify = Classifier.classify

    def noting(self: Classifier, pixels: object, taught: object = None) -> object:
        noted.append(not np.any(pixels))
        return classify(self, pixels, taught)

    monkeypatch.setattr(Classifier, "classify", noting)
    return noted


def test_a_model_is_tried_before_it_is_ready(inference: Inference, looked_at: list[bool]) -> None:
    inference.start()
    inference._finished_loading.wait(60)
    assert inference.is_ready()
    assert looked_at == [True]


def test_a_picture_that_waits_already_is_the_first(
    inference: Inference, looked_at: list[bool], photo: Callable[[str], bytes]
) -> None:
    inference.classify(photo("coffee.png"))
    assert looked_at == [False]


def test_a_model_that_no_picture_waits_for_is_tried_all_the_same(
    model_directory: Path,
    tmp_path: Path,
    looked_at: list[bool],
    photo: Callable[[str], bytes],
) -> None:
    folder = exported_beside(model_directory, tmp_path, "tests.support.networks.tiny:mapped")
    looked_at.clear()  # an export tries what it has made
    inference = Inference(read_catalogue(folder))
    inference.classify(photo("coffee.png"))
    assert looked_at == [True, False]


def test_the_reference_engine_stands_behind_the_same_interface(
    photo: Callable[[str], bytes], model_directory: Path
) -> None:
    inference = Inference(Catalogue(model_directory), engine="torch", max_wait_seconds=60)
    assert inference.classify(photo("coffee.png")).classification.top(1)[0].label == "espresso"


def test_an_unknown_model_is_refused_before_anything_is_loaded(
    inference: Inference, photo: Callable[[str], bytes]
) -> None:
    with pytest.raises(ModelUnknown):
        inference.classify(photo("coffee.png"), "resnet")
    assert not inference._started


def test_a_bad_picture_is_refused_while_every_slot_is_taken(model_directory: Path) -> None:
    inference = Inference(Catalogue(model_directory), limits=ImageLimits(max_bytes=100))
    with inference._admission.slot():
        with pytest.raises(ImageEmpty):
            inference.classify(b"")
        with pytest.raises(ImageTooLarge) as raised:
            inference.classify(bytes(101))
    assert (raised.value.unit, raised.value.limit, raised.value.found) == ("bytes", 100, 101)


def test_a_damaged_picture_leaves_the_slot_free(
    inference: Inference, photo: Callable[[str], bytes]
) -> None:
    for _ in range(3):
        with pytest.raises(ImageUnreadable):
            inference.classify(photo("rocket.jpg")[:50_000])
    assert inference.classify(photo("rocket.jpg")).classification.top(1)[0].label == "missile"


def test_beyond_the_queue_requests_are_told_that_it_is_busy(
    model_directory: Path, photo: Callable[[str], bytes]
) -> None:
    inference = Inference(Catalogue(model_directory), max_in_flight=1, max_waiting=2)
    image_bytes = photo("coffee.png")
    inference.classify(image_bytes)
    outcomes: list[str] = []

    def ask() -> None:
        try:
            outcomes.append(inference.classify(image_bytes).classification.top(1)[0].label)
        except Busy:
            outcomes.append("busy")

    threads = [threading.Thread(target=ask) for _ in range(12)]
    with inference._admission.slot():
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 5
        while len(outcomes) < 10 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert outcomes == ["busy"] * 10
    for thread in threads:
        thread.join(20)
    assert outcomes[10:] == ["espresso"] * 2


def test_with_room_in_the_queue_all_at_once_are_answered(
    model_directory: Path, photo: Callable[[str], bytes]
) -> None:
    inference = Inference(Catalogue(model_directory), max_in_flight=2, max_waiting=8)
    names = ["coffee.png", "rocket.jpg", "camera.png", "chelsea.png"] * 2
    answers: dict[int, str] = {}

    def ask(index: int) -> None:
        answer = inference.classify(photo(names[index]))
        answers[index] = answer.classification.top(1)[0].label

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(len(names))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [answers[i] for i in range(8)] == ["espresso", "missile", "tripod", "tiger cat"] * 2


def test_a_failed_load_is_kept_and_told_without_waiting(
    tmp_path: Path, photo: Callable[[str], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    inference = Inference(Catalogue(tmp_path / "nothing"), max_wait_seconds=30)
    for _ in range(2):
        started = time.monotonic()
        with pytest.raises(ModelNotReady) as raised:
            inference.classify(photo("coffee.png"))
        assert time.monotonic() - started < 5
        assert isinstance(raised.value.failure, ModelNotBuilt)
        assert raised.value.failure.reason == "missing"
    assert not inference.is_ready()
    assert inference.failure is raised.value.failure
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_load_that_takes_too_long_is_told_and_does_not_hang(
    model_directory: Path, photo: Callable[[str], bytes]
) -> None:
    inference = Inference(Catalogue(model_directory), max_wait_seconds=0)
    with pytest.raises(ModelNotReady) as raised:
        inference.classify(photo("coffee.png"))
    assert raised.value.failure is None


def run_python(source: str, *arguments: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-c", source, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.strip()


def test_importing_the_classifier_imports_no_engine_and_no_framework() -> None:
    source = """
import sys
import server.classifier.inference, server.classifier.crop
print([name for name in ("torch", "onnxruntime", "django", "strawberry") if name in sys.modules])
"""
    assert run_python(source) == "[]"


def test_the_default_engine_answers_without_importing_torch(model_directory: Path) -> None:
    source = """
import sys
from pathlib import Path
from server.classifier.catalogue import Catalogue
from server.classifier.inference import Inference
from server.classifier.packaged_file import packaged_file
inference = Inference(Catalogue(Path(sys.argv[1])))
answer = inference.classify(packaged_file("scikit-image", "coffee.png").read_bytes())
print(answer.classification.top(1)[0].label, "onnxruntime" in sys.modules, "torch" in sys.modules)
"""
    assert run_python(source, str(model_directory)) == "espresso True False"


def test_the_model_loads_after_a_fork(model_directory: Path) -> None:
    # As under gunicorn with a preloaded application: imported before, started in the child.
    source = """
import os, sys
from pathlib import Path
from server.classifier.catalogue import Catalogue
from server.classifier.inference import Inference
from server.classifier.packaged_file import packaged_file
inference = Inference(Catalogue(Path(sys.argv[1])))
image_bytes = packaged_file("scikit-image", "coffee.png").read_bytes()
children = []
for _ in range(2):
    child = os.fork()
    if child == 0:
        inference.start()
        label = inference.classify(image_bytes).classification.top(1)[0].label
        os._exit(0 if label == "espresso" else 1)
    children.append(child)
print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])
"""
    assert run_python(source, str(model_directory)) == "[0, 0]"
