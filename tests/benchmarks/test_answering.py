"""That a peer sees what we see, whichever decoder it has."""

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.peers.answering import (
    CARD,
    DECODER,
    LIMITS,
    OUR_DECODER,
    Answering,
    pixels_of,
    published_pixels,
)
from server.classifier.preprocessing import decode


@pytest.mark.usefixtures("model_directory")
@pytest.mark.parametrize("name", ["chelsea.png", "coffee.png", "rocket.jpg"])
def test_both_decoders_lead_to_the_same_label(
    name: str, photo: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    answering = Answering()

    by_their_guides = answering.answer(photo(name))
    monkeypatch.setenv(DECODER, OUR_DECODER)
    by_ours = answering.answer(photo(name))

    assert by_their_guides["label"] == by_ours["label"]


def test_a_peer_decodes_as_its_guide_has_it_unless_it_is_told_to_as_we_do(
    cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert np.array_equal(pixels_of(cat), published_pixels(cat))

    monkeypatch.setenv(DECODER, OUR_DECODER)

    assert np.array_equal(pixels_of(cat), decode(cat, CARD, LIMITS).pixels)
    assert not np.array_equal(pixels_of(cat), published_pixels(cat))
