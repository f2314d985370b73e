"""What PostgreSQL says it did for a query."""

from collections.abc import Iterator
from typing import Any

ALIASES = {"predictions_prediction", "prediction", "u0"}  # of the rows of a history


class Plan:
    """What PostgreSQL did for a query."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.nodes = list(_with_children(tree))
        self.buffers = tree["Shared Hit Blocks"] + tree["Shared Read Blocks"]
        self.kinds = {node["Node Type"] for node in self.nodes}
        self.scans = [node for node in self.nodes if node.get("Alias") in ALIASES]


def _with_children(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _with_children(child)
