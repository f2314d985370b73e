"""Formats are told by what a file is, whatever it is called and whatever follows."""

import pytest

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.errors import ImageError, ImageFormatUnsupported
from server.classifier.image_file import ImageLimits
from server.classifier.preprocessing import DecodedImage, decode
from tests.classifier.pictures import FORMATS, SIGNATURES, encoded


def decoded(image_bytes: bytes) -> DecodedImage:
    return decode(image_bytes, EFFICIENTNET_LITE0, ImageLimits())


@pytest.mark.parametrize(
    "content",
    [
        b"hello",
        b"\x00",
        b"<html><script>alert(1)</script></html>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n",
        b"PK\x03\x04",
        b"BM" + encoded("PNG"),
        encoded("PPM"),
    ],
    ids=["text", "nul", "html", "eps", "zip", "bm", "ppm"],
)
def test_another_format_is_unsupported(content: bytes) -> None:
    with pytest.raises(ImageFormatUnsupported) as raised:
        decoded(content)
    assert (raised.value.supported, raised.value.found) == (FORMATS, None)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>', "SVG"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- by hand -->\n<svg width="64"/>', "SVG"),
        (b"\xff\x0a\xfa\x1f\x41", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ", "JPEG XL"),
        (encoded("JPEG2000"), "JPEG 2000"),
        (b"%PDF-1.7\n", "PDF"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "video"),
    ],
)
def test_a_format_that_people_send_is_named_in_the_refusal(content: bytes, found: str) -> None:
    with pytest.raises(ImageFormatUnsupported) as raised:
        decoded(content)
    assert raised.value.found == found


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(
    "appended", [b"<script>alert(1)</script>", b"PK\x03\x04" + bytes(100), bytes(1000)]
)
def test_a_polyglot_is_the_picture_that_it_starts_as(format_name: str, appended: bytes) -> None:
    plain = encoded(format_name)
    assert (decoded(plain + appended).pixels == decoded(plain).pixels).all()
    assert decoded(plain + appended).format == format_name


def test_a_gif_that_is_also_a_script_is_unreadable() -> None:
    with pytest.raises(ImageError):
        decoded(b"GIF89a/*" + b"<svg/onload=alert(1)>" + b"*/=1;alert(1)//;")


@pytest.mark.parametrize(
    ("signature", "format_name"),
    [
        (signature, format_name)
        for own_format, signature in zip(FORMATS, SIGNATURES, strict=True)
        for format_name in FORMATS
        if format_name != own_format
    ],
)
def test_the_signature_of_one_format_on_the_body_of_another_is_unreadable(
    signature: bytes, format_name: str
) -> None:
    with pytest.raises(ImageError):
        decoded(signature + encoded(format_name)[16:])
