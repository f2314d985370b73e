"""What servers of others are given to read; that they answer is seen by `make inference`.

Each of them is 0.4 GB of packages, too much for every run of these tests.
"""

import json
import re
from pathlib import Path

import pytest

from inference_tier.other_servers.repositories import (
    MLSERVER_MODEL,
    write_mlserver_settings,
    write_triton_repository,
)
from inference_tier.served_model import ServedModel
from scripts.inference_servers import REQUIREMENTS, SERVERS
from scripts.paths import ROOT

NAME = "the name it is served by"


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w-]+)==([\w.]+)", path.read_text(), re.MULTILINE))


@pytest.mark.parametrize("server", [name.lower() for name in SERVERS])
def test_the_graph_runs_on_the_web_workers_versions(server: str) -> None:
    ours, theirs = (
        pins(ROOT / "constraints.txt"),
        pins(REQUIREMENTS / f"{server}_requirements.txt"),
    )
    assert {"onnxruntime", "orjson"} < set(theirs)
    assert {name: ours.get(name, theirs[name]) for name in theirs} == theirs


def test_triton_reads_which_graph_a_name_stands_for(model: ServedModel, tmp_path: Path) -> None:
    write_triton_repository(tmp_path, {NAME: model}, Path("/models"), [Path("/code")])
    configuration = (tmp_path / NAME / "config.pbtxt").read_text()
    assert f'name: "{NAME}"' in configuration
    assert f'key: "graph", value: {{ string_value: "{model.name}" }}' in configuration
    assert 'key: "models", value: { string_value: "/models" }' in configuration
    assert 'name: "pixels", data_type: TYPE_UINT8, dims: [-1, 224, 224, 3]' in configuration
    assert 'name: "embedding", data_type: TYPE_FP32, dims: [-1, 1280]' in configuration
    source = (tmp_path / NAME / "1" / "model.py").read_text()
    compile(source, "model.py", "exec")
    assert "sys.path[:0] = ['/code']" in source


def test_mlserver_reads_it_and_keeps_to_its_folder_and_ports(
    model: ServedModel, tmp_path: Path
) -> None:
    write_mlserver_settings(
        tmp_path, {NAME: model}, Path("/models"), host="127.0.0.1", ports=(1, 2, 3)
    )
    of_server = json.loads((tmp_path / "settings.json").read_text())
    ports = [of_server[name] for name in ("http_port", "grpc_port", "metrics_port")]
    assert (of_server["host"], ports) == ("127.0.0.1", [1, 2, 3])
    folders = [Path(value) for name, value in of_server.items() if name.endswith("_dir")]
    assert len(folders) == 2
    assert all(folder.is_relative_to(tmp_path) for folder in folders)
    of_model = json.loads((tmp_path / NAME / "model-settings.json").read_text())
    assert of_model["name"] == NAME
    assert of_model["parameters"] == {"uri": "/models", "extra": {"graph": model.name}}
    module, _, name = MLSERVER_MODEL.rpartition(".")
    source = ROOT.joinpath(*module.split(".")).with_suffix(".py").read_text()
    assert f"class {name}(" in source
