"""What servers of others read to serve our graphs: files in a folder, written by us.

The graphs come by the names they are to be served by, and their exports lie below `models`.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from inference_tier.served_model import ServedModel

# The interpreter within Triton reads no variables: it is told here where our packages lie.
TRITON_MODEL = """import sys

sys.path[:0] = {python_path}

from inference_tier.other_servers.triton_model import TritonPythonModel

__all__ = ["TritonPythonModel"]
"""
TRITON_CONFIGURATION = """name: "{name}"
backend: "python"
max_batch_size: 0 # the shapes have that of the pictures in them
input [ {inputs} ]
output [ {outputs} ]
instance_group [ {{ kind: KIND_CPU, count: 1 }} ]
parameters {{ key: "models", value: {{ string_value: "{models}" }} }}
parameters {{ key: "graph", value: {{ string_value: "{graph}" }} }}
"""
MLSERVER_MODEL = "inference_tier.other_servers.mlserver_model.Graph"


def write_triton_repository(
    folder: Path, served: Mapping[str, ServedModel], models: Path, python_path: Iterable[Path]
) -> None:
    """Write a repository for Triton's Python backend.

    https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/model_configuration.html
    """
    for name, model in served.items():
        version = folder / name / "1"
        version.mkdir(parents=True)
        (version / "model.py").write_text(
            TRITON_MODEL.format(python_path=[str(path) for path in python_path])
        )
        told = model.described()
        configuration = TRITON_CONFIGURATION.format(
            name=name,
            graph=model.name,
            inputs=_of_triton(told["inputs"]),
            outputs=_of_triton(told["outputs"]),
            models=models,
        )
        (folder / name / "config.pbtxt").write_text(configuration)


def write_mlserver_settings(
    folder: Path,
    served: Mapping[str, ServedModel],
    models: Path,
    *,
    host: str,
    ports: tuple[int, ...],
) -> None:
    """Write settings for MLServer: HTTP, gRPC and its figures at three ports, in one process.

    https://docs.seldon.ai/mlserver/api-reference/settings
    """
    http, grpc, metrics = ports
    of_server = {
        "host": host,
        "http_port": http,
        "grpc_port": grpc,
        "metrics_port": metrics,
        "metrics_dir": str(folder),
        "environments_dir": str(folder / "environments"),
        "debug": False,
        "parallel_workers": 0,
    }
    (folder / "settings.json").write_text(json.dumps(of_server))
    for name, model in served.items():
        told = model.described()
        of_model = {
            "name": name,
            "implementation": MLSERVER_MODEL,
            "inputs": told["inputs"],
            "outputs": told["outputs"],
            "parameters": {"uri": str(models), "extra": {"graph": model.name}},
        }
        (folder / name).mkdir()
        (folder / name / "model-settings.json").write_text(json.dumps(of_model))


def _of_triton(tensors: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(
        f'{{ name: "{each["name"]}", data_type: TYPE_{each["datatype"]}, dims: {each["shape"]} }}'
        for each in tensors
    )
