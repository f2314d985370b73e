"""One server of the tier: its connections, whether it is right, and what it answers."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
import urllib3

from server.classifier.engine import PIXELS_INPUT
from server.classifier.errors import (
    MessageMalformed,
    TierBusy,
    TierDiffers,
    TierError,
    TierRefuses,
    TierUnreachable,
)
from server.classifier.open_inference import BINARY_EXTENSION, HEADER_LENGTH, decode, encode
from server.classifier.patience import Breaker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from server.classifier.remote_model import RemoteModel
    from server.classifier.tier import InferenceTier

CONNECT_SECONDS = 1.0
KEPT_CONNECTIONS = 8  # a thread each
# A kept connection leads to one machine of those behind a balancer: others want their share too.
CONNECTIONS_LIVE_SECONDS = 60.0
CHUNK_BYTES = 65_536
MAX_ANSWER_BYTES = 4 * 2**20  # a feature map as JSON has less than one
_BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_NOT_OURS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
_LOST = {HTTPStatus.REQUEST_TIMEOUT}  # and 500 and above: another attempt may go well


class RemoteServer:
    """One address; safe to call from several threads, once ``verify`` has returned."""

    def __init__(self, address: str, model: RemoteModel, tier: InferenceTier) -> None:
        """Open nothing yet."""
        self.address = address
        self.breaker = Breaker()
        self._model = model
        self._tier = tier
        self._base = urlsplit(address).path.rstrip("/")
        self._headers = {"Authorization": f"Bearer {tier.token}"} if tier.token else {}
        self._speaks_binary = False
        self._pool = self._new_pool()
        self._pool_ends = time.monotonic() + CONNECTIONS_LIVE_SECONDS

    def answer(
        self, pixels: npt.NDArray[np.uint8], outputs: Sequence[str], *, ends: float
    ) -> dict[str, npt.NDArray[np.float32]]:
        """Return ``outputs`` of one picture by their names; raises ``TierError``.

        ``ends`` is when, by ``time.monotonic()``, nobody waits for it any more.
        """
        binary = self._speaks_binary
        wanted = [{"name": name, "parameters": {"binary_data": True}} for name in outputs]
        body, header_length = encode(
            "inputs",
            {"outputs": wanted if binary else [{"name": name} for name in outputs]},
            {PIXELS_INPUT: pixels},
            binary=[PIXELS_INPUT] if binary else [],
        )
        headers = {"Content-Type": "application/json"}
        if header_length is not None:
            headers = {
                "Content-Type": "application/octet-stream",
                HEADER_LENGTH: str(header_length),
            }
        path = f"/v2/models/{self._model.served_name}/infer"
        answer, length = self._exchange("POST", path, ends, body=body, headers=headers)
        try:
            message = decode("outputs", answer, length)
        except MessageMalformed as error:
            raise TierUnreachable(self.address, f"no answer of the protocol: {error}") from error
        self._model.require_same_graph(message.fields, self.address)
        return self._model.checked(message.tensors, outputs, self.address)

    def verify(self, *, ends: float) -> None:
        """Raise ``TierError`` unless it runs our graph, by what it says and by what it answers."""
        announced = self._json("GET", "/v2", ends)
        self._speaks_binary = BINARY_EXTENSION in _texts(announced.get("extensions"))
        self._model.require_described(
            self._json("GET", f"/v2/models/{self._model.served_name}", ends), self.address
        )
        found = self.answer(self._model.golden_pixels, [self._model.output], ends=ends)
        self._model.require_golden(found[self._model.output], self.address)

    def _json(self, method: str, path: str, ends: float) -> dict[str, Any]:
        answer, _ = self._exchange(method, path, ends)
        try:
            described = orjson.loads(answer)
        except orjson.JSONDecodeError as error:
            raise TierDiffers(self.address, f"{path} is not JSON") from error
        if not isinstance(described, dict):
            raise TierDiffers(self.address, f"{path} is not an object")
        return described

    def _exchange(
        self,
        method: str,
        path: str,
        ends: float,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[bytes, str | None]:
        """Return the body of the answer and the length of its header; raises ``TierError``."""
        try:
            response = self._connections().request(
                method,
                self._base + path,
                body=body,
                headers={**self._headers, **(headers or {})},
                timeout=urllib3.Timeout(
                    connect=CONNECT_SECONDS,
                    read=max(0.001, min(self._tier.read_seconds, ends - time.monotonic())),
                ),
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            answer = self._read(response, ends)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise TierUnreachable(self.address, f"{type(error).__name__}: {error}") from error
        self._require_success(response.status, path, answer)
        return answer, response.headers.get(HEADER_LENGTH)

    def _read(self, response: urllib3.BaseHTTPResponse, ends: float) -> bytes:
        """Read an answer that comes in time and is not too long, so that its connection is kept."""
        answer = bytearray()
        while chunk := response.read1(CHUNK_BYTES):
            answer += chunk
            if len(answer) > MAX_ANSWER_BYTES or time.monotonic() > ends:
                response.close()
                raise TierUnreachable(self.address, "an answer without end")
        response.release_conn()
        return bytes(answer)

    def _require_success(self, status: int, path: str, answer: bytes) -> None:
        if status == HTTPStatus.OK:
            return
        error: type[TierError]
        if status in _BUSY:
            error = TierBusy
        elif status in _NOT_OURS:
            error = TierDiffers
        elif (
            status in _LOST
            or not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
        ):
            error = TierUnreachable
        else:
            error = TierRefuses
        told = answer[:200].decode(errors="replace")
        raise error(self.address, f"status {status} for {path}: {told}")

    def _connections(self) -> urllib3.HTTPConnectionPool:
        """Return the pool, a new one once a minute; what others still hold of the old one ends."""
        if time.monotonic() > self._pool_ends:
            self._pool_ends = time.monotonic() + CONNECTIONS_LIVE_SECONDS
            self._pool = self._new_pool()
        return self._pool

    def _new_pool(self) -> urllib3.HTTPConnectionPool:
        of_tls: dict[str, str] = {}
        if self.address.startswith("https:"):
            if self._tier.authority is not None:
                of_tls["ca_certs"] = str(self._tier.authority)
            if self._tier.certificate is not None:
                of_tls["cert_file"] = str(self._tier.certificate)
        return urllib3.connection_from_url(
            self.address,
            maxsize=KEPT_CONNECTIONS,
            **of_tls,
        )


def _texts(values: object) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
