"""A step of the set-up, done again only when what it depends on has changed."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.commands import run_quietly


@dataclass(frozen=True)
class Step:
    """Commands, what they depend on, and where it is noted that they are done."""

    name: str
    commands: Callable[
        [], Sequence[Sequence[str | Path]]
    ]  # late: a step may find what one installed
    stamp: Path  # lies in what the step makes, so that deleting that undoes the step
    inputs: Sequence[Path] = ()  # files whose contents it depends on
    settings: Sequence[str] = ()  # anything else it depends on
    makes: Sequence[Path] = field(default=())  # must exist afterwards

    def is_done(self) -> bool:
        """Whether nothing has changed since the step was done."""
        return (
            self.stamp.is_file()
            and self.stamp.read_text() == self._fingerprint()
            and all(path.exists() for path in self.makes)
        )

    def do(self) -> None:
        """Run the commands; raises `CommandFailed`."""
        self.stamp.unlink(missing_ok=True)
        run_quietly(self.name, self.commands())
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.write_text(self._fingerprint())

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        for setting in self.settings:
            digest.update(f"{setting}\0".encode())
        for path in self.inputs:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.name} {content}\0".encode())
        return digest.hexdigest()
