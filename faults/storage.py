"""Faults of what the service stands on: its database, its disk, its model."""

import resource
import shutil
import time
from pathlib import Path

from faults.replies import Failure, outcome
from faults.suite import Broken, Suite
from harness.connection import Connection
from harness.photos import largest_png, photos_of_100_kb
from harness.predictions import MULTIPART, predict_body
from scripts.paths import MODELS
from server.classifier.image_file import ImageLimits

DATABASE_GONE_SECONDS = 3
CUTS = 8
LARGEST_FILE_BYTES = 2 * 2**20  # the shares of the figures at /metrics are smaller, uploads are not
NOWHERE = Path("/proc")  # a folder in which nobody can write, whoever he is
LARGE_UPLOADS = 3


def restart_database(suite: Suite) -> str:
    """Crash the database, leave it down for a while, and start it again."""
    suite.database.stop()
    time.sleep(DATABASE_GONE_SECONDS)
    suite.database.start()
    return f"down for {DATABASE_GONE_SECONDS} s"


def cut_connections(suite: Suite) -> str:
    """Cut all connections to the database again and again."""
    cut = 0
    for _ in range(CUTS):
        cut += suite.database.cut_connections()
        time.sleep(0.4)
    return f"{cut} connections cut"


def no_disk(suite: Suite) -> str:
    """Serve uploads of 10 MB where no file may become that large and no folder is writable."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = suite.service.site
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE_BYTES, hard))  # servers inherit it
    try:
        suite.service.replace(variables={"TMPDIR": str(NOWHERE)}, folder=NOWHERE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    before.stop()
    upload = predict_body(largest_png(ImageLimits()))
    connection = Connection(suite.service.port, suite.load.token_of_the_rude)
    for _ in range(LARGE_UPLOADS):
        answer = outcome(lambda: connection.post(upload, MULTIPART))
        if isinstance(answer, Failure) and answer.kind != "BUSY":
            raise Broken(f"an upload of {len(upload) / 1e6:.0f} MB got: {answer.kind}")
    connection.close()
    return f"{LARGE_UPLOADS} uploads of {len(upload) / 1e6:.0f} MB answered without a file"


def broken_model(suite: Suite) -> str:
    """Start a server whose model is missing, and one whose model is damaged."""
    damaged = suite.folder / "damaged"
    shutil.copytree(MODELS, damaged)
    graph = next(damaged.glob("*/backbone.onnx"))
    graph.write_bytes(graph.read_bytes()[:-100])
    codes = {
        _without_a_model(suite, suite.folder / "missing"),
        _without_a_model(suite, damaged),
    }
    return f"alive, not ready, predictions answered with {', '.join(sorted(codes))}"


def _without_a_model(suite: Suite, models: Path) -> str:
    """Return the code that a prediction is answered with."""
    site = suite.service.launch(variables={"MODEL_DIRECTORY": str(models)})
    try:
        deadline = time.monotonic() + 30
        while not site.answers("/health/live"):
            if time.monotonic() > deadline or site.process.poll() is not None:
                raise Broken(f"a server with a {models.name} model does not live")
            time.sleep(0.05)
        time.sleep(1)
        if site.answers("/health/ready"):
            raise Broken(f"a server with a {models.name} model says it is ready")
        connection = Connection(site.port, suite.load.token_of_the_rude)
        body = predict_body(photos_of_100_kb(1)[0])
        answer = outcome(lambda: connection.post(body, MULTIPART))
        connection.close()
        if not isinstance(answer, Failure):
            raise Broken(f"a server with a {models.name} model answered {answer}")
        if not answer.is_clear:
            raise Broken(f"a server with a {models.name} model answered: {answer.kind}")
        return answer.kind
    finally:
        site.stop()
