"""What the bodies of a worker take: only what has come of them, and never more than there is."""

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, closing
from http import HTTPStatus
from pathlib import Path

import httpx
import psutil
import pytest
from django.conf import settings

from harness.rude_clients import clients_that_sent
from harness.site import LiveSite
from server.front import bodies
from server.front.bodies import FILES_IN_LARGEST_BODIES, SMALL_BYTES, Body, Patience, Room
from server.front.refusals import Refusal
from tests.support.bystanders import assert_others_are_served

JSON = {"Content-Type": "application/json"}
LARGEST = 2**20
PIECE = b"x" * 2**17


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(test())  # type: ignore[arg-type]


@pytest.fixture
def kept() -> Iterator[ExitStack]:
    """Closes, in the end, the bodies that it is given."""
    with ExitStack() as bodies_to_close:
        yield bodies_to_close


async def filled(kept: ExitStack, room: Room, byte_count: int) -> Body:
    body = kept.enter_context(closing(Body(room)))
    for _ in range(byte_count // len(PIECE)):
        await body.add(PIECE)
    return body


def test_a_small_body_is_bytes_and_a_large_one_a_file(kept: ExitStack) -> None:
    async def test() -> None:
        room = Room(LARGEST)
        small, large = await filled(kept, room, SMALL_BYTES), await filled(kept, room, LARGEST)
        assert small.whole() == b"x" * SMALL_BYTES
        file = large.whole()
        assert not isinstance(file, bytes)
        assert file.read() == b"x" * LARGEST
        small.close()
        large.close()
        assert file.closed
        assert vars(room) == vars(Room(LARGEST))

    run(test)


def test_small_bodies_go_to_files_where_memory_runs_out(
    kept: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test() -> None:
        monkeypatch.setattr(bodies, "MEMORY_BYTES", SMALL_BYTES)
        room = Room(LARGEST)
        first, second = await filled(kept, room, SMALL_BYTES), await filled(kept, room, SMALL_BYTES)
        assert isinstance(first.whole(), bytes)
        assert not isinstance(second.whole(), bytes)

    run(test)


def test_the_largest_that_still_arrives_makes_room_and_whole_ones_stay(kept: ExitStack) -> None:
    async def test() -> None:
        room = Room(LARGEST)
        whole = [await filled(kept, room, LARGEST) for _ in range(FILES_IN_LARGEST_BODIES - 1)]
        for body in whole:
            body.whole()
        arriving = await filled(kept, room, LARGEST - len(PIECE))
        waiting = asyncio.create_task(wait_for_the_rest_of(arriving))
        await asyncio.sleep(0)
        smaller = await filled(kept, room, LARGEST // 2)
        assert arriving.is_given_up
        with pytest.raises(TimeoutError):
            await waiting
        assert not smaller.is_given_up
        assert room.files_left == LARGEST // 2
        with pytest.raises(Refusal) as refused:
            await filled(kept, room, LARGEST)
        assert refused.value.status == HTTPStatus.SERVICE_UNAVAILABLE

    run(test)


async def wait_for_the_rest_of(body: Body) -> None:
    async with asyncio.timeout(None) as timeout:
        body.patience = Patience(timeout)
        await asyncio.sleep(10)


def test_a_disk_that_is_full_is_no_room(kept: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    async def test() -> None:
        monkeypatch.setattr("tempfile.TemporaryFile", full)
        with pytest.raises(Refusal) as refused:
            await filled(kept, Room(LARGEST), LARGEST)
        assert refused.value.status == HTTPStatus.SERVICE_UNAVAILABLE

    run(test)


@pytest.mark.live
def test_lengths_that_are_only_announced_take_no_room(
    live_site: LiveSite, token: str, cat: bytes
) -> None:
    announced = (
        b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % settings.MAX_REQUEST_BYTES
    )
    with clients_that_sent(live_site, 40, announced):
        for byte_count in (1_000, 1_000_000, 10_000_000):
            body = {"query": "{ __typename }", "variables": {"x": "x" * byte_count}}
            answer = httpx.post(f"{live_site.url}/graphql", json=body, timeout=20)
            assert answer.json() == {"data": {"__typename": "Query"}}
        assert_others_are_served(live_site, token, cat)


@pytest.mark.live
def test_bodies_that_were_sent_almost_whole_leave_room_for_others(
    live_site: LiveSite, token: str, cat: bytes
) -> None:
    size = settings.MAX_REQUEST_BYTES
    almost = (
        b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % size
    ) + b" " * (size - 1)
    with clients_that_sent(live_site, 2 * FILES_IN_LARGEST_BODIES, almost):
        body = {"query": "{ __typename }", "variables": {"x": "x" * 3_000_000}}
        for _ in range(4):
            answer = httpx.post(f"{live_site.url}/graphql", json=body, timeout=20)
            assert answer.json() == {"data": {"__typename": "Query"}}
        assert_others_are_served(live_site, token, cat)


@pytest.mark.live
def test_a_body_in_chunks_is_taken_and_counted(live_site: LiveSite) -> None:
    def chunks(byte_count: int) -> object:
        yield b'{"query": "{ __typename }", "variables": {"x": "'
        for _ in range(byte_count // 2**16):
            yield b"x" * 2**16
        yield b'"}}'

    def send(byte_count: int) -> httpx.Response:
        return httpx.post(
            f"{live_site.url}/graphql",
            content=chunks(byte_count),  # type: ignore[arg-type]
            headers={"Content-Type": "application/json"},
            timeout=20,
        )

    for byte_count in (2**16, 2**20):
        assert send(byte_count).json() == {"data": {"__typename": "Query"}}
    assert send(settings.MAX_REQUEST_BYTES + 2**16).status_code == 413


@pytest.mark.live
def test_nothing_of_a_body_is_left(live_site: LiveSite) -> None:
    body = json.dumps({"query": "{ __typename }", "variables": {"x": "x" * 2**20}})
    for _ in range(4):
        answer = httpx.post(f"{live_site.url}/graphql", content=body, headers=JSON, timeout=20)
        assert answer.status_code == 200
    deadline = time.monotonic() + 5
    while deleted_files(live_site):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def deleted_files(site: LiveSite) -> list[str]:
    workers = psutil.Process(site.process.pid).children()
    descriptors = [each for worker in workers for each in Path(f"/proc/{worker.pid}/fd").iterdir()]
    links = [str(each.readlink()) for each in descriptors if each.is_symlink()]
    folder = tempfile.gettempdir()
    return [link for link in links if link.startswith(folder) and "(deleted)" in link]
