import time
from collections.abc import Callable

import pytest

from server.classifier.jpeg_structure import MAX_SCANS, MAX_SEGMENTS, structure_of
from tests.classifier.pictures import encoded, with_scans

EMPTY_COMMENT = b"\xff\xfe\x00\x02"


@pytest.mark.parametrize("name", ["rocket.jpg", "retina.jpg", "hubble_deep_field.jpg"])
def test_a_photo_is_not_excessive(name: str, photo: Callable[[str], bytes]) -> None:
    assert not structure_of(photo(name)).is_excessive


def test_scans_are_counted() -> None:
    assert not structure_of(with_scans(MAX_SCANS)).is_excessive
    assert structure_of(with_scans(MAX_SCANS + 1)).is_excessive


def test_a_false_end_inside_a_comment_does_not_hide_scans() -> None:
    hostile = with_scans(MAX_SCANS + 1)
    first_scan = hostile.index(b"\xff\xda")
    hidden = hostile[:first_scan] + b"\xff\xfe\x00\x04\xff\xd9" + hostile[first_scan:]
    assert structure_of(hidden).is_excessive


def test_segments_are_counted() -> None:
    plain = encoded("JPEG")
    assert not structure_of(
        plain[:2] + EMPTY_COMMENT * (MAX_SEGMENTS - 20) + plain[2:]
    ).is_excessive
    assert structure_of(plain[:2] + EMPTY_COMMENT * MAX_SEGMENTS + plain[2:]).is_excessive


def test_what_follows_the_end_of_the_image_does_not_count() -> None:
    # A phone's motion photo: a film after the picture, in which any bytes may stand.
    assert not structure_of(encoded("JPEG") + b"\xff\xda\x00\x02" * 5000).is_excessive


def test_an_embedded_thumbnail_does_not_count() -> None:
    thumbnails = with_scans(60) * 3
    segment = b"\xff\xe1" + (len(thumbnails) + 2).to_bytes(2, "big") + thumbnails
    plain = encoded("JPEG")
    assert not structure_of(plain[:2] + segment + plain[2:]).is_excessive


@pytest.mark.parametrize(
    "hostile",
    [b"\xff\xd8" + b"\xff" * 10_000_000, b"\xff\xd8" + b"\xff\x00" * 5_000_000, b"\xff\xd8\xff"],
    ids=["fill bytes", "stuffed bytes", "nothing else"],
)
def test_counting_itself_is_quick(hostile: bytes) -> None:
    started = time.perf_counter()
    assert not structure_of(hostile).is_excessive
    assert time.perf_counter() - started < 2
