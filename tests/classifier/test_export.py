import dataclasses
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import onnx
import pytest
import torch

from server.classifier import export as export_module
from server.classifier.card import EFFICIENTNET_LITE0, ModelCard
from server.classifier.errors import (
    BuildDependencyMissing,
    ExportDisagrees,
    ModelNotBuilt,
    WeightsChanged,
)
from server.classifier.export import export
from server.classifier.exported_model import (
    BACKBONE_FILE,
    MANIFEST_FILE,
    directory_of,
    read_verified,
)
from server.classifier.golden import GOLDEN_FILE
from server.classifier.graph import write_graph
from server.classifier.head import HEAD_BIAS_FILE, HEAD_WEIGHTS_FILE
from server.classifier.loading import load_exported
from server.classifier.network import EfficientNetLite0, load_network
from server.classifier.packaged_file import packaged_file

CARD = EFFICIENTNET_LITE0
ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(model_directory: Path, tmp_path: Path) -> Path:
    """Return a folder with an exported model that a test may spoil."""
    shutil.copytree(directory_of(CARD, model_directory), directory_of(CARD, tmp_path))
    return tmp_path


def modified_times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def test_the_manifest_tells_what_was_exported_and_how_well_it_agrees(model_directory: Path) -> None:
    manifest = read_verified(CARD, model_directory)
    assert (manifest.name, manifest.version) == (CARD.name, CARD.version)
    assert manifest.weights_sha256 == CARD.weights_sha256
    assert manifest.photos == 14
    assert 0 < manifest.max_difference < 1e-3
    assert set(manifest.files) == {BACKBONE_FILE, HEAD_WEIGHTS_FILE, HEAD_BIAS_FILE, GOLDEN_FILE}
    assert manifest.served_name == f"efficientnet-lite0-2-{manifest.files[BACKBONE_FILE][:12]}"


def test_an_export_that_is_right_is_left_alone(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = modified_times(directory_of(CARD, copy))
    export(CARD, copy)
    assert modified_times(directory_of(CARD, copy)) == before
    assert "already" in capsys.readouterr().out


@pytest.mark.parametrize(
    "file_name", [BACKBONE_FILE, HEAD_WEIGHTS_FILE, HEAD_BIAS_FILE, GOLDEN_FILE]
)
def test_a_changed_file_is_refused_at_loading(copy: Path, file_name: str) -> None:
    path = directory_of(CARD, copy) / file_name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelNotBuilt) as raised:
        load_exported(CARD, copy)
    assert (raised.value.path, raised.value.reason) == (path, "changed")


@pytest.mark.parametrize("file_name", [BACKBONE_FILE, HEAD_BIAS_FILE, MANIFEST_FILE])
def test_a_missing_file_is_refused_at_loading(copy: Path, file_name: str) -> None:
    path = directory_of(CARD, copy) / file_name
    path.unlink()
    with pytest.raises(ModelNotBuilt) as raised:
        load_exported(CARD, copy)
    assert (raised.value.path, raised.value.reason) == (path, "missing")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"name": "efficientnet-lite0"}', "\udcff"]
)
def test_a_malformed_manifest_is_refused_at_loading(copy: Path, text: str) -> None:
    path = directory_of(CARD, copy) / MANIFEST_FILE
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelNotBuilt) as raised:
        load_exported(CARD, copy)
    assert raised.value.reason == "malformed"


def test_an_export_of_another_card_is_refused_at_loading(copy: Path) -> None:
    with pytest.raises(ModelNotBuilt) as raised:
        load_exported(dataclasses.replace(CARD, crop_fraction=1.0), copy)
    assert raised.value.reason == "changed"


def test_weights_with_another_checksum_are_refused(tmp_path: Path) -> None:
    published = packaged_file(CARD.weights_distribution, CARD.weights_file)
    tampered = bytearray(published.read_bytes())
    tampered[-100] ^= 1
    path = tmp_path / "weights.pth"
    path.write_bytes(tampered)
    with pytest.raises(WeightsChanged) as raised:
        load_network(CARD, path)
    assert raised.value.expected == CARD.weights_sha256
    assert raised.value.found != CARD.weights_sha256


