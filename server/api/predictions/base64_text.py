"""Base64 as people and programs write it, as long as it can mean one thing only."""

import base64
import binascii

from server.api.attempt import Base64Invalid

DATA_URL = "data:"
QUARTET = 4  # characters, for three bytes


def decode_base64(text: str) -> bytes:
    """Return the bytes of a text in either alphabet of RFC 4648, with its padding or without.

    A `data:` URL may stand in front, in any case. Line breaks are passed over; a blank between two
    characters is not, for it may be a plus that a form has lost.

    Raises:
        Base64Invalid: it is something else, half padded, or mixes the alphabets.
    """
    text = text.strip()
    if text[: len(DATA_URL)].lower() == DATA_URL:
        text = text.partition(",")[2]
    try:
        characters = text.encode("ascii").replace(b"\r", b"").replace(b"\n", b"")
        if not characters.endswith(b"="):
            characters += b"=" * (-len(characters) % QUARTET)
        return base64.b64decode(characters, altchars=_url_safe(characters), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Base64Invalid from error


def _url_safe(characters: bytes) -> bytes | None:
    """Return the two letters of the URL-safe alphabet; None where the text is in the other one.

    Raises:
        Base64Invalid: it is in both, which each read differently.
    """
    if b"-" not in characters and b"_" not in characters:
        return None
    if b"+" in characters or b"/" in characters:
        raise Base64Invalid
    return b"-_"
