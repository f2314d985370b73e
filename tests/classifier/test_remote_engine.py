"""The engine that asks other machines: what it answers, and whom it believes."""

import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson
import pytest

from harness.certificate import make_certificate
from inference_tier.protocol import Asked, Reply
from inference_tier.served_model import ServedModel
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.errors import TierDiffers, TierUnreachable
from server.classifier.exported_model import BACKBONE_FILE
from server.classifier.onnx_engine import OnnxEngine
from server.classifier.open_inference import HEADER_LENGTH
from server.classifier.remote_engine import RemoteEngine
from tests.support.inference_server import InferenceServer, inference_server
from tests.support.remote_engines import Heard, status

CARD = EFFICIENTNET_LITE0
TOKEN = "the token of a tier, of 32 letters and more"


def changed(**fields: object) -> Callable[[Asked, Reply], Reply]:
    """Change what JSON answers say."""

    def answer(_: Asked, reply: Reply) -> Reply:
        if HEADER_LENGTH in reply.headers:
            return reply
        return Reply(reply.status, orjson.dumps({**orjson.loads(reply.body), **fields}))

    return answer


def test_the_answers_are_those_of_the_graph_itself(
    server: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
    models: dict[str, ServedModel],
    heard: Heard,
) -> None:
    engine = engine_on(server.url)
    pictures = np.concatenate([cat_pixels, cat_pixels[:, ::-1]])
    here, there = server.model.engine.features(pictures), engine.features(pictures)

    assert np.array_equal(engine.embed(pictures), here.embedding)
    assert np.array_equal(there.feature_map, here.feature_map)
    assert np.array_equal(there.embedding, here.embedding)
    assert (heard.outcomes, heard.usable) == ({"answered": 4}, 1)


def test_tensors_travel_as_bytes_where_the_server_offers_that_and_the_map_only_when_asked(
    server: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
) -> None:
    answers: list[int] = []

    def measured(_: Asked, reply: Reply) -> Reply:
        answers.append(len(reply.body))
        return reply

    server.misbehaves = measured
    engine = engine_on(server.url)
    engine.embed(cat_pixels)
    assert 224 * 224 * 3 < len(server.last_inference().body) < 224 * 224 * 3 + 1000
    assert 1280 * 4 < answers[-1] < 1280 * 4 + 1000
    engine.features(cat_pixels)
    assert answers[-1] > 1280 * 49 * 4


def test_a_server_without_bytes_gets_and_gives_numbers(
    server: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
    expected: npt.NDArray[np.float32],
) -> None:
    server.misbehaves = changed(extensions=[])
    assert np.array_equal(engine_on(server.url).embed(cat_pixels), expected)
    assert HEADER_LENGTH.lower() not in server.last_inference().headers


def test_a_server_that_tells_only_what_the_protocol_asks_is_enough(
    server: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
) -> None:
    server.misbehaves = changed(versions=[], parameters={}, platform="")
    engine_on(server.url).embed(cat_pixels)


def test_a_path_in_the_address_is_kept_and_a_connection_used_again(
    server: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
) -> None:
    engine = engine_on(f"{server.url}/cluster/telltale")
    with pytest.raises(TierUnreachable):
        engine.embed(cat_pixels)
    assert server.asked[0].path == "/cluster/telltale/v2"


@pytest.mark.parametrize(
    "told",
    [
        {"parameters": {"graph_sha256": "0" * 64}},
        {"inputs": []},
        {"inputs": [{"name": "pixels", "datatype": "FP32", "shape": [-1, 224, 224, 3]}]},
        {"inputs": [{"name": "pixels", "datatype": "UINT8", "shape": [-1, 3, 224, 224]}]},
        {"inputs": [{"name": "pixels", "datatype": "UINT8", "shape": []}]},
        {"outputs": [{"name": "embedding", "datatype": "FP32", "shape": [-1, 1000]}]},
        {"outputs": None},
    ],
)
def test_another_model_is_told_by_what_it_says_of_itself(
    told: dict[str, object],
    server: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
    heard: Heard,
) -> None:
    server.misbehaves = changed(**told)
    with pytest.raises(TierUnreachable) as raised:
        engine_on(server.url).embed(cat_pixels)
    assert isinstance(raised.value.__cause__, TierDiffers)
    assert heard.usable == 0
    assert server.counts()["infer"] == 0


