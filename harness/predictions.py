"""The bodies of requests that send a photo, as bytes: the same from whoever sends them."""

import json
from collections.abc import Mapping

PREDICT = """mutation ($input: PredictInput!) { predict(input: $input) {
  prediction { id label confidence image { sha256 } } errors { code message } } }"""
BOUNDARY = "telltale-harness-boundary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def predict_body(
    image: bytes, idempotency_key: str | None = None, *, document: str = PREDICT
) -> bytes:
    """Return the multipart body of a `predict` with the image as a file."""
    wish = {"image": {"upload": None}, "idempotencyKey": idempotency_key}
    parts = {
        "operations": json.dumps({"query": document, "variables": {"input": wish}}),
        "map": json.dumps({"photo": ["variables.input.image.upload"]}),
    }
    return form_with_photo(parts, image)


def form_with_photo(parts: Mapping[str, str], image: bytes) -> bytes:
    """Return a multipart body of texts and of a file `photo`, in the form of `MULTIPART`."""
    fields = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    file = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="photo"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return b"".join([fields.encode(), file.encode(), image, f"\r\n--{BOUNDARY}--\r\n".encode()])
