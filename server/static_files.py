"""WhiteNoise, which describes a file when it is first asked for, not each of them at the start.

Types, dates and packed copies of the three hundred files of a deployment took 60 ms of CPU, before
the first worker could be forked. Which files there are is found out at the start as ever.
"""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc] # it has no annotations
    """Answers for files, and passes everything else on."""

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> Any:  # noqa: ANN401 - WhiteNoise's
        """Return the file at a path, to be described later where it was found at the start."""
        describe = partial(super().get_static_file, path, url, stat_cache=stat_cache)
        return describe() if stat_cache is None else _Found(describe)


class _Found:
    """Stands for a file of WhiteNoise's until it is asked for."""

    def __init__(self, describe: Callable[[], Any]) -> None:
        self._describe = describe

    @cached_property
    def _file(self) -> Any:  # noqa: ANN401 - WhiteNoise's
        return self._describe()

    def get_response(self, method: str, request_headers: Mapping[str, str]) -> Any:  # noqa: ANN401 - WhiteNoise's
        """Answer a request for it."""
        return self._file.get_response(method, request_headers)
