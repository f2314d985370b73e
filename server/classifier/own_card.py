"""The card of an operator's network: checked when it is made, and written beside its graph."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from server.classifier.card import EFFICIENTNET_LITE0, ModelCard
from server.classifier.errors import CardInvalid, ModelNotBuilt, NameTaken

if TYPE_CHECKING:
    from pathlib import Path

CARD_FILE = "card.json"
MAX_LABELS = 10_000
MAX_LABEL_LENGTH = 100
MIN_INPUT_SIZE, MAX_INPUT_SIZE = 16, 1024
# It names a folder with the version after a hyphen, which that has none of; in ids an @ is between.
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.]{0,19}")


def require_valid(card: ModelCard) -> None:
    """Raise ``CardInvalid`` where a field is not what it has to be."""
    if card.name == EFFICIENTNET_LITE0.name:
        raise NameTaken(card.name)
    labels, glosses = card.labels, card.glosses
    _require("name", card.name, "1 to 64 of a to z, 0 to 9, . and -", _matches(_NAME, card.name))
    _require(
        "version", card.version, "1 to 20 digits, letters and .", _matches(_VERSION, card.version)
    )
    _require(
        "labels",
        f"{len(labels)} of them",
        f"2 to {MAX_LABELS:,}",
        2 <= len(labels) <= MAX_LABELS,  # noqa: PLR2004 - what can be told apart
    )
    for label in labels:
        expected = f"a text of 1 to {MAX_LABEL_LENGTH} characters that can be seen"
        _require("a label", label, expected, _is_text(label, MAX_LABEL_LENGTH))
    twice = next((label for label in labels if labels.count(label) > 1), None)
    _require("a label", twice, "another: it stands twice", twice is None)
    _require("glosses", f"{len(glosses)} of them", "as many as labels, or none", _fit(card))
    size_expected = f"a whole number of {MIN_INPUT_SIZE} to {MAX_INPUT_SIZE} pixels"
    is_size = type(card.input_size) is int
    is_size = is_size and MIN_INPUT_SIZE <= card.input_size <= MAX_INPUT_SIZE
    _require("input_size", card.input_size, size_expected, is_size)
    share: object = card.crop_fraction
    is_share = isinstance(share, float | int) and 0.1 <= share <= 1  # noqa: PLR2004 - all of it
    _require("crop_fraction", share, "0.1 to 1", is_share)
    _require("license", card.license, "a text of 1 to 100 characters", _is_text(card.license, 100))
    _require("source", card.source, "a text of 1 to 500 characters", _is_text(card.source, 500))


def save_card(card: ModelCard, directory: Path) -> None:
    """Write the card into ``directory``."""
    text = json.dumps(asdict(card), indent=1, ensure_ascii=False)
    (directory / CARD_FILE).write_text(text + "\n", encoding="utf-8")


def read_card(path: Path) -> ModelCard:
    """Return the card that was written; raises ``ModelNotBuilt``."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        card = ModelCard(
            **{field.name: _as_it_was(told[field.name]) for field in fields(ModelCard)}
        )
        require_valid(card)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, CardInvalid) as error:
        raise ModelNotBuilt(path, reason="malformed") from error
    return card


def _as_it_was(value: Any) -> Any:  # noqa: ANN401 - whatever a field may be
    return tuple(value) if isinstance(value, list) else value


def _require(field: str, found: object, expected: str, is_so: bool) -> None:  # noqa: FBT001 - the point
    if not is_so:
        raise CardInvalid(field, found=found, expected=expected)


def _matches(pattern: re.Pattern[str], text: object) -> bool:
    return isinstance(text, str) and pattern.fullmatch(text) is not None


def _is_text(text: object, most: int) -> bool:
    return (
        isinstance(text, str)
        and 1 <= len(text) <= most
        and text.isprintable()
        and text == text.strip()
    )


def _fit(card: ModelCard) -> bool:
    are_texts = all(isinstance(gloss, str) for gloss in card.glosses)
    return are_texts and len(card.glosses) in (0, len(card.labels))
