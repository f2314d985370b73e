from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from server.static_files import StaticFilesMiddleware

HASHED = "module.0123456789ab.js"


@pytest.fixture
def root(tmp_path: Path, settings: object) -> Iterator[Path]:
    """Files as a deployment has them, with a packed copy of one."""
    (tmp_path / "index.html").write_text("<p>Telltale</p>")
    (tmp_path / HASHED).write_text("export {};\n" * 100)
    (tmp_path / f"{HASHED}.gz").write_bytes(b"packed")
    settings.WHITENOISE_ROOT = tmp_path  # type: ignore[attr-defined]
    settings.STATIC_ROOT = None  # type: ignore[attr-defined]
    settings.WHITENOISE_AUTOREFRESH = False  # type: ignore[attr-defined]
    settings.WHITENOISE_USE_FINDERS = False  # type: ignore[attr-defined]
    settings.WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\."  # type: ignore[attr-defined]
    return tmp_path


def passed_on(_request: object) -> HttpResponse:
    return HttpResponse("passed on")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("path", ["/", "/index.html", f"/{HASHED}", f"/{HASHED}.gz", "/none.js"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Accept-Encoding": "gzip, br"},
        {"Range": "bytes=2-5"},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ],
)
def test_a_file_is_answered_as_by_whitenoise(
    root: Path, method: str, path: str, headers: dict[str, str]
) -> None:
    ours, theirs = StaticFilesMiddleware(passed_on), WhiteNoiseMiddleware(passed_on)
    request = RequestFactory().generic(method, path, headers=headers)
    for _ in range(2):  # the first time it is described, the second time it is known
        answer, expected = ours(request), theirs(request)

        assert answer.status_code == expected.status_code
        assert dict(answer.items()) == dict(expected.items())
        assert answer.getvalue() == expected.getvalue()
        answer.close()
        expected.close()


def test_no_file_is_described_before_it_is_asked_for(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described: list[str] = []
    describe = WhiteNoiseMiddleware.get_static_file

    def noted(self: object, path: str, url: str, stat_cache: object = None) -> object:
        described.append(url)
        return describe(self, path, url, stat_cache=stat_cache)

    monkeypatch.setattr(WhiteNoiseMiddleware, "get_static_file", noted)
    files = StaticFilesMiddleware(passed_on)
    assert described == []

    for _ in range(2):
        files(RequestFactory().get(f"/{HASHED}")).close()
    assert described == [f"/{HASHED}"]
