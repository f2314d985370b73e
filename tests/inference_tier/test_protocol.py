"""The tier's side of the Open Inference Protocol. A client that nobody here wrote asks it all the
same in `make inference ARGS=--check`."""

import logging

import numpy as np
import numpy.typing as npt
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference_tier.protocol import MAX_BODY_BYTES, MAX_PICTURES, Reply
from inference_tier.served_model import ServedModel
from server.classifier.golden import golden_pixels
from server.classifier.open_inference import HEADER_LENGTH, decode, encode
from tests.inference_tier.conftest import TOKEN, Ask

PIXELS = golden_pixels(224)
Pixels = npt.NDArray[np.generic]


def infer(
    ask: Ask,
    model: ServedModel,
    *,
    pixels: Pixels = PIXELS,
    binary: bool = True,
    **fields: object,
) -> Reply:
    names = ["pixels"] if binary else []
    body, length = encode("inputs", fields, {"pixels": pixels}, binary=names)
    headers = {} if length is None else {HEADER_LENGTH.lower().replace("-", "_"): str(length)}
    return ask("POST", f"/v2/models/{model.name}/infer", body, **headers)


def error_of(reply: Reply) -> str:
    told = orjson.loads(reply.body)
    assert set(told) == {"error"}
    return str(told["error"])


def test_health_and_metadata_are_those_of_the_protocol(ask: Ask, model: ServedModel) -> None:
    def told(path: str) -> dict[str, object]:
        reply = ask("GET", path)
        assert reply.status == 200
        return dict(orjson.loads(reply.body))

    assert told("/v2/health/live") == {"live": True}
    assert told("/v2/health/ready") == {"ready": True}
    assert told("/v2")["extensions"] == ["binary_tensor_data"]
    assert told(f"/v2/models/{model.name}/ready") == {"ready": True}
    described = told(f"/v2/models/{model.name}/versions/1")
    assert described == told(f"/v2/models/{model.name}")
    assert described["inputs"] == [
        {"name": "pixels", "datatype": "UINT8", "shape": [-1, 224, 224, 3]}
    ]
    assert described["parameters"] == {"graph_sha256": model.graph_sha256}
    assert model.name.endswith(model.graph_sha256[:12])


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("got", [True, False])
def test_bytes_and_numbers_are_answered_with_either(
    sent: bool, got: bool, ask: Ask, model: ServedModel
) -> None:
    wanted = [{"name": "embedding", "parameters": {"binary_data": got}}]
    reply = infer(ask, model, binary=sent, outputs=wanted, id="seven")
    assert (HEADER_LENGTH in reply.headers) == got
    message = decode("outputs", reply.body, reply.headers.get(HEADER_LENGTH))

    assert message.fields["id"] == "seven"
    assert message.fields["model_version"] == "1"
    assert np.array_equal(message.tensors["embedding"], model.engine.embed(PIXELS))


def test_the_map_comes_only_when_it_is_named_and_several_pictures_at_once(
    ask: Ask, model: ServedModel
) -> None:
    pictures = np.concatenate([PIXELS, 255 - PIXELS])
    by_default = infer(ask, model, pixels=pictures, parameters={"binary_data_output": True})
    outputs = [{"name": "feature_map"}, {"name": "embedding"}]
    both = infer(ask, model, pixels=pictures, outputs=outputs)

    alone = decode("outputs", by_default.body, by_default.headers[HEADER_LENGTH]).tensors
    assert {name: tensor.shape for name, tensor in alone.items()} == {"embedding": (2, 1280)}
    assert decode("outputs", both.body, None).tensors["feature_map"].shape == (2, 1280, 7, 7)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v2/", 404),
        ("GET", "/v2/health/other", 404),
        ("GET", "/v2/models/other", 404),
        ("GET", "/v2/models/other/ready", 404),
        ("POST", "/v2/models/other/infer", 404),
        ("POST", "/v2", 405),
        ("DELETE", "/v2/health/live", 405),
    ],
)
def test_other_paths_and_methods_are_refused(method: str, path: str, status: int, ask: Ask) -> None:
    reply = ask(method, path)
    assert reply.status == status
    assert error_of(reply)


def test_another_version_and_a_get_of_an_inference_are_refused(
    ask: Ask, model: ServedModel
) -> None:
    assert ask("GET", f"/v2/models/{model.name}/versions/2").status == 404
    assert ask("GET", f"/v2/models/{model.name}/infer").status == 405


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((1, 100, 100, 3), np.uint8),
        np.zeros((224, 224, 3), np.uint8),
        np.zeros((1, 224, 224, 3), np.float32),
        np.zeros((0, 224, 224, 3), np.uint8),
        np.zeros((MAX_PICTURES + 1, 224, 224, 3), np.uint8),
    ],
)
def test_pixels_of_another_shape_are_refused(pixels: Pixels, ask: Ask, model: ServedModel) -> None:
    assert infer(ask, model, pixels=pixels).status == 400


@pytest.mark.parametrize(
    "outputs", ["embedding", [{}], [{"name": "wrong"}], [{"name": 7}], ["embedding"], {}, None]
)
def test_outputs_that_are_not_are_refused(outputs: object, ask: Ask, model: ServedModel) -> None:
    assert infer(ask, model, outputs=outputs).status == 400


@given(body=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_body_comes_is_refused_as_the_senders_mistake(
    body: bytes, ask: Ask, model: ServedModel
) -> None:
    reply = ask("POST", f"/v2/models/{model.name}/infer", body)
    assert reply.status == 400
    assert error_of(reply)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": ""}, 401),
        ({"authorization": f"Bearer {TOKEN}x"}, 401),
        ({"authorization": f"Basic {TOKEN}"}, 401),
        ({"authorization": "Bearer \udcff"}, 401),
        ({"content_length": str(MAX_BODY_BYTES + 1)}, 413),
        ({"content_length": "-1"}, 413),
        ({"content_encoding": "gzip"}, 415),
    ],
)
def test_who_has_no_token_or_sends_what_is_not_taken_is_told_before_the_body_is_read(
    headers: dict[str, str], status: int, ask: Ask
) -> None:
    assert ask("GET", "/v2/health/live", **headers).status == status


def test_the_text_of_a_bug_stays_in_the_log(
    ask: Ask,
    model: ServedModel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(_: object) -> None:
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr(model.engine, "embed", fails)
    with caplog.at_level(logging.ERROR):
        reply = infer(ask, model)
    assert (reply.status, error_of(reply)) == (500, "The server failed.")
    assert "a secret of the machine" in caplog.text
