"""How large the pictures inside an AVIF are, told before its decoder makes room for them."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import AvifImagePlugin, Image

from server.classifier.av1_sequence import SequenceUnclear, coded_pixels
from server.classifier.avif_structure import NotUnderstood, largest_pixels, still
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.errors import (
    ImageError,
    ImageKindUnsupported,
    ImageTooLarge,
    ImageUnreadable,
)
from server.classifier.image_file import ImageLimits
from server.classifier.preprocessing import decode


def avif(size: tuple[int, int], mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    Image.effect_mandelbrot(size, (-2, -1, 1, 1), 60).convert(mode).save(file, "AVIF", **options)
    return file.getvalue()


WHOLE = avif((300, 200), "RGBA")
FRAMES = avif((64, 48), save_all=True, append_images=[Image.new("RGB", (64, 48))] * 3)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(300, 200), (97, 33), (16, 1000)])
def test_a_still_picture_is_as_large_as_it_says(size: tuple[int, int], mode: str) -> None:
    assert largest_pixels(avif(size, mode)) == size[0] * size[1]


def test_an_animation_is_read_as_its_still_picture() -> None:
    assert FRAMES[8:12] == b"avis"
    assert largest_pixels(still(FRAMES)) == 64 * 48
    assert decode(FRAMES, EFFICIENTNET_LITE0, ImageLimits()).format == "AVIF"


@pytest.mark.parametrize("said", [64, 16_384])
def test_a_picture_that_is_larger_than_it_says_or_says_so_is_refused(said: int) -> None:
    # Coded with 300×200 pixels; the decoder would scale them to what the file says.
    size = WHOLE.index(b"ispe") + 8
    lying = WHOLE[:size] + said.to_bytes(4, "big") * 2 + WHOLE[size + 8 :]
    with pytest.raises(ImageTooLarge) as raised:
        decode(lying, EFFICIENTNET_LITE0, ImageLimits(max_avif_pixels=300 * 200 - 1))
    assert raised.value.found == max(said * said, 300 * 200)


def test_frames_with_sizes_of_their_own_are_reckoned_by_their_bits() -> None:
    # A sequence header that is not reduced: 10 and 10 bits for the size, which is 16×16.
    bits = "000100000000" + "0" * 12 + "00000" + "10011001" + f"{15:010b}" * 2
    header = int(bits.ljust(80, "0"), 2).to_bytes(10, "big")
    assert coded_pixels(bytes([1 << 3 | 2, len(header)]) + header) == 2**20 // 4


@pytest.mark.parametrize("data", [b"", b"\x12\x00", b"\x0a", b"\x0a\xff", b"\x0a\x01\x00"])
def test_data_without_a_sequence_is_unclear(data: bytes) -> None:
    with pytest.raises(SequenceUnclear):
        coded_pixels(data)


@pytest.mark.parametrize("kind", [b"sato", b"iovl", b"hvc1"])
def test_a_picture_put_together_of_others_is_unreadable(kind: bytes) -> None:
    assert WHOLE.count(b"av01Color") == 1
    other = WHOLE.replace(b"av01Color", kind + b"Color")
    with pytest.raises(NotUnderstood):
        largest_pixels(other)
    with pytest.raises(ImageUnreadable):
        decode(other, EFFICIENTNET_LITE0, ImageLimits())


def test_an_avif_made_of_tiles_is_refused_by_name() -> None:
    tiled = WHOLE.replace(b"av01Color", b"gridColor")
    with pytest.raises(ImageKindUnsupported, match="AVIF made of tiles"):
        decode(tiled, EFFICIENTNET_LITE0, ImageLimits())


@settings(max_examples=500, deadline=None)
@given(
    whole=st.sampled_from((WHOLE, FRAMES)),
    changes=st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255)), max_size=6),
    end=st.integers(0, 3000),
)
def test_damage_is_told_as_nothing_but_value_errors(
    whole: bytes, changes: list[tuple[int, int]], end: int
) -> None:
    damaged = bytearray(whole)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    for tried in (bytes(damaged), bytes(damaged[:end])):
        try:
            assert largest_pixels(tried) >= 0
        except (ValueError, IndexError, ImageError):
            with pytest.raises(ImageError):
                decode(tried, EFFICIENTNET_LITE0, ImageLimits())


def test_the_decoder_takes_one_thread() -> None:
    assert AvifImagePlugin._get_default_max_threads() == 1
