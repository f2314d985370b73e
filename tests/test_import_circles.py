"""No module of the server imports one that imports it, not even late, inside a function."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest


def imports_of(package: str) -> dict[str, set[str]]:
    """Each module of a package with those it imports, wherever in its text it does."""
    graph = grimp.build_graph(package, cache_dir=None)
    return {each: graph.find_modules_directly_imported_by(each) for each in graph.modules}


def circles(imports: dict[str, set[str]]) -> Iterator[list[str]]:
    """One circle after the other, each ended by leaving out its last import."""
    remaining = {module: set(imported) for module, imported in imports.items()}
    while True:
        try:
            TopologicalSorter(remaining).prepare()
        except CycleError as error:
            circle = list(reversed(error.args[1]))  # graphlib names the imported one first
            remaining[circle[0]].discard(circle[1])
            yield circle
        else:
            return


def test_a_late_import_makes_a_circle_too(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("circles")
    package = folder / "one_with_a_circle"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "upper.py").write_text("import one_with_a_circle.lower\n")
    (package / "lower.py").write_text(
        "def climb():\n    from one_with_a_circle.upper import climb\n    return climb\n"
    )
    monkeypatch.syspath_prepend(folder)

    (circle,) = circles(imports_of("one_with_a_circle"))

    assert set(circle) == {"one_with_a_circle.upper", "one_with_a_circle.lower"}


def test_no_modules_of_the_server_import_each_other() -> None:
    assert list(circles(imports_of("server"))) == []
