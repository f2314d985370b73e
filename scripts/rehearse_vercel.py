"""What Vercel does with a path, as far as vercel.json uses it.

A `source` is a regular expression in brackets among literal text, matched against the whole path;
a `destination` repeats its groups as $1. https://vercel.com/docs/project-configuration
"""

import re
from typing import Any


class Vercel:
    """Reads a vercel.json."""

    def __init__(self, configuration: dict[str, Any]) -> None:
        """Remember the rules; `ValueError` for one that this doesn't know how to imitate."""
        self._rewrites = configuration["rewrites"]
        self._headers = configuration["headers"]
        for rule in (*self._rewrites, *self._headers):
            # Named parts are matched otherwise, and conditions not at all.
            if ":" in rule["source"] or not set(rule) <= {"source", "destination", "headers"}:
                raise ValueError(rule)

    def destination(self, path: str) -> str | None:
        """Where a path that is no file is passed on to; None where nowhere."""
        for rule in self._rewrites:
            match = re.fullmatch(rule["source"], path)
            if match:
                return match.expand(rule["destination"].replace("$", "\\"))
        return None

    def headers(self, path: str) -> dict[str, str]:
        """The headers that are put on the answer."""
        return {
            header["key"]: header["value"]
            for rule in self._headers
            if re.fullmatch(rule["source"], path)
            for header in rule["headers"]
        }
