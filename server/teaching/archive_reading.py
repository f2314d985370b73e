"""What an archive from a stranger says: two of its files are read, and nothing of it is run.

The reader of the standard library makes objects of the whole directory of a zip before anybody can
say how many there may be, so its size is looked up first.
"""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from server.teaching.archive_format import CARD_FILE, HEAD_FILE
from server.teaching.errors import ArchiveInvalid, ArchivePart

MAX_DIRECTORY_BYTES = 64 * 1024  # about a thousand files; an archive has five
MAX_CARD_BYTES = 512 * 1024  # five hundred labels of a hundred characters of four bytes, and more
MAX_HEAD_BYTES = 8 * 2**20  # of five hundred labels 5 MB
# What the end of a zip without a comment looks like: APPNOTE.TXT 6.3.10, 4.3.15 and 4.3.16.
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_ZIP64_LOCATOR_SIGNATURE = b"PK\x06\x07"
_ZIP64_LOCATOR_BYTES = 20
_IS_ENCRYPTED = 1
# Whatever a zip of anybody's makes the reader raise.
_UNREADABLE = (
    BadZipFile, zlib.error, struct.error, EOFError, OSError,
    KeyError, IndexError, ValueError, OverflowError, RuntimeError,
)  # fmt: skip


def read_archive(archive: bytes) -> tuple[bytes, bytes]:
    """Return the card and the head of an archive, as they are.

    Raises:
        ArchiveInvalid: it is no zip, or lacks one of the two, or has it packed in a way that isn't
            ours, or larger than it may be.
    """
    _require_small_directory(archive)
    try:
        with ZipFile(BytesIO(archive)) as opened:
            return (
                _content(opened, CARD_FILE, MAX_CARD_BYTES),
                _content(opened, HEAD_FILE, MAX_HEAD_BYTES),
            )
    except _UNREADABLE as error:
        raise ArchiveInvalid(ArchivePart.ZIP) from error


def _require_small_directory(archive: bytes) -> None:
    start = len(archive) - _END.size
    if start < 0:
        raise ArchiveInvalid(ArchivePart.ZIP)
    signature, *_, directory_bytes, _, comment_bytes = _END.unpack_from(archive, start)
    before = archive[max(0, start - _ZIP64_LOCATOR_BYTES) : start]
    if (
        signature != _END_SIGNATURE
        or comment_bytes
        or directory_bytes > MAX_DIRECTORY_BYTES
        or before.startswith(_ZIP64_LOCATOR_SIGNATURE)
    ):
        raise ArchiveInvalid(ArchivePart.ZIP)


def _content(opened: ZipFile, name: str, max_bytes: int) -> bytes:
    entry = opened.getinfo(name)
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED} or entry.flag_bits & _IS_ENCRYPTED:
        raise ArchiveInvalid(ArchivePart.ZIP)
    with opened.open(entry) as file:
        content = file.read(max_bytes + 1)  # whatever the directory says of its size
    if len(content) > max_bytes:
        raise ArchiveInvalid(ArchivePart.ZIP)
    return content
