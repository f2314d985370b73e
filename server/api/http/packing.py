"""Long answers, packed as their client asks; what is asked is never taken packed.

Packing tells by a length how much a guess and a secret beside it have in common, to whoever can
have a browser ask, with its session, for both in one answer (https://breachattack.com). Another
site can't: what it has a browser send by POST lacks the CSRF token, and by GET the cookie
(SameSite) or, where it is a navigation, any data: the answer is the playground. Nor is an answer
to a mutation ever packed, for those alone tell secrets, and none of them is long.
"""

import gzip
import re
from functools import lru_cache
from typing import Literal

import brotli

Encoding = Literal["br", "gzip"]
# Beneath it an answer and its headers are one packet of a network, however small it is packed.
LONG_BYTES = 1_400
# Of a page of 20 predictions, 9.6 kB, they leave 2.5 and 2.7 kB in 65 and 37 µs; the next levels
# save a twentieth of that and take twice as long.
BROTLI_QUALITY = 3
GZIP_LEVEL = 1
REMEMBERED_WISHES = 64
MAX_WISH_CHARACTERS = 1_000
WISH = re.compile(r"\s*([a-z*-]+)\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?)\s*)?", re.IGNORECASE)


def encoding_for(accepted: str, byte_count: int) -> Encoding | None:
    """Return how to pack an answer of this length; None where it goes as it is.

    Args:
        accepted: the Accept-Encoding of the request.
        byte_count: the length of the answer.
    """
    if byte_count < LONG_BYTES or len(accepted) > MAX_WISH_CHARACTERS:
        return None
    return _preferred(accepted)


def packed(content: bytes, encoding: Encoding) -> bytes:
    """Return the content in an encoding."""
    if encoding == "br":
        text: bytes = brotli.compress(content, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
        return text
    return gzip.compress(content, GZIP_LEVEL, mtime=0)


@lru_cache(maxsize=REMEMBERED_WISHES)
def _preferred(accepted: str) -> Encoding | None:
    """Return the encoding of the greatest weight, of two the smaller; see RFC 9110, 12.5.3."""
    weights: dict[str, float] = {}
    for wish in accepted.split(","):
        said = WISH.fullmatch(wish)
        if said:
            weights[said[1].lower()] = float(said[2] or 1)
    offered: tuple[Encoding, ...] = ("br", "gzip")
    of_all = weights.get("*", 0.0)
    best = max(offered, key=lambda name: weights.get(name, of_all))
    weight = weights.get(best, of_all)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else None
