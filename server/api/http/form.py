"""The parts of a multipart form, as the bytes they were sent as.

A part is known by its name alone: whether it has the name of a file, and which, means nothing here.
https://www.rfc-editor.org/rfc/rfc7578
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from multipart import MultipartError, MultipartSegment, PushMultipartParser

from server.api.http.errors import RequestRefused

MAX_PARTS = 20  # `operations`, `map`, and the files
BOUNDARY = re.compile("[ -~]{1,200}")
# What says that the bytes are as they are; RFC 7578, 4.7, has no use for the others.
PLAIN = {"binary", "8bit", "7bit"}


@dataclass(frozen=True)
class Part:
    """What a form has under a name."""

    content: bytes = field(repr=False)  # a message about it may be told


def read_form(read: Callable[[int], bytes], boundary: str) -> dict[str, Part]:
    """Return the parts of a form by their names.

    Args:
        read: returns at most so many bytes more of the body.
        boundary: what stands between the parts.

    Raises:
        RequestRefused: it is no such form, is cut off, has a part in a transfer encoding or two of
            one name (it would be a guess which one is meant), or has too many or too large headers.
    """
    if not BOUNDARY.fullmatch(boundary):
        raise RequestRefused(
            400, "The Content-Type lacks the boundary of the form, or a usable one."
        )
    # latin-1 is every byte: an old client writes the name of its file in whatever it has.
    parser = PushMultipartParser(boundary, max_segment_count=MAX_PARTS, header_charset="latin-1")
    parts: dict[str, Part] = {}
    name, content = "", io.BytesIO()
    try:
        for event in parser.parse_blocking(read):
            if isinstance(event, MultipartSegment):
                name, content = _name(event), io.BytesIO()
                if name in parts:
                    raise RequestRefused(400, "Two parts of the form have the same name.")
            elif event is None:  # the end of the part
                parts[name] = Part(content.getvalue())
            else:
                content.write(event)
    except MultipartError as error:
        raise RequestRefused(400, f"The form can't be read: {error.args[0]}.") from error
    return parts


def _name(segment: MultipartSegment) -> str:
    encoding = segment.header("Content-Transfer-Encoding", "binary").strip().lower()
    if encoding not in PLAIN:
        raise RequestRefused(
            400, "Send the parts as they are, without a Content-Transfer-Encoding."
        )
    return (segment.name or "").encode("latin-1").decode(errors="replace")
