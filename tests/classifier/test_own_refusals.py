"""What can't be a model is refused in words, and leaves nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from server.classifier import export, own_export
from server.classifier.card import ModelCard
from server.classifier.errors import (
    BuildError,
    CardInvalid,
    LabelsDoNotFit,
    NameTaken,
    NetworkMissing,
    NetworkUnfit,
    NetworkWavers,
    NotExportable,
)
from server.classifier.own_export import export_own
from server.classifier.own_network import OwnNetwork
from tests.support.networks import tiny

TINY = "tests.support.networks.tiny"
Export = Callable[[OwnNetwork, Path], ModelCard]
LITE2 = "tests.support.networks.lite2:card"


class Network(nn.Module):
    """Does with pixels what a test says."""

    def __init__(self, told: Callable[[Tensor], object]) -> None:
        super().__init__()
        self.told = told
        self.head = nn.Linear(2, 3)

    def forward(self, pixels: Tensor) -> object:
        return self.told(pixels.float().mean(dim=(1, 2)) / 255)  # from (N, 3)


def own(told: Callable[[Tensor], object], **fields: object) -> OwnNetwork:
    return replace(tiny.logits, name="hostile", load=lambda: Network(told), **fields)


def wavering(colours: Tensor) -> Tensor:
    return colours + torch.rand(3)


@pytest.mark.parametrize(
    ("network", "error", "words"),
    [
        (own(lambda c: c[:, :2]), LabelsDoNotFit, "3 on the card, expected 2"),
        (own(lambda c: c.double()), NetworkUnfit, "float64"),
        (own(lambda c: c.mean()), NetworkUnfit, r"\(\)"),
        (own(lambda c: c[:1]), NetworkUnfit, r"\(1, 3\)"),
        (own(lambda c: (c, c, c)), NetworkUnfit, "3 tensors"),
        (own(lambda c: (c, c)), NetworkUnfit, "`head` is None"),
        (own(lambda c: {"logits": c}), NetworkUnfit, "dict"),
        (own(lambda c: c * torch.nan), NetworkUnfit, "no number"),
        (own(lambda c: c * 0), NetworkUnfit, "zeros"),
        (own(lambda c: c @ torch.ones(7, 7)), NetworkUnfit, "RuntimeError"),
        (own(wavering), NetworkWavers, "the same picture twice"),
        (own(lambda c: c - c.mean(dim=0)), NetworkUnfit, "zeros"),
        (own(lambda c: c + c.mean(dim=0)), NetworkWavers, "beside another"),
        (own(lambda c: c, head="tail"), NetworkUnfit, "no tail"),
        (own(lambda c: c, head=""), NetworkUnfit, "Network"),
        (own(lambda c: c, head="head"), NetworkUnfit, "takes 2"),
        (own(lambda c: c[:, :2], head="head", labels=("a", "b")), LabelsDoNotFit, "expected 3"),
        (
            own(lambda c: (c[:, :2, None, None] * 2, c[:, :2]), head="head"),
            NetworkUnfit,
            "mean of the feature map",
        ),
        (own(lambda c: (c[:, :, None, None], c[:, :2]), head="head"), NetworkUnfit, "feature map"),
        (own(lambda c: c if c.sum() > 0 else -c), NotExportable, r"^\w+: "),
        (replace(tiny.logits, load=lambda: "no module"), NetworkMissing, "no nn.Module"),
        (replace(tiny.logits, load=lambda: 1 / 0), NetworkMissing, "ZeroDivisionError"),
        (replace(tiny.logits, name="efficientnet-lite0"), NameTaken, "built-in"),
        (replace(tiny.logits, name="../colours"), CardInvalid, "name"),
        (replace(tiny.logits, name="Colours"), CardInvalid, "name"),
        (replace(tiny.logits, version="1-2"), CardInvalid, "version"),
        (replace(tiny.logits, version=1), CardInvalid, "version"),
        (replace(tiny.logits, labels=("red",)), CardInvalid, "1 of them"),
        (replace(tiny.logits, labels=("red", "red", "blue")), CardInvalid, "stands twice"),
        (replace(tiny.logits, labels=("red", "", "blue")), CardInvalid, "can be seen"),
        (replace(tiny.logits, labels=("red", "gr\x00n", "blue")), CardInvalid, "can be seen"),
        (replace(tiny.logits, labels=("red", 7, "blue")), CardInvalid, "can be seen"),
        (replace(tiny.logits, glosses=("Red.",)), CardInvalid, "glosses"),
        (replace(tiny.logits, input_size=100_000), CardInvalid, "input_size"),
        (replace(tiny.logits, input_size=32.0), CardInvalid, "input_size"),
        (replace(tiny.logits, crop_fraction=0), CardInvalid, "crop_fraction"),
        (replace(tiny.logits, license=""), CardInvalid, "license"),
    ],
)
def test_what_can_not_be_served_is_refused_in_words_and_leaves_nothing(
    network: OwnNetwork, error: type[BuildError], words: str, named: Export, tmp_path: Path
) -> None:
    with pytest.raises(error, match=words):
        named(network, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_graph_that_answers_otherwise_than_pytorch_is_refused(
    named: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = export.write_graph

    def tampered(network: nn.Module, card: object, path: Path) -> None:
        with torch.no_grad():
            kept = network.first.weight.clone()
            network.first.weight.mul_(-1)
            write(network, card, path)  # type: ignore[arg-type]
            network.first.weight.copy_(kept)

    monkeypatch.setattr(export, "write_graph", tampered)
    with pytest.raises(BuildError) as raised:
        named(tiny.mapped, tmp_path)
    assert type(raised.value).__name__ == "ExportDisagrees"
    assert list(tmp_path.iterdir()) == []


def test_a_graph_that_is_another_each_time_is_refused(
    named: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = own_export.write_graph

    def another(network: nn.Module, card: object, path: Path) -> None:
        write(network, card, path)  # type: ignore[arg-type]
        with path.open("ab") as graph:
            graph.write(b"\x7a\x01x")  # a field that nobody reads

    monkeypatch.setattr(own_export, "write_graph", another)
    with pytest.raises(NotExportable, match="another graph"):
        named(tiny.mapped, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("tests.support.networks.tiny", "package.module:card"),
        ("tests.support.networks.nobody:card", "No module named"),
        (f"{TINY}:nothing", "no OwnNetwork"),
        (f"{TINY}:COLOURS", "it is dict"),
        (":card", "package.module:card"),
    ],
)
def test_what_can_not_be_found_is_told(reference: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(NetworkMissing, match=words):
        export_own(reference, tmp_path)


def test_a_refusal_is_one_line_and_exit_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["own_export", f"{TINY}:nothing", "--out", str(tmp_path)])
    assert own_export.main() == 1
    told = capsys.readouterr().err
    assert told.startswith("Not exported: NetworkMissing: ")
    assert told.count("\n") == 1
