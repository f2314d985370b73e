"""An operator's network becomes a model, of each kind; what can't be one is refused in words."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from server.classifier.card import EFFICIENTNET_LITE0, ModelCard
from server.classifier.catalogue import read_catalogue
from server.classifier.errors import (
    HeatMapUnknown,
    ModelNotBuilt,
    ModelTwice,
    ModelUnknown,
    VersionNotChanged,
    WeightsChanged,
)
from server.classifier.exported_model import directory_of, read_verified
from server.classifier.image_file import ImageLimits
from server.classifier.loading import load_classifier
from server.classifier.own_card import CARD_FILE
from server.classifier.own_export import export_own
from server.classifier.own_network import OwnNetwork
from server.classifier.preprocessing import decode
from tests.support.networks import tiny

TINY = "tests.support.networks.tiny"
Export = Callable[[OwnNetwork, Path], ModelCard]
LITE2 = "tests.support.networks.lite2:card"


def plain(colour: str, side: int = tiny.SIDE) -> np.ndarray:
    return np.full((side, side, 3), tiny.COLOURS[colour], np.uint8)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small networks of all kinds."""
    folder = tmp_path_factory.mktemp("exports")
    for kind in ("mapped", "embedded", "logits"):
        export_own(f"{TINY}:{kind}", folder)
    return folder


@pytest.mark.parametrize(
    ("name", "size", "has_map"),
    [("colours", 24, True), ("colours-embedded", 24, False), ("colours-logits", None, False)],
)
@pytest.mark.parametrize("engine", ["onnx", "torch"])
def test_each_kind_of_network_answers_on_each_engine(
    exports: Path, name: str, size: int | None, has_map: bool, engine: str
) -> None:
    card = read_catalogue(exports).named(name)
    assert (card.embedding_size, card.has_feature_map) == (size, has_map)
    classifier = load_classifier(card, engine=engine, model_directory=exports)  # type: ignore[arg-type]
    for colour in tiny.COLOURS:
        answer = classifier.classify(plain(colour))
        assert answer.top(1)[0].label == colour
        assert answer.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert answer.embedding.shape == (size or 0,)


def test_a_network_with_a_map_tells_where_a_colour_is(exports: Path) -> None:
    card = read_catalogue(exports).named("colours")
    classifier = load_classifier(card, engine="onnx", model_directory=exports)
    pixels = plain("green")
    pixels[:, : tiny.SIDE // 2] = tiny.COLOURS["red"]
    heat = classifier.heat_map(pixels, card.labels.index("red"))
    assert heat.shape == (8, 8)
    assert heat[:, :3].mean() > heat[:, 5:].mean() + 0.3


@pytest.mark.parametrize("name", ["colours-embedded", "colours-logits"])
def test_one_without_a_map_says_that_it_can_not(exports: Path, name: str) -> None:
    card = read_catalogue(exports).named(name)
    classifier = load_classifier(card, engine="onnx", model_directory=exports)
    with pytest.raises(HeatMapUnknown):
        classifier.heat_map(plain("red"), 0)


def test_the_weights_of_a_package_answer_as_their_reference(tmp_path: Path, cat: bytes) -> None:
    card = export_own(LITE2, tmp_path)
    manifest = read_verified(card, tmp_path)
    assert manifest.photos == 14
    assert manifest.max_difference < 1e-3
    classifier = load_classifier(card, engine="onnx", model_directory=tmp_path)
    pixels = decode(cat, card, ImageLimits()).pixels
    assert pixels.shape == (260, 260, 3)
    answer = classifier.classify(pixels)
    assert answer.top(1)[0].label in {"Egyptian cat", "tabby", "tiger cat"}
    # As many numbers as the built-in one has, of another network.
    assert card.embedding_size == EFFICIENTNET_LITE0.embedding_size
    assert card.weights_sha256 != EFFICIENTNET_LITE0.weights_sha256
    assert classifier.heat_map(pixels, 0).shape == (9, 9)


# What is served


def test_without_names_all_are_served_and_the_built_in_one_is_the_default(exports: Path) -> None:
    names = [card.name for card in read_catalogue(exports)]
    assert names == ["efficientnet-lite0", "colours", "colours-embedded", "colours-logits"]


def test_names_choose_what_is_served_and_the_first_is_the_default(exports: Path) -> None:
    chosen = read_catalogue(exports, ("colours-logits", "colours"))
    assert [card.name for card in chosen] == ["colours-logits", "colours"]
    assert chosen.named(None).name == "colours-logits"
    with pytest.raises(ModelUnknown):
        chosen.named("efficientnet-lite0")
    with pytest.raises(ModelUnknown):
        read_catalogue(exports, ("flowers",))


@pytest.mark.parametrize(
    "change",
    ["", "{", "[]", '{"name": "colours"}', {"labels": ["a", 7]}, {"name": "../../x"}, {"name": []}],
)
def test_a_damaged_card_is_refused(exports: Path, tmp_path: Path, change: object) -> None:
    text = (exports / "colours-1" / CARD_FILE).read_text()
    if isinstance(change, dict):
        change = json.dumps(json.loads(text) | change)
    (tmp_path / "colours-1").mkdir()
    (tmp_path / "colours-1" / CARD_FILE).write_text(str(change))
    with pytest.raises(ModelNotBuilt) as raised:
        read_catalogue(tmp_path)
    assert raised.value.reason == "malformed"


def test_two_folders_of_one_name_are_told(exports: Path, tmp_path: Path) -> None:
    for folder in ("colours-1", "copy"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / CARD_FILE).write_bytes(
            (exports / "colours-1" / CARD_FILE).read_bytes()
        )
    with pytest.raises(ModelTwice):
        read_catalogue(tmp_path)


# Exporting again


def files(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_what_is_exported_is_left_alone_and_another_version_takes_its_place(
    tmp_path: Path, named: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    named(tiny.mapped, tmp_path)
    before = files(tmp_path)
    named(tiny.mapped, tmp_path)
    assert files(tmp_path) == before
    assert "already" in capsys.readouterr().out

    named(tiny.own(tiny.Backbone, "colours", version="2", seed=1), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["colours-2"]
    assert read_catalogue(tmp_path).named("colours").version == "2"


@pytest.mark.parametrize(
    "changed",
    [
        tiny.own(tiny.Backbone, "colours", seed=1),
        replace(tiny.mapped, labels=("red", "blue", "green")),
        replace(tiny.mapped, crop_fraction=0.5),
    ],
    ids=["weights", "labels", "crop"],
)
def test_other_answers_under_the_same_version_are_refused(
    exports: Path, changed: OwnNetwork, named: Export
) -> None:
    before = files(exports)
    with pytest.raises(VersionNotChanged, match="change `version`"):
        named(changed, exports)
    assert files(exports) == before


def test_pytorch_refuses_to_serve_other_weights_than_were_exported(
    exports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = read_catalogue(exports).named("colours")
    monkeypatch.setattr(tiny, "mapped", tiny.own(tiny.Backbone, "colours", seed=2))
    with pytest.raises(WeightsChanged):
        load_classifier(card, engine="torch", model_directory=exports)


def test_the_folder_of_a_card_is_its_name_and_version(exports: Path) -> None:
    card = read_catalogue(exports).named("colours-logits")
    assert directory_of(card, exports).name == "colours-logits-1"
    assert not (directory_of(card, exports) / "head_weights.npy").exists()
