"""Crops as objects of an S3-compatible storage; nothing else here speaks to one.

Imported only where a storage is set: its client takes 20 MB of memory.
"""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from server.classifier.patience import Breaker
from server.predictions.errors import CropLost, CropUnreachable

Returned = TypeVar("Returned")

MAX_CROP_BYTES = 2**20  # one has about 15,000; what somebody else has put there is not read whole
# A prediction waits for it: where it does not answer, the crop stays in the database.
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 1, 3, 2

_breaker = Breaker(failures_in_a_row=3, open_seconds=5)


def put(key: str, content: bytes) -> None:
    """Store `content` as `key`; raises `CropUnreachable`."""
    _asked(lambda: _storage().save(key, ContentFile(content)))


def get(key: str) -> bytes:
    """Return what is stored as `key`; raises `CropLost` or `CropUnreachable`."""

    def read() -> bytes:
        with _storage().open(key) as file:
            return bytes(file.read(MAX_CROP_BYTES))

    try:
        return _asked(read)
    except FileNotFoundError as error:
        raise CropLost(key) from error


def delete(key: str) -> None:
    """Delete `key`, if it is there; raises `CropUnreachable`."""
    _asked(lambda: _storage().delete(key))


def _asked(call: Callable[[], Returned]) -> Returned:
    """Return what `call` returns, unless the storage has failed a moment ago."""
    permit = _breaker.admit()
    if permit is None:
        raise CropUnreachable
    try:
        returned = call()
    except FileNotFoundError:
        _breaker.succeeded(permit)
        raise
    except (Boto3Error, BotoCoreError, ClientError, OSError) as error:
        _breaker.failed(permit)
        raise CropUnreachable from error
    except BaseException:
        _breaker.failed(permit)
        raise
    _breaker.succeeded(permit)
    return returned


@cache
def _storage() -> S3Storage:
    return S3Storage(
        **(settings.CROP_STORAGE or {}),
        default_acl=None,  # private: the owner gets it through us alone
        file_overwrite=True,  # keys are random: nobody looks first whether one is taken
        signature_version="s3v4",
        client_config=Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": ATTEMPTS},
            signature_version="s3v4",
        ),
    )
