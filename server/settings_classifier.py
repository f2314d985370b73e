"""What runs the network, and how long is waited for it."""

from pathlib import Path
from typing import get_args

from server import environment
from server.classifier.engine import EngineName

BUILT_MODEL = Path(__file__).resolve().parent.parent / "build" / "model"

ENGINE: EngineName = environment.choice(
    "TELLTALE_ENGINE", "what runs the network", options=get_args(EngineName), default="onnx"
)
MODEL_DIRECTORY = environment.folder(
    "MODEL_DIRECTORY", "where the exported models lie", default=BUILT_MODEL
)
MODELS = environment.names(
    "MODELS",
    "the models that answer, separated by commas, the default one first; "
    "without it all that were exported, the built-in one first",
)
# Read with every engine, wanted by `remote` alone.
TELLTALE_INFERENCE_URLS = environment.addresses(
    "TELLTALE_INFERENCE_URLS",
    "where TELLTALE_ENGINE=remote finds its servers, separated by commas: any of them answers",
    required=ENGINE == "remote",
)
TELLTALE_INFERENCE_TOKEN = environment.secret(
    "TELLTALE_INFERENCE_TOKEN",
    "the bearer token that the inference servers want; none is sent without one",
    default="",
    min_length=32,
)
TELLTALE_INFERENCE_TIMEOUT_MS = environment.integer(
    "TELLTALE_INFERENCE_TIMEOUT_MS",
    "how long an inference server may say nothing until another attempt is made",
    default=1500,
    minimum=50,
    maximum=50_000,
)
TELLTALE_INFERENCE_CA = environment.file(
    "TELLTALE_INFERENCE_CA",
    "a file of the certificates to trust the inference servers by, in place of the system's",
)
TELLTALE_INFERENCE_CERTIFICATE = environment.file(
    "TELLTALE_INFERENCE_CERTIFICATE",
    "a file with our certificate and its key, where the inference servers want one",
)
MAX_WAITING_PREDICTIONS = environment.integer(
    "MAX_WAITING_PREDICTIONS",
    "how many predictions may wait in a worker before the answer is BUSY",
    default=6,
    maximum=1000,
)
MAX_WAIT_SECONDS = environment.integer(
    "MAX_WAIT_SECONDS",
    "how long a prediction may wait for its turn before the answer is BUSY",
    default=10,
    minimum=1,
    maximum=50,  # gunicorn replaces a worker that is silent for a minute
)
