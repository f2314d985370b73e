"""What an operator sees of a deployment."""

import json
import re
from typing import Any

from rehearsal.checks import Check, Rehearsal, require

PREDICTIONS = 3  # that the journey has made


def metrics(rehearsal: Rehearsal) -> str:
    """The figures add up over the workers, for who has the token."""
    require(rehearsal.stranger.get("/metrics").status_code == 401, "/metrics asks for no token")
    bearer = f"Bearer {rehearsal.metrics_token}"
    figures = rehearsal.stranger.get("/metrics", Authorization=bearer).text
    answered = sum(
        float(value)
        for value in re.findall(r'telltale_predictions_total{.*outcome="answered"} (\S+)', figures)
    )
    require(answered == PREDICTIONS, f"{answered:.0f} predictions were counted, not {PREDICTIONS}")
    sizes = re.findall(r'telltale_process_memory_bytes{.*role="(\w+)"} (\S+)', figures)
    workers = sum(role == "worker" for role, _ in sizes)
    require(not sizes or workers == 4, f"{workers} workers are told")
    mebibytes = sum(float(size) for _, size in sizes) / 2**20
    return f"{PREDICTIONS} predictions counted over {workers} workers, {mebibytes:.0f} MiB together"


def logs(rehearsal: Rehearsal) -> str:
    """One JSON line a request, and nothing in it that nobody may know."""
    text = rehearsal.log.read_text()
    for secret in rehearsal.secrets:
        require(secret not in text, "a secret is in the log")
    lines: list[dict[str, Any]] = [
        json.loads(line) for line in text.splitlines() if line.startswith("{")
    ]
    requests = [line for line in lines if line["logger"] == "server.requests"]
    predictions = [line for line in requests if line.get("operation") == "predict"]
    require(
        len(predictions) == PREDICTIONS,
        f"{len(predictions)} predictions are logged, not {PREDICTIONS}",
    )
    for entry in predictions:
        require({"user_id", "model", "request_id", "duration_ms"} <= set(entry), str(entry))
    astray = [line for line in requests if "proxies_missing" in line and line["status"] == 200]
    require(not astray, f"TRUSTED_PROXY_COUNT is too high: {astray[:1]}")
    return f"{len(requests)} requests, JSON, no password, token or cookie"


INSIDE: list[Check] = [metrics, logs]
