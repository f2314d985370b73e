"""That what the hosts read is true of this repository."""

import json
import os
import re
import subprocess

import pytest

from scripts.paths import ROOT

SERVE = "gunicorn -c python:server.gunicorn_configuration --bind 0.0.0.0:"


@pytest.fixture(scope="module")
def blueprint() -> str:
    return (ROOT / "render.yaml").read_text()


def test_render_and_the_procfile_start_the_same_server(blueprint: str) -> None:
    procfile = (ROOT / "Procfile").read_text()
    assert SERVE in procfile
    assert f"startCommand: {SERVE}" in blueprint
    assert "DJANGO_SETTINGS_MODULE=server.settings_production" in procfile
    assert "value: server.settings_production" in blueprint


def test_render_uses_nothing_that_its_free_plan_rejects(blueprint: str) -> None:
    assert "plan: free" in blueprint
    assert not re.search(
        r"^\s*(preDeployCommand|maxShutdownDelaySeconds):", blueprint, re.MULTILINE
    )


def test_render_builds_with_a_script_it_may_run(blueprint: str) -> None:
    assert "buildCommand: ./build.sh" in blueprint
    assert os.access(ROOT / "build.sh", os.X_OK)


def test_vercel_forwards_every_dynamic_path_to_one_host() -> None:
    vercel = json.loads((ROOT / "vercel.json").read_text())
    hosts = {rewrite["destination"].split("/")[2] for rewrite in vercel["rewrites"]}
    assert len(hosts) == 1
    for rewrite in vercel["rewrites"]:
        assert rewrite["destination"].endswith(rewrite["source"])
    assert vercel["outputDirectory"] == "client"


@pytest.mark.parametrize("script", ["build.sh", ".ci/run", "scripts/find_python.sh"])
def test_shell_scripts_parse(script: str) -> None:
    subprocess.run(["bash", "-n", ROOT / script], check=True)


def test_tracked_files_name_no_path_of_a_machine() -> None:
    listed = subprocess.run(
        ["git", "grep", "-nIE", r"(^|[^\w.])/(root|work|home/[a-z]+)/\w", "--", ".", ":!*.lock"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert listed.stdout == ""
    assert listed.returncode == 1  # nothing found; 128 would mean that git could not look
