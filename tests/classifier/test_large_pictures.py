"""Large pictures: one at a time on the whole machine."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.errors import Busy
from server.classifier.image_file import ImageLimits
from server.classifier.large_pictures import LARGE_PICTURE_BYTES, LargePictures
from server.classifier.preprocessing import memory_bytes, open_for
from tests.support.pictures import encoded, png_that_claims

LIMITS = ImageLimits()
HOLD_A_TURN = """
import sys, pathlib
from server.classifier.large_pictures import LargePictures
turns = LargePictures(max_waiting=0, max_wait_seconds=1, lock=pathlib.Path(sys.argv[1]))
with turns.turn():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "lock"
    path.touch()
    path.chmod(0o444)  # it is only read
    return path


def turns(lock: Path, *, max_waiting: int = 2, max_wait_seconds: float = 0.2) -> LargePictures:
    return LargePictures(max_waiting=max_waiting, max_wait_seconds=max_wait_seconds, lock=lock)


def test_another_process_waits_and_is_told_busy(lock: Path) -> None:
    command = [sys.executable, "-c", HOLD_A_TURN, lock]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Busy) as raised, turns(lock).turn():
            pass
        holder.kill()
    assert raised.value.waited_seconds >= 0.2
    with turns(lock).turn():  # the killed process has taken nothing along
        pass


def test_a_turn_is_given_back_after_an_error(lock: Path) -> None:
    large = turns(lock)
    with pytest.raises(ZeroDivisionError), large.turn():
        _ = 1 / 0
    with large.turn():
        pass


def test_no_more_wait_than_may(lock: Path) -> None:
    large = turns(lock, max_waiting=1, max_wait_seconds=0.5)

    def wait_for_a_turn() -> str:
        try:
            with large.turn():
                return "in"
        except Busy:
            return "busy"

    with large.turn(), ThreadPoolExecutor(3) as pool:
        outcomes = [future.result() for future in [pool.submit(wait_for_a_turn) for _ in range(3)]]
    assert outcomes == ["busy"] * 3


def jpeg(side: int, **options: object) -> bytes:
    return encoded(Image.new("RGB", (side, side), "olive"), "JPEG", **options)


@pytest.mark.parametrize(
    ("picture", "bytes_per_pixel"),
    [
        (png_that_claims(2000, 2000), 4),
        (encoded(Image.new("L", (2000, 2000))), 1),
        (encoded(Image.new("RGB", (2000, 2000)), "WEBP"), 16),
        (jpeg(2048), 4 / 16),  # drafted to a quarter of its sides
        (jpeg(2048, progressive=True), 3 + 4 / 16),  # half of the colours
        (jpeg(2048, progressive=True, subsampling=0), 6 + 4 / 16),
    ],
    ids=["png", "grey png", "webp", "jpeg", "progressive jpeg", "of all colours"],
)
def test_the_memory_of_decoding_is_told_from_the_header(
    picture: bytes, bytes_per_pixel: float
) -> None:
    side = 2048 if picture.startswith(b"\xff\xd8") else 2000
    with open_for(EFFICIENTNET_LITE0, picture, LIMITS) as opened:
        assert memory_bytes(opened) == side * side * bytes_per_pixel


def test_a_photo_of_a_phone_is_not_large() -> None:
    photo = encoded(Image.new("RGB", (4032, 3024), "olive"), "JPEG")
    with open_for(EFFICIENTNET_LITE0, photo, LIMITS) as opened:
        assert memory_bytes(opened) < LARGE_PICTURE_BYTES
