"""Colour profiles: obeyed where they make sense, and harmless where they don't."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from server.classifier import colours
from server.classifier.colours import MAX_KEPT_CONVERSIONS, in_srgb, on_white_in_srgb
from tests.classifier.colour_profiles import COLOURED, DISPLAY_P3, GREY, INKS, LINEAR_GREY, SRGB

PICTURES = {
    "L": Image.linear_gradient("L"),
    "RGB": Image.merge("RGB", [Image.linear_gradient("L").rotate(90 * turn) for turn in range(3)]),
    "CMYK": Image.merge(
        "CMYK", [Image.linear_gradient("L").rotate(90 * turn) for turn in range(4)]
    ),
}
PROFILES = (*COLOURED.values(), *GREY.values(), INKS)


@pytest.mark.parametrize(
    ("mode", "profile"),
    [*(("RGB", profile) for profile in COLOURED.values()), ("CMYK", INKS), ("L", DISPLAY_P3)],
)
def test_a_profile_is_obeyed_as_littlecms_does_it(mode: str, profile: bytes) -> None:
    expected = ImageCms.profileToProfile(
        PICTURES[mode].convert("RGB") if mode == "L" else PICTURES[mode],
        io.BytesIO(profile),
        ImageCms.createProfile("sRGB"),
        outputMode="RGB",
    )
    found = np.asarray(in_srgb(PICTURES[mode], profile)).astype(int)
    assert np.abs(found - np.asarray(expected)).max() <= 1


def test_linear_grey_is_bright_on_a_screen() -> None:
    assert in_srgb(Image.new("L", (1, 1), 128), LINEAR_GREY).getpixel((0, 0)) == (188, 188, 188)


@pytest.mark.parametrize(
    ("mode", "profile"),
    [
        ("RGB", None),
        ("RGB", SRGB),
        ("RGB", LINEAR_GREY),
        ("RGB", INKS),
        ("L", INKS),
        ("CMYK", SRGB),
    ],
)
def test_a_profile_of_the_screen_or_of_another_kind_changes_nothing(
    mode: str, profile: bytes | None
) -> None:
    assert in_srgb(PICTURES[mode], profile).tobytes() == PICTURES[mode].convert("RGB").tobytes()


def test_opaque_alpha_leaves_the_colours_for_later() -> None:
    opaque = PICTURES["RGB"].copy()
    opaque.putalpha(255)
    shown, profile = on_white_in_srgb(opaque, DISPLAY_P3)
    assert (shown.mode, profile) == ("RGB", DISPLAY_P3)
    assert shown.tobytes() == PICTURES["RGB"].tobytes()


def test_colours_are_converted_before_they_are_laid_on_white() -> None:
    half_red = Image.new("RGBA", (1, 1), (200, 0, 0, 128))
    shown, profile = on_white_in_srgb(half_red, COLOURED["red for blue"])
    assert profile is None
    assert shown.getpixel((0, 0)) == (127, 127, 227)


def test_only_some_conversions_are_kept() -> None:
    for number in range(3 * MAX_KEPT_CONVERSIONS):
        in_srgb(PICTURES["RGB"], DISPLAY_P3 + bytes([number]))
    assert len(colours._conversions) == MAX_KEPT_CONVERSIONS


@settings(max_examples=300, deadline=None)
@given(
    mode=st.sampled_from(sorted(PICTURES)),
    profile=st.sampled_from(PROFILES),
    changes=st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255)), max_size=8),
    kept=st.floats(0, 1),
)
def test_a_damaged_profile_spoils_no_picture(
    mode: str, profile: bytes, changes: list[tuple[int, int]], kept: float
) -> None:
    damaged = bytearray(profile)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    cut = bytes(damaged[: int(len(damaged) * max(kept, 0.2))])
    for tried in (bytes(damaged), cut):
        shown = in_srgb(PICTURES[mode], tried)
        assert (shown.mode, shown.size) == ("RGB", PICTURES[mode].size)
