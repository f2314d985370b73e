import logging
from collections.abc import Callable
from typing import Any

import pytest

from server.observability.log_lines import DETAILS


@pytest.fixture
def request_lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, Any]]]:
    """The details of the lines about requests so far, with the level of each."""
    caplog.set_level(logging.INFO, "server.requests")

    def lines() -> list[dict[str, Any]]:
        return [
            getattr(record, DETAILS) | {"level": record.levelname}
            for record in caplog.records
            if record.name == "server.requests"
        ]

    return lines