def test_an_export_with_unexpected_weights_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WeightsChanged):
        export(dataclasses.replace(CARD, weights_sha256="0" * 64), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_export_without_the_photos_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.classifier.agreement.PHOTO_DISTRIBUTION", "no-such-distribution")
    with pytest.raises(BuildDependencyMissing):
        export(CARD, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_graph_that_answers_otherwise_is_refused_and_the_old_one_stays(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_tampered_graph(network: EfficientNetLite0, card: ModelCard, path: Path) -> None:
        with torch.no_grad():
            weight = network._conv_head.weight
            original = weight.clone()
            weight[0] += 0.5
            write_graph(network, card, path)
            weight.copy_(original)

    monkeypatch.setattr(export_module, "write_graph", write_tampered_graph)
    monkeypatch.setattr(export_module, "_sources_sha256", lambda: "changed sources")
    before = modified_times(directory_of(CARD, copy))
    with pytest.raises(ExportDisagrees) as raised:
        export(CARD, copy)

    assert raised.value.max_difference > 1e-3
    assert modified_times(directory_of(CARD, copy)) == before
    assert [path.name for path in copy.iterdir()] == [directory_of(CARD, copy).name]


def test_changed_sources_call_for_a_new_export(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_module, "_sources_sha256", lambda: "changed sources")
    export(CARD, copy)
    assert read_verified(CARD, copy).sources_sha256 == "changed sources"
    assert [path.name for path in copy.iterdir()] == [directory_of(CARD, copy).name]


def test_a_killed_export_leaves_nothing_half_and_the_next_one_succeeds_from_another_folder_too(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-m", "server.classifier.export", "--out", str(tmp_path / "model")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as killed:
        for line in killed.stdout:
            if line.startswith("Exporting"):
                killed.send_signal(signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(ModelNotBuilt) as raised:
        read_verified(CARD, tmp_path / "model")
    assert raised.value.reason == "missing"

    shutil.copytree(ROOT / "server", tmp_path / "checked out" / "server")
    finished = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=tmp_path / "checked out",
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    assert len(finished.stdout.splitlines()) == 4
    manifest = read_verified(CARD, tmp_path / "model")
    assert manifest.version == CARD.version
    assert manifest.files[BACKBONE_FILE] == CARD.graph_sha256


def test_the_graph_is_the_one_that_the_card_names(model_directory: Path) -> None:
    assert read_verified(CARD, model_directory).files[BACKBONE_FILE] == CARD.graph_sha256


def test_the_graph_tells_nothing_of_where_it_was_made(model_directory: Path) -> None:
    model = onnx.load(directory_of(CARD, model_directory) / BACKBONE_FILE)
    described = [model, model.graph, *model.graph.node, *model.graph.initializer]
    assert {part.doc_string for part in described} == {""}
    assert not any(part.metadata_props for part in described)
    assert str(ROOT) not in str(model.graph.node)


def test_a_graph_that_is_not_the_cards_is_told(
    model_directory: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    graph = directory_of(CARD, model_directory) / BACKBONE_FILE
    monkeypatch.setattr(
        export_module, "write_graph", lambda _network, _card, path: shutil.copy(graph, path)
    )
    export(dataclasses.replace(CARD, graph_sha256="0" * 64), tmp_path)
    assert "not the one that the card names" in capsys.readouterr().out


def test_a_refusal_is_one_line_and_exit_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = dataclasses.replace(CARD, weights_distribution="no-such-distribution")
    monkeypatch.setattr(export_module, "EFFICIENTNET_LITE0", refused)
    monkeypatch.setattr(sys, "argv", ["export", "--out", str(tmp_path)])
    assert export_module.main() == 1
    assert capsys.readouterr().err.startswith(
        "Not exported: BuildDependencyMissing: no-such-distribution"
    )