def test_another_graph_has_another_name(
    server: InferenceServer,
    models: dict[str, ServedModel],
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
) -> None:
    server.server.protocol._models = {"efficientnet-lite0-2-000000000000": server.model}  # type: ignore[attr-defined]
    with pytest.raises(TierUnreachable, match="404"):
        engine_on(server.url).embed(cat_pixels)


def test_another_graph_is_told_by_what_it_answers_whatever_it_says(
    server: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
) -> None:
    engine = server.model.engine
    assert isinstance(engine, OnnxEngine)
    run = engine._run
    engine._run = lambda outputs, pixels: run(outputs, 255 - pixels)  # type: ignore[method-assign]
    try:
        with pytest.raises(TierUnreachable, match="answers otherwise"):
            engine_on(server.url).embed(cat_pixels)
    finally:
        del engine._run


def test_a_server_that_changes_its_graph_is_left_at_once(
    server: InferenceServer,
    other: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
    expected: npt.NDArray[np.float32],
    heard: Heard,
) -> None:
    engine = engine_on(server.url, other.url)
    engine.embed(cat_pixels)
    engine.embed(cat_pixels)
    server.misbehaves = status(404)
    asked = server.counts()["infer"]
    for _ in range(4):
        assert np.array_equal(engine.embed(cat_pixels), expected)
    assert server.counts()["infer"] <= asked + 1
    assert heard.usable == 1


def test_the_loading_waits_for_a_tier_that_starts_later(
    models: dict[str, ServedModel], engine_on: Callable[..., RemoteEngine], heard: Heard
) -> None:
    with inference_server(models) as first:
        port = first.server.server_port
    engine = engine_on(f"http://127.0.0.1:{port}")
    waiting = threading.Thread(target=engine.wait_until_verified, daemon=True)
    waiting.start()
    while not heard.outcomes:
        time.sleep(0.01)
    assert waiting.is_alive()
    with inference_server(models, port=port):
        waiting.join(30)
    assert not waiting.is_alive()
    assert heard.usable == 1


def test_a_token_is_sent_and_without_the_right_one_nothing_is_answered(
    models: dict[str, ServedModel],
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
    expected: npt.NDArray[np.float32],
) -> None:
    with inference_server(models, token=TOKEN) as server:
        assert np.array_equal(engine_on(server.url, token=TOKEN).embed(cat_pixels), expected)
        for wrong in ("", TOKEN[:-1], TOKEN + "x"):
            with pytest.raises(TierUnreachable, match="401"):
                engine_on(server.url, token=wrong).embed(cat_pixels)


def test_tls_is_spoken_with_whom_the_authority_vouches_for_alone(
    models: dict[str, ServedModel],
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
    expected: npt.NDArray[np.float32],
    tmp_path: Path,
) -> None:
    certificate = make_certificate(tmp_path, ["localhost"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with inference_server(models, tls=context) as server:
        assert np.array_equal(
            engine_on(server.url, authority=certificate).embed(cat_pixels), expected
        )
        with pytest.raises(TierUnreachable, match="CERTIFICATE_VERIFY_FAILED"):
            engine_on(server.url).embed(cat_pixels)


def test_a_worker_before_a_tier_has_neither_the_graph_nor_onnxruntime(
    server: InferenceServer, model_directory: Path, tmp_path: Path
) -> None:
    source = """
import sys
from pathlib import Path
from server.classifier.catalogue import Catalogue
from server.classifier.inference import Inference
from server.classifier.packaged_file import packaged_file
from server.classifier.tier import InferenceTier
tier = InferenceTier(addresses=(sys.argv[2],))
inference = Inference(Catalogue(Path(sys.argv[1])), engine="remote", tier=tier)
answer = inference.classify(packaged_file("scikit-image", "coffee.png").read_bytes())
print(answer.classification.top(1)[0].label, "onnxruntime" in sys.modules, "torch" in sys.modules)
"""
    name = f"{CARD.name}-{CARD.version}"
    (tmp_path / name).mkdir()
    for file in (model_directory / name).iterdir():
        if file.is_file() and file.name != BACKBONE_FILE:
            (tmp_path / name / file.name).write_bytes(file.read_bytes())
    finished = subprocess.run(
        [sys.executable, "-c", source, tmp_path, server.url],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.strip() == "espresso False False"
