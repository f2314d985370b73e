"""A small picture in every kind of file that people have: the files by what they are."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import ExifTags, Image

from tests.classifier.colour_profiles import (
    ADOBE_RGB,
    COLOURED,
    DARK_GREY,
    DISPLAY_P3,
    GREY,
    INKS,
    RED_FOR_BLUE,
    SRGB,
)
from tests.classifier.png_pieces import chunk, png, profile_chunk, with_chunks

XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
 xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>"""
_RED_FOR_BLUE_CHUNK = profile_chunk(RED_FOR_BLUE)
# Of ITU-T H.273: those of screens, cameras and films, and some that mean nothing.
SDR_CODE_POINTS = (
    *((1, 13), (12, 13), (9, 13), (5, 13), (6, 13), (1, 1), (9, 14), (6, 6)),
    *((1, 4), (5, 5), (2, 2), (1, 2), (12, 2), (2, 13), (77, 13), (1, 77)),
)
MEGABYTES = np.random.default_rng(0).bytes(1_100_000)


def table_of_pictures(photo: Image.Image) -> dict[str, bytes]:
    """Every kind of file that a browser shows, made of `photo` (RGB)."""
    parts = (_coloured, _grey, _inks, _depths, _transparent, _calibrated, _coded, _turned, _damaged)
    return dict(picture for part in parts for picture in part(photo))


def encoded(image: Image.Image, format_name: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format_name, **options)
    return file.getvalue()


def with_alpha(photo: Image.Image) -> Image.Image:
    """`photo`, more and more transparent to the right, and not at all at its left."""
    fading = np.clip(np.linspace(300, -40, photo.width), 0, 255).astype(np.uint8)
    translucent = photo.copy()
    translucent.putalpha(Image.fromarray(np.tile(fading, (photo.height, 1))))
    return translucent


