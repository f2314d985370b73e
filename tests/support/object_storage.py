"""A server of S3 with a bucket, and the settings that use it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import boto3
from moto.server import ThreadedMotoServer

from harness.ports import free_port

BUCKET = "crops-of-telltale"
KEY, SECRET = "an-id-of-a-key", "the secret of that key"
REGION = "us-east-1"


@dataclass
class Storage:
    """A running server."""

    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """What `CROP_STORAGE` is with it."""
        return {
            "bucket_name": BUCKET,
            "endpoint_url": self.url,
            "region_name": REGION,
            "access_key": KEY,
            "secret_key": SECRET,
        }

    @contextmanager
    def up(self) -> Iterator[None]:
        """Answer within the block; the bucket outlives it, as long as this process."""
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        server.start()
        try:
            yield
        finally:
            server.stop()

    def keys(self) -> set[str]:
        """The keys of all objects."""
        listed = self._client().list_objects_v2(Bucket=BUCKET)
        return {each["Key"] for each in listed.get("Contents", [])}

    def content(self, key: str) -> bytes:
        """What is stored as a key."""
        body = self._client().get_object(Bucket=BUCKET, Key=key)["Body"]
        with body:
            return bytes(body.read())

    def lose(self, key: str) -> None:
        """Delete an object behind our back."""
        self._client().delete_object(Bucket=BUCKET, Key=key)

    def make_bucket(self) -> None:
        """Make the bucket, empty."""
        self._client().create_bucket(Bucket=BUCKET)
        for key in self.keys():
            self.lose(key)

    def _client(self):  # noqa: ANN202 - boto3 makes its classes as it runs
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )
