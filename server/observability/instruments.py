"""The counters, gauges and histograms of a server, written by all of its workers.

Where `PROMETHEUS_MULTIPROC_DIR` is set before this is imported (see
`server.gunicorn_configuration`), every process keeps its share in files there, and `exposition`
adds them up. Every label takes values from a set that no client can grow.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()  # our own: without the figures of whichever process is asked

REQUESTS = Counter(
    "telltale_requests",
    "Requests answered, but for health probes and this page.",
    ["operation", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "telltale_request_seconds",
    "From the first middleware to the response.",
    ["operation"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
ERRORS = Counter(
    "telltale_graphql_errors",
    "Errors in GraphQL answers, of payloads too, by their code.",
    ["code"],
    registry=REGISTRY,
)
PASSED_ON = Counter(
    "telltale_passed_on",
    "Requests that a fast way left to the full one, by what it does not know: a middleware, field.",
    ["reason"],
    registry=REGISTRY,
)
PASSED_ON.labels("middleware")  # there from the beginning: nought is what is hoped for
PREDICTIONS = Counter(
    "telltale_predictions",
    "Pictures that were classified (answered) or not (the error's name).",
    ["model", "outcome"],
    registry=REGISTRY,
)
INFERENCE_SECONDS = Histogram(
    "telltale_inference_seconds",
    "Decoding a picture and running the model on it, without waiting.",
    buckets=(0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5),
    registry=REGISTRY,
)
WAIT_SECONDS = Histogram(
    "telltale_prediction_wait_seconds",
    "Waiting for a turn at the model.",
    buckets=(0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
REMOTE_ATTEMPTS = Counter(
    "telltale_inference_attempts",
    "Attempts to ask an inference server: answered, or the error's name.",
    ["outcome"],
    registry=REGISTRY,
)
REMOTE_ATTEMPTS.labels("answered")  # there from the beginning, as above
REMOTE_SECONDS = Histogram(
    "telltale_inference_attempt_seconds",
    "How long such an attempt took, whatever came of it.",
    buckets=(0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)
# Sums over the workers that live: what a killed one held is forgotten with it.
PREDICTIONS_WAITING = Gauge(
    "telltale_predictions_waiting",
    "Predictions waiting for a turn at the model.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
PREDICTIONS_IN_FLIGHT = Gauge(
    "telltale_predictions_in_flight",
    "Predictions that the models are working on.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
REMOTE_USABLE = Gauge(
    "telltale_inference_usable_servers",
    "Inference servers that may be asked, added up over the workers.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
