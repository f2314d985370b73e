"""Files that installed packages bring, found without importing the packages."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from server.classifier.errors import BuildDependencyMissing


def packaged_file(distribution: str, file_name: str) -> Path:
    """Return the path of the file called ``file_name`` among those of ``distribution``.

    Raises ``BuildDependencyMissing``.
    """
    try:
        files = metadata.files(distribution) or []
    except metadata.PackageNotFoundError as error:
        raise BuildDependencyMissing(distribution, file_name=file_name) from error
    for file in files:
        path = Path(str(file.locate()))
        if file.name == file_name and path.is_file():
            return path
    raise BuildDependencyMissing(distribution, file_name=file_name)
