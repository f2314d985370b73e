"""What `make constraints` says of pins that are behind, from what pip and npm say."""

import json

import pytest

from scripts.paths import ROOT
from scripts.pins_behind import HELD, REQUIREMENTS, node_behind, pins_of, python_behind

PINS = {"django": "5.2.19", "torch": "2.13.0", "mpmath": "1.3.0", "pyyaml": "6.0.4"}
FILES = {"django": "requirements_production.txt", "torch": "requirements_build.txt"}


def outdated(name: str, version: str, latest: str) -> dict[str, str]:
    return {"name": name, "version": version, "latest_version": latest, "latest_filetype": "wheel"}


def test_a_direct_pin_that_is_behind_is_told_with_the_file_it_stands_in() -> None:
    [behind] = python_behind([outdated("Django", "5.2.19", "5.2.20")], PINS, FILES)

    assert str(behind) == "django 5.2.19, newest 5.2.20: raise it in requirements_production.txt"


def test_one_that_is_held_is_told_with_its_reason() -> None:
    [behind] = python_behind([outdated("torch", "2.13.0+cpu", "2.15.0")], PINS, FILES)

    assert str(behind) == f"torch 2.13.0, newest 2.15.0: {HELD['torch']}"


def test_one_that_others_brought_along_is_as_new_as_they_take() -> None:
    [behind] = python_behind([outdated("mpmath", "1.3.0", "1.4.1")], PINS, FILES)

    assert behind.why == "others take no newer one"


def test_what_is_pinned_anew_but_not_yet_installed_is_not_behind() -> None:
    assert python_behind([outdated("PyYAML", "6.0.3", "6.0.4")], PINS, FILES) == []


def test_what_is_installed_without_a_pin_is_not_told() -> None:
    assert python_behind([outdated("pip", "23.2.1", "26.3")], PINS, FILES) == []


def test_packages_of_node_are_told_too() -> None:
    said = {"axe-core": {"current": "4.14.1", "wanted": "4.14.1", "latest": "4.15.0"}}

    assert [str(each) for each in node_behind(said)] == [
        "axe-core 4.14.1, newest 4.15.0: raise it in package.json"
    ]


def test_whoever_is_held_is_pinned() -> None:
    of_node = json.loads((ROOT / "package.json").read_text())
    pinned = {*pins_of("constraints.txt"), *of_node["dependencies"], *of_node["devDependencies"]}

    assert pinned >= HELD.keys()


@pytest.mark.parametrize("file_name", REQUIREMENTS)
def test_every_direct_pin_is_read(file_name: str) -> None:
    lines = (ROOT / file_name).read_text().splitlines()

    assert len(pins_of(file_name)) == sum("==" in line for line in lines)
