"""What Render reads, what other hosts read, and the code agree."""

import os
import re
from typing import Any

import pytest
import yaml

from scripts.paths import ROOT
from server.health import READY_PATH
from tests.deployment.variables import PLATFORM_VARIABLES, variables_of

REJECTED_BY_THE_FREE_PLAN = {"preDeployCommand", "maxShutdownDelaySeconds", "disk", "scaling"}


@pytest.fixture(scope="module")
def blueprint() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "render.yaml").read_text())


@pytest.fixture(scope="module")
def service(blueprint: dict[str, Any]) -> dict[str, Any]:
    (only,) = blueprint["services"]
    return only


@pytest.fixture(scope="module")
def variables(service: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {variable["key"]: variable for variable in service["envVars"]}


def test_the_service_is_a_python_one_on_the_free_plan(service: dict[str, Any]) -> None:
    assert (service["type"], service["runtime"], service["plan"]) == ("web", "python", "free")
    assert not REJECTED_BY_THE_FREE_PLAN & set(service)


def test_it_is_built_by_a_script_that_may_be_run(service: dict[str, Any]) -> None:
    assert service["buildCommand"] == "./build.sh"
    assert os.access(ROOT / "build.sh", os.X_OK)


def test_the_procfile_starts_the_same_server(
    service: dict[str, Any], variables: dict[str, dict[str, Any]]
) -> None:
    procfile = (ROOT / "Procfile").read_text().strip()
    name, _, command = procfile.partition(": ")
    module = variables["DJANGO_SETTINGS_MODULE"]["value"]
    assert name == "web"
    assert command.replace("${PORT:-8000}", "$PORT") == (
        f"DJANGO_SETTINGS_MODULE={module} {service['startCommand']}"
    )


def test_it_is_ready_where_the_server_says_so(service: dict[str, Any]) -> None:
    assert service["healthCheckPath"] == READY_PATH


def test_every_variable_is_one_that_something_reads(variables: dict[str, dict[str, Any]]) -> None:
    known = set(variables_of("server.settings_production")) | PLATFORM_VARIABLES
    assert set(variables) <= known


def test_every_variable_that_has_to_be_set_is(variables: dict[str, dict[str, Any]]) -> None:
    required = {
        name
        for name, variable in variables_of("server.settings_production").items()
        if variable["default"] is None and variable["fallback"] is None
    }
    assert required == {"SECRET_KEY", "DATABASE_URL"}
    assert required <= set(variables)


def test_secrets_are_generated_or_asked_for_and_never_written(
    variables: dict[str, dict[str, Any]],
) -> None:
    assert variables["SECRET_KEY"]["generateValue"] is True
    assert variables["METRICS_TOKEN"]["generateValue"] is True
    assert variables["EMAIL_URL"]["sync"] is False


def test_values_are_texts_as_render_wants_them(variables: dict[str, dict[str, Any]]) -> None:
    assert {type(variable["value"]) for variable in variables.values() if "value" in variable} == {
        str
    }


def test_the_workers_are_those_of_the_code(variables: dict[str, dict[str, Any]]) -> None:
    default = variables_of("server.settings_production")["WEB_CONCURRENCY"]["default"]
    assert variables["WEB_CONCURRENCY"]["value"] == default == "4"


def test_gunicorns_arguments_are_ours(variables: dict[str, dict[str, Any]]) -> None:
    assert variables["GUNICORN_CMD_ARGS"]["value"] == "--preload"


def test_the_database_is_render_internal_and_the_one_of_the_service(
    blueprint: dict[str, Any], variables: dict[str, dict[str, Any]]
) -> None:
    (database,) = blueprint["databases"]
    assert database["ipAllowList"] == []
    assert variables["DATABASE_URL"]["fromDatabase"] == {
        "name": database["name"],
        "property": "connectionString",
    }


def test_all_hosts_use_the_python_that_the_tools_check_for(
    variables: dict[str, dict[str, Any]],
) -> None:
    version = (ROOT / ".python-version").read_text().strip()
    assert re.fullmatch(r"3\.\d+", version)
    assert (ROOT / "runtime.txt").read_text().strip() == f"python-{version}"
    assert "PYTHON_VERSION" not in variables  # it would overrule the file
    assert (
        "python-version-file: .python-version"
        in (ROOT / ".github" / "workflows" / "test.yml").read_text()
    )
    assert f'python_version = "{version}"' in (ROOT / "pyproject.toml").read_text()


def test_the_workflow_runs_what_a_developer_runs() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    commands = [
        step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step
    ]
    assert commands == ["make test", "make clients", "make rehearse"]
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec make test")
