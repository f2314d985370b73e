"""What every fault gets to work with, and how a fault says that it broke something."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from faults.database import Database
from faults.load import Load
from faults.service import Service


class Broken(Exception):
    """The service did what it must not; the message says what."""


@dataclass(frozen=True)
class Suite:
    """The service under load and everything it stands on."""

    database: Database
    service: Service
    load: Load
    folder: Path


Fault = Callable[[Suite], str]
"""Does harm and returns a remark about it; raises `Broken`."""