def orientation(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = value
    return exif


def _coloured(photo: Image.Image) -> Iterator[tuple[str, bytes]]:
    fine = {"quality": 95}
    for name, profile in {
        "no profile": None,
        "half a profile": SRGB[:200],
        **COLOURED,
        **GREY,
    }.items():
        icc = {"icc_profile": profile} if profile else {}
        yield f"jpeg, {name}", encoded(photo, "JPEG", **fine, **icc)
        yield f"png, {name}", encoded(photo, "PNG", **icc)
        yield f"webp, {name}", encoded(photo, "WEBP", **fine, **icc)
        if profile is None or profile in COLOURED.values():  # an AVIF of others is shown by none
            yield f"avif, {name}", encoded(photo, "AVIF", quality=95, **icc)
        yield f"png of a palette, {name}", encoded(photo.quantize(64), "PNG", **icc)
        yield f"translucent png, {name}", encoded(with_alpha(photo), "PNG", **icc)
        yield f"translucent webp, {name}", encoded(with_alpha(photo), "WEBP", lossless=True, **icc)
    p3 = {"icc_profile": DISPLAY_P3}
    yield "progressive jpeg, display p3", encoded(photo, "JPEG", progressive=True, **fine, **p3)
    for mode in ("1", "L", "P", "RGB"):
        plain = photo.convert(mode, dither=Image.Dither.NONE)
        yield f"bmp, {mode}", encoded(plain, "BMP")
    yield "translucent bmp", encoded(with_alpha(photo), "BMP")
    yield "gif", encoded(photo.quantize(64), "GIF")


def _grey(photo: Image.Image) -> Iterator[tuple[str, bytes]]:
    grey, translucent = photo.convert("L"), with_alpha(photo).convert("LA")
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    for name, profile in {"no profile": None, "adobe rgb": ADOBE_RGB, **GREY}.items():
        icc = {"icc_profile": profile} if profile else {}
        yield f"grey jpeg, {name}", encoded(grey, "JPEG", quality=95, **icc)
        yield f"grey png, {name}", encoded(grey, "PNG", **icc)
        yield f"grey png of 16 bits, {name}", encoded(deep, "PNG", **icc)
        yield f"translucent grey png, {name}", encoded(translucent, "PNG", **icc)


def _inks(photo: Image.Image) -> Iterator[tuple[str, bytes]]:
    inks = photo.convert("CMYK")
    yield "jpeg of inks, no profile", encoded(inks, "JPEG", quality=95)
    yield "jpeg of inks, a press", encoded(inks, "JPEG", quality=95, icc_profile=INKS)
    yield "jpeg of inks, display p3", encoded(inks, "JPEG", quality=95, icc_profile=DISPLAY_P3)


def _depths(photo: Image.Image) -> Iterator[tuple[str, bytes]]:
    colours = np.asarray(photo)
    grey = np.asarray(photo.convert("L"))[..., np.newaxis]
    for depth in (1, 2, 4, 8):
        yield f"grey png of {depth} bits", png(grey >> (8 - depth), 0, depth)
        palette = photo.quantize(2**depth)
        table = chunk(b"PLTE", bytes(palette.getpalette()[: 3 * 2**depth]))
        yield f"palette of {depth} bits", png(np.asarray(palette)[..., np.newaxis], 3, depth, table)
    alpha = np.asarray(with_alpha(photo))
    for kind, samples in (
        (0, grey),
        (2, colours),
        (4, np.dstack([grey, alpha[..., 3]])),
        (6, alpha),
    ):
        yield f"png of 16 bits, kind {kind}", png(samples.astype(np.uint16) * 257 + 90, kind, 16)
    yield "interlaced png", encoded(photo, "PNG", interlace=True)


def _transparent(photo: Image.Image) -> Iterator[tuple[str, bytes]]:
    grey = np.asarray(photo.convert("L"))[..., np.newaxis]
    for depth in (1, 2, 4, 8):
        levels = grey >> (8 - depth)
        chosen = int(np.bincount(levels.ravel()).argmax())
        hidden = chunk(b"tRNS", chosen.to_bytes(2, "big"))
        yield f"grey png of {depth} bits, a level transparent", png(levels, 0, depth, hidden)
        yield (
            f"grey png of {depth} bits, a level transparent, dark grey",
            png(levels, 0, depth, profile_chunk(DARK_GREY) + hidden),
        )
    deep = (grey >> 4).astype(np.uint16) * 4369
    chosen = int(
        np.unique(deep, return_counts=True)[0][np.unique(deep, return_counts=True)[1].argmax()]
    )
    yield (
        "grey png of 16 bits, a level transparent",
        png(deep, 0, 16, chunk(b"tRNS", chosen.to_bytes(2, "big"))),
    )
    few = np.asarray(photo) >> 6 << 6
    colour, counts = np.unique(few.reshape(-1, 3), axis=0, return_counts=True)
    most = colour[counts.argmax()].astype(">u2")
    yield "png, a colour transparent", png(few, 2, 8, chunk(b"tRNS", most.tobytes()))
    yield (
        "png of 16 bits, a colour transparent",
        png(
            few.astype(np.uint16) * 257, 2, 16, chunk(b"tRNS", (most * 257).astype(">u2").tobytes())
        ),
    )
    palette = photo.quantize(16)
    table = chunk(b"PLTE", bytes(palette.getpalette()[:48]))
    numbers = np.asarray(palette)[..., np.newaxis]
    for name, alphas in {
        "a colour": b"\xff\xff\0",
        "many colours": bytes(range(0, 256, 16)),
    }.items():
        yield f"palette, {name} transparent", png(numbers, 3, 4, table + chunk(b"tRNS", alphas))
    yield (
        "gif, a colour transparent",
        encoded(palette, "GIF", transparency=int(np.bincount(numbers.ravel()).argmax())),
    )


def _calibrated(photo: Image.Image) -> Iterator[tuple[str, bytes]]:
    def gamma(value: int) -> bytes:
        return chunk(b"gAMA", value.to_bytes(4, "big"))

    def chromaticities(*values: int) -> bytes:
        return chunk(b"cHRM", b"".join(value.to_bytes(4, "big") for value in values))

    whole, grey = encoded(photo, "PNG"), encoded(photo.convert("L"), "PNG")
    p3 = chromaticities(31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000)
    for value in (100_000, 48_000, 47_000, 45_455, 44_000, 43_000, 30_000):
        yield f"png of gamma {value}", with_chunks(whole, gamma(value))
        yield f"grey png of gamma {value}", with_chunks(grey, gamma(value))
    yield "png of gamma 0", with_chunks(whole, gamma(0))
    yield "png of gamma and primaries", with_chunks(whole, p3 + gamma(45_455))
    yield "png of primaries alone", with_chunks(whole, p3)
    yield "png of gamma, but srgb", with_chunks(whole, gamma(100_000) + chunk(b"sRGB", b"\0"))
    yield (
        "png of gamma, but a profile",
        with_chunks(whole, gamma(100_000) + profile_chunk(DISPLAY_P3)),
    )


def _coded(photo: Image.Image) -> Iterator[tuple[str, bytes]]:
    whole = encoded(photo, "PNG")
    avif = encoded(photo, "AVIF", quality=95, subsampling="4:4:4")
    for primaries, transfer in SDR_CODE_POINTS:
        numbers = f"primaries {primaries}, transfer {transfer}"
        yield (
            f"png, {numbers}",
            with_chunks(whole, chunk(b"cICP", bytes([primaries, transfer, 0, 1]))),
        )
        yield f"avif, {numbers}", with_code_points(avif, primaries, transfer)
    code_points = chunk(b"cICP", bytes([12, 13, 0, 1]))
    yield "png, code points before a profile", with_chunks(whole, code_points + _RED_FOR_BLUE_CHUNK)


def with_code_points(file: bytes, primaries: int, transfer: int) -> bytes:
    """The AVIF or HEIC `file` with other numbers in its `nclx`."""
    start = file.index(b"nclx") + 4
    return file[:start] + struct.pack(">HH", primaries, transfer) + file[start + 4 :]


def _turned(photo: Image.Image) -> Iterator[tuple[str, bytes]]:
    for value in range(1, 9):
        yield (
            f"jpeg, orientation {value}",
            encoded(photo, "JPEG", quality=95, exif=orientation(value)),
        )
    yield "png, orientation 6", encoded(photo, "PNG", exif=orientation(6))
    for value in (3, 6):
        turned = orientation(value).tobytes()
        yield f"avif, orientation {value}", encoded(photo, "AVIF", quality=95, exif=turned)
    yield "jpeg, orientation in xmp alone", encoded(photo, "JPEG", quality=95, xmp=XMP)
    yield "webp, orientation in xmp alone", encoded(photo, "WEBP", quality=95, xmp=XMP)
    yield (
        "png, orientation in xmp alone",
        with_chunks(encoded(photo, "PNG"), chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
    )
    yield (
        "png, orientation as imagemagick writes it",
        with_chunks(
            encoded(photo, "PNG"),
            chunk(
                b"tEXt",
                b"Raw profile type exif\0\nexif\n      34\n"
                + (b"Exif\0\0" + orientation(6).tobytes()[-26:]).hex().encode(),
            ),
        ),
    )


def _damaged(photo: Image.Image) -> Iterator[tuple[str, bytes]]:
    whole, jpeg = encoded(photo, "PNG"), encoded(photo, "JPEG", quality=95)
    yield (
        "png with a long text",
        with_chunks(whole, chunk(b"tEXt", b"Comment\0" + b"x" * 1_100_000)),
    )
    yield (
        "png with a long packed text",
        with_chunks(whole, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(MEGABYTES))),
    )
    yield (
        "png with a long text at its end",
        whole[:-12] + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(MEGABYTES)) + whole[-12:],
    )
    yield "png with a long profile", with_chunks(whole, profile_chunk(DISPLAY_P3 + MEGABYTES))
    for name, content in (
        (b"tEXt", b"Comment\0hello"),
        (b"iCCP", profile_chunk(DISPLAY_P3)[8:-4]),
        (b"gAMA", (100_000).to_bytes(4, "big")),
        (b"eXIf", orientation(6).tobytes()[6:]),
        (b"pHYs", bytes(9)),
    ):
        yield (
            f"png, wrong checksum of {name.decode()}",
            with_chunks(whole, chunk(name, content, checksum=1)),
        )
    yield "png, an unknown chunk", with_chunks(whole, chunk(b"npTc", bytes(40)))
    yield "png without its end", whole[:-12]
    yield "png cut within a text", whole[:-12] + chunk(b"tEXt", b"Comment\0" + bytes(500))[:-200]
    yield "png with anything behind it", whole + MEGABYTES[:5000]
    yield "jpeg with anything behind it", jpeg + MEGABYTES[:5000]
    yield "gif without its end", encoded(photo.quantize(64), "GIF")[:-1]
