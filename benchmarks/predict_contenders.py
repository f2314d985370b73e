"""Who answers in the predict benchmark, and how each is started."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

from benchmarks.environments import PEERS, Installed, own_variables, python_environment
from benchmarks.peers.answering import DECODER, OUR_DECODER
from benchmarks.served import Served, served
from harness.accounts import new_token
from harness.environment import production_environment
from harness.load.requests import Load, Request, Run, run_of
from harness.ports import HOST, free_port
from harness.predictions import MULTIPART, form_with_photo, predict_body
from harness.site import running_site
from scripts.paths import ROOT

CORES = os.cpu_count() or 1
ACCOUNTS = 8  # one a client, so that nobody waits for a row that is another's
MARKER = '"label"'  # once in the answer of a peer
OUR_MARKER = '"confidence"'

PREDICT = """mutation ($input: PredictInput!) { predict(input: $input) {
  prediction { id confidence scores(first: 5) { label probability } } errors { code } } }"""


@dataclass(frozen=True)
class Peer:
    """A server of models, and the ways to run it among which the best is measured."""

    name: str
    source: Path  # of its requirements
    command: Callable[[Installed, int], Sequence[str | Path]]
    variants: Sequence[Mapping[str, str]]
    takes_form: bool = False  # else the photo is the body, which costs less
    at_least: float = 1.0
    has_our_decoder: bool = False  # else it decodes as its guide has it


def _module(name: str) -> Callable[[Installed, int], Sequence[str | Path]]:
    return lambda installed, _: (installed.python, "-m", name)


def _uvicorn(installed: Installed, port: int) -> Sequence[str | Path]:
    return (
        *(installed.python, "-m", "uvicorn", "benchmarks.peers.fastapi.app:app"),
        *("--host", HOST, "--port", str(port), "--workers", str(CORES)),
        *("--log-level", "warning", "--no-access-log"),
        *("--timeout-worker-healthcheck", "3600"),  # it rests while the other side is measured
    )


def _bentoml(installed: Installed, port: int) -> Sequence[str | Path]:
    return (
        *(installed.python, "-m", "bentoml", "serve", "benchmarks.peers.bentoml.service:Classify"),
        *("--host", HOST, "--port", str(port)),
    )


# In the order in which they are shown; the first variant is the one that a quick run takes.
_AS_THEIR_GUIDES_HAVE_THEM = (
    Peer(
        "LitServe + PyTorch",
        PEERS / "litserve_torch",
        _module("benchmarks.peers.litserve_torch.serve"),
        [
            {"WORKERS": str(workers), "BATCH": str(batch), "THREADS": str(CORES // workers or 1)}
            for workers in (2, 1)
            for batch in (1, 8)
        ],
        takes_form=True,
        at_least=2.2,
    ),
    Peer(
        "LitServe",
        PEERS / "litserve",
        _module("benchmarks.peers.litserve.serve"),
        [{"WORKERS": str(CORES)}, {"WORKERS": "1"}],
        takes_form=True,
    ),
    Peer("FastAPI", PEERS / "fastapi", _uvicorn, [{"IN_THREADS": "0"}, {"IN_THREADS": "1"}]),
    Peer(
        "BentoML",
        PEERS / "bentoml",
        _bentoml,
        [{"WORKERS": str(CORES), "BENTOML_DO_NOT_TRACK": "True"}],
    ),
    Peer(
        "Ray Serve",
        PEERS / "ray_serve",
        _module("benchmarks.peers.ray_serve.serve"),
        [
            {
                "WORKERS": str(CORES),
                "RAY_SERVE_THROUGHPUT_OPTIMIZED": "1",
                "RAY_AUTH_MODE": "disabled",
                "RAY_USAGE_STATS_ENABLED": "0",
            }
        ],
    ),
)
SERVERS = (
    *_AS_THEIR_GUIDES_HAVE_THEM,
    *(
        replace(peer, name=f"{peer.name} + our decoder", has_our_decoder=True)
        for peer in _AS_THEIR_GUIDES_HAVE_THEM
    ),
)


@contextmanager
def telltale(
    database_url: str, folder: Path, photos: Sequence[bytes], *, workers: int
) -> Iterator[tuple[Served, Load]]:
    """Ours, in its production configuration, and photos sent to it by the tokens of accounts."""
    log = folder / f"telltale-{workers}.log"
    with running_site(
        database_url, log, workers=workers, environment_of=production_environment
    ) as site:
        tokens = [new_token(site.port) for _ in range(ACCOUNTS)]
        requests = [
            Request(
                "/graphql", predict_body(photo, document=PREDICT), MULTIPART, tokens[n % ACCOUNTS]
            )
            for n, photo in enumerate(photos)
        ]
        load = Load(site.port, requests, OUR_MARKER)
        yield Served(f"Telltale, {workers} workers", site.port, site.pid), load


@contextmanager
def running_peer(
    peer: Peer, variant: Mapping[str, str], folder: Path, photos: Sequence[bytes]
) -> Iterator[tuple[Served, Load]]:
    """A peer, and the same photos sent to it."""
    installed = python_environment(peer.source)
    port = free_port()
    requests = [_request(peer, photo) for photo in photos]
    decoder = {DECODER: OUR_DECODER} if peer.has_our_decoder else {}
    with served(
        peer.name,
        peer.command(installed, port),
        port=port,
        environment=own_variables() | {"PORT": str(port)} | decoder | dict(variant),
        log=folder / f"{peer.source.name}.log",
        first=requests[0],
        marker=MARKER,
    ) as server:
        yield server, Load(port, requests, MARKER)


def _request(peer: Peer, photo: bytes) -> Request:
    if peer.takes_form:
        return Request("/predict", form_with_photo({}, photo), MULTIPART)
    return Request("/predict", photo, "image/jpeg")


class BareLoop:
    """As many processes as cores, which only decode and infer: what is left without a server."""

    def __init__(self, folder: Path, photos: Sequence[bytes]) -> None:
        files = []
        for number, photo in enumerate(photos):
            files.append(folder / f"{number}.jpg")
            files[-1].write_bytes(photo)
        self._loops = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.peers.bare_loop", *files],
                cwd=ROOT,
                env=own_variables() | {DECODER: OUR_DECODER},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(CORES)
        ]
        for loop in self._loops:
            _line_of(loop)  # it has its model

    def run(self, seconds: float) -> Run:
        """Let all of them work so long."""
        for loop in self._loops:
            print(seconds, file=loop.stdin, flush=True)
        latencies = [ms for loop in self._loops for ms in json.loads(_line_of(loop))]
        return run_of({"seconds": seconds, "latenciesMs": latencies})

    def close(self) -> None:
        """End them: there is nothing more to read."""
        for loop in self._loops:
            loop.communicate()


def _line_of(loop: "subprocess.Popen[str]") -> str:
    return cast("IO[str]", loop.stdout).readline()
