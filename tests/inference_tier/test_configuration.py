"""The files of a deployment agree with each other and with the code.

Ray's own schema reads serve.yaml in `make inference ARGS=--check`.
"""

import re
from pathlib import Path

import yaml

from inference_tier.launch import variables
from scripts.paths import ROOT

TIER = ROOT / "inference_tier"
SERVE = yaml.safe_load((TIER / "serve.yaml").read_text())
SERVICE, POLICY = yaml.safe_load_all((TIER / "kubernetes.yaml").read_text())


def pins(*path: str) -> dict[str, str]:
    text = ROOT.joinpath(*path).read_text()
    return dict(re.findall(r"^([\w-]+)(?:\[\w+\])?==([\w.]+)", text, re.MULTILINE))


def test_kubernetes_deploys_what_serve_yaml_says() -> None:
    assert yaml.safe_load(SERVICE["spec"]["serveConfigV2"]) == SERVE


def test_every_node_has_one_version_of_ray_and_of_python() -> None:
    ray = pins("inference_tier", "requirements.txt")["ray"]
    minor = (ROOT / ".python-version").read_text().strip().replace(".", "")
    assert SERVICE["spec"]["rayClusterConfig"]["rayVersion"] == ray
    assert f"FROM rayproject/ray:{ray}-py{minor}\n" in (TIER / "Dockerfile").read_text()
    assert f"releases-{ray}/" in (TIER / "serve.yaml").read_text()


def test_the_tier_runs_the_graph_with_the_web_workers_versions() -> None:
    ours, theirs = pins("constraints.txt"), pins("inference_tier", "requirements.txt")
    assert {name: ours.get(name, theirs[name]) for name in theirs} == theirs


def test_the_queue_is_bounded_and_only_the_services_port_is_open_to_others() -> None:
    (deployment,) = SERVE["applications"][0]["deployments"]
    assert deployment["max_queued_requests"] > 0
    port = SERVE["http_options"]["port"]
    assert [rule.get("ports") for rule in POLICY["spec"]["ingress"]] == [None, [{"port": port}]]


def test_a_tier_on_this_machine_keeps_to_its_folder_and_tells_nobody(tmp_path: Path) -> None:
    chosen = variables(tmp_path)
    assert chosen["RAY_USAGE_STATS_ENABLED"] == "0"
    assert chosen["ORT_DISABLE_TELEMETRY"] == "1"
    files = [value for name, value in chosen.items() if re.search(r"_LOC|_PATH|_BASE|_FILE", name)]
    assert len(files) == 4
    assert all(Path(file).is_relative_to(tmp_path) for file in files)
    ports = [value for name, value in chosen.items() if name.endswith("_PORT")]
    assert len(set(ports)) == len(ports) == 8
