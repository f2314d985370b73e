"""Files of a multipart request, put where its map says."""

import re
from collections.abc import Mapping

from server.api.http.errors import RequestRefused
from server.api.http.form import Part

INDEX = re.compile("0|[1-9][0-9]{0,8}")
MAX_SHOWN_CHARACTERS = 100


def place_files(operations: object, places: object, files: Mapping[str, Part]) -> object:
    """Put each file into the operations at the paths the map gives it, and return the operations.

    A path such as `variables.input.image.upload` has to lead to a null that stands there for the
    file.

    Raises:
        RequestRefused: the map is no map of file names to paths, a file is missing, or a path leads
            nowhere.
    """
    if not isinstance(places, dict):
        raise RequestRefused(400, "`map` has to be an object: the name of a file to its paths.")
    for name, paths in places.items():
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            raise RequestRefused(400, f"`map` has to give {_shown(name)} a list of paths.")
        if name not in files:
            raise RequestRefused(
                400, f"`map` names the file {_shown(name)}, which the request lacks."
            )
        for path in paths:
            _place(operations, path, files[name])
    return operations


def _place(operations: object, path: str, file: Part) -> None:
    *way, last = path.split(".")
    target = operations
    for step in way:
        target = _member(target, step, path)
    if _member(target, last, path) is not None:
        raise RequestRefused(400, f"The path {_shown(path)} of `map` has to lead to a null.")
    if isinstance(target, dict):
        target[last] = file
    elif isinstance(target, list):
        target[int(last)] = file


def _member(target: object, step: str, path: str) -> object:
    if isinstance(target, dict) and step in target:
        return target[step]
    if isinstance(target, list) and INDEX.fullmatch(step) and int(step) < len(target):
        return target[int(step)]
    raise RequestRefused(400, f"The path {_shown(path)} of `map` leads nowhere.")


def _shown(text: str) -> str:
    """Return a text of the client's, short enough for a message."""
    return repr(text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[:MAX_SHOWN_CHARACTERS]}…")
