"""The Open Inference Protocol over HTTP, whoever hands the requests on; no I/O.

https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
"""

import hmac
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import numpy as np
import numpy.typing as npt
import orjson

from inference_tier.served_model import VERSION, ServedModel
from server.classifier.engine import FEATURE_MAP_OUTPUT, PIXELS_INPUT
from server.classifier.errors import MessageMalformed
from server.classifier.open_inference import (
    BINARY_EXTENSION,
    HEADER_LENGTH,
    Message,
    decode,
    encode,
)

MAX_PICTURES = 32
MAX_BODY_BYTES = 24 * 2**20  # so many pictures as numbers in JSON
JSON = "application/json"
_PATH = re.compile(
    r"/v2(?:/health/(?P<health>live|ready)"
    r"|/models/(?P<model>[^/]+)(?:/versions/(?P<version>[^/]+))?(?:/(?P<what>ready|infer))?)?"
)

logger = logging.getLogger(__name__)

# Runs a model on pictures: in a thread, or together with those of others.
Run = Callable[
    [ServedModel, npt.NDArray[np.uint8], bool], Awaitable[dict[str, npt.NDArray[np.float32]]]
]


@dataclass(frozen=True)
class Asked:
    """A request: its path without a query, its headers by names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON})


class Refused(Exception):
    """A request that the protocol does not allow; its message is for whoever sent it."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class OpenInferenceServer:
    """Answers for some models, to whoever has the token where there is one."""

    def __init__(self, models: Mapping[str, ServedModel], run: Run, *, token: str = "") -> None:
        self._models = models
        self._run = run
        self._token = token.encode()

    def require_welcome(self, headers: Mapping[str, str]) -> None:
        """Raise `Refused` where the token is wrong or the body too large, before that is read."""
        claimed = headers.get("authorization", "").encode(errors="surrogateescape")
        if self._token and not hmac.compare_digest(claimed, b"Bearer " + self._token):
            raise Refused(HTTPStatus.UNAUTHORIZED, "The token is missing or wrong.")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) > MAX_BODY_BYTES:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large.")
        if headers.get("content-encoding", "identity") != "identity":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "A body is taken as it is, unpacked.")

    async def answer(self, asked: Asked) -> Reply:
        """Return the answer; what went wrong is one too, and a bug's text is in the log alone."""
        try:
            self.require_welcome(asked.headers)
            return await self._answer(asked)
        except Refused as refused:
            return refusal(refused)
        except MessageMalformed as error:
            return refusal(Refused(HTTPStatus.BAD_REQUEST, f"The message is malformed: {error}."))
        except Exception:
            logger.exception("A request failed.")
            failed = Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "The server failed.")
            return refusal(failed)

    async def _answer(self, asked: Asked) -> Reply:
        path = _PATH.fullmatch(asked.path)
        if path is None:
            raise Refused(HTTPStatus.NOT_FOUND, "There is no such path.")
        if asked.method != ("POST" if path["what"] == "infer" else "GET"):
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "The path takes another method.")
        if path["health"]:
            return _json({path["health"]: True})
        if path["model"] is None:
            return _json({"name": "telltale", "version": VERSION, "extensions": [BINARY_EXTENSION]})
        model = self._models.get(path["model"])
        if model is None or path["version"] not in (None, VERSION):
            raise Refused(HTTPStatus.NOT_FOUND, "There is no such model, or version of it.")
        if path["what"] == "infer":
            return await self._infer(model, asked)
        return _json({"ready": True} if path["what"] == "ready" else model.described())

    async def _infer(self, model: ServedModel, asked: Asked) -> Reply:
        message = decode("inputs", asked.body, asked.headers.get(HEADER_LENGTH.lower()))
        pixels = _pixels(model, message)
        wanted = _outputs(model, message.fields)
        made = await self._run(model, pixels, FEATURE_MAP_OUTPUT in wanted)
        fields: dict[str, object] = {
            "model_name": model.name,
            "model_version": VERSION,
            "parameters": {"graph_sha256": model.graph_sha256},
        }
        request_id = message.fields.get("id")
        if isinstance(request_id, str):
            fields["id"] = request_id
        binary = [name for name, is_binary in wanted.items() if is_binary]
        body, length = encode(
            "outputs", fields, {name: made[name] for name in wanted}, binary=binary
        )
        if length is None:
            return Reply(HTTPStatus.OK, body)
        headers = {"Content-Type": "application/octet-stream", HEADER_LENGTH: str(length)}
        return Reply(HTTPStatus.OK, body, headers)


def refusal(refused: Refused) -> Reply:
    """Return the answer that tells why."""
    return Reply(refused.status, orjson.dumps({"error": str(refused)}))


def _json(told: Mapping[str, object]) -> Reply:
    return Reply(HTTPStatus.OK, orjson.dumps(told))


def _pixels(model: ServedModel, message: Message) -> npt.NDArray[np.uint8]:
    side = model.card.input_size
    pixels = message.tensors.get(PIXELS_INPUT)
    if pixels is None or len(message.tensors) != 1:
        raise Refused(HTTPStatus.BAD_REQUEST, f"The one input is {PIXELS_INPUT}.")
    if pixels.dtype != np.uint8 or pixels.shape[1:] != (side, side, 3):
        raise Refused(HTTPStatus.BAD_REQUEST, f"{PIXELS_INPUT} is UINT8 [N, {side}, {side}, 3].")
    if not 1 <= len(pixels) <= MAX_PICTURES:
        raise Refused(HTTPStatus.BAD_REQUEST, f"1 to {MAX_PICTURES} pictures may come at once.")
    return pixels


def _outputs(model: ServedModel, fields: Mapping[str, object]) -> dict[str, bool]:
    """Return the names of the outputs that are asked for, and whether each is wanted as bytes."""
    by_default = _flag(fields, "binary_data_output")
    asked = fields.get("outputs", [])
    if not isinstance(asked, list) or not all(isinstance(each, dict) for each in asked):
        raise Refused(HTTPStatus.BAD_REQUEST, "outputs is a list of names.")
    wanted = {}
    for each in asked:
        name = each.get("name")
        if not isinstance(name, str) or name not in model.outputs:
            raise Refused(HTTPStatus.BAD_REQUEST, "There is no such output.")
        wanted[name] = _flag(each, "binary_data", default=by_default)
    return wanted or {model.card.output: by_default}  # the map is for those who ask for it


def _flag(fields: Mapping[str, object], name: str, *, default: bool = False) -> bool:
    parameters = fields.get("parameters")
    value = parameters.get(name, default) if isinstance(parameters, dict) else default
    return value is True
