"""Texts that people give: names of files, corrections, what is looked for.

Each is bounded before anything is done with it, and brought into one spelling.
"""

import re
import unicodedata

from server.predictions.errors import CorrectionInvalid
from server.predictions.models import MAX_CORRECTION_LENGTH, MAX_FILE_NAME_LENGTH

MAX_READ_CHARACTERS = 1_000  # of a text of any length; what is kept is far shorter
MAX_ENDING_LENGTH = 10  # of a file's name, its dot included
# An entry of an index holds it with the label, and PostgreSQL allows 2,704 bytes.
MAX_SEARCH_TEXT_LENGTH = 400
_SEPARATOR = "\n"  # between what is searched: no text that is looked for has one
_INVISIBLE = {"Cc", "Cf", "Cs", "Co"}  # Unicode's categories; some turn the line around
_JOINER = "\u200d"  # makes one picture of several emoji
_MEANS_MORE, _AS_ITSELF = re.compile(r"([%_\\])"), r"\\\1"
_PATH = re.compile(r".*[/\\]", re.DOTALL)


def file_name_of(text: str | None) -> str | None:
    """Return the name of a file as it is kept: without its folders, in one line, cut in its middle.

    None where nothing is left of it.
    """
    name = _one_line(_PATH.sub("", (text or "")[-MAX_READ_CHARACTERS:]))
    if len(name) > MAX_FILE_NAME_LENGTH:
        stem, dot, ending = name.rpartition(".")
        end = dot + ending if stem and len(ending) < MAX_ENDING_LENGTH else ""
        name = f"{name[: MAX_FILE_NAME_LENGTH - len(end) - 1]}…{end}"
    return name or None


def correction_of(text: str) -> str:
    """Return a correction as it is kept.

    Raises:
        CorrectionInvalid: no word is left of it, or it is too long.
    """
    wording = _one_line(text[:MAX_READ_CHARACTERS])
    if not 0 < len(wording) <= MAX_CORRECTION_LENGTH or len(text) > MAX_READ_CHARACTERS:
        raise CorrectionInvalid(MAX_CORRECTION_LENGTH)
    return wording


def folded(text: str) -> str:
    """Return a text as it is compared and searched: in one line, without regard to case."""
    return _one_line(unicodedata.normalize("NFKC", text[:MAX_READ_CHARACTERS]).casefold())


def search_text(label: str, correction: str | None, file_name: str | None) -> str | None:
    """Return what a search looks through; None where the label in lower case is all of it."""
    if correction is None and file_name is None and label.isascii():
        return None
    texts = (folded(text) for text in (label, correction, file_name) if text is not None)
    return _SEPARATOR.join(texts)[:MAX_SEARCH_TEXT_LENGTH]


def search_pattern(text: str) -> str:
    """Return the pattern of SQL's LIKE that finds a text anywhere."""
    return f"%{_MEANS_MORE.sub(_AS_ITSELF, folded(text))}%"


def _one_line(text: str) -> str:
    """Return a text in composed form, without what can't be seen, its blanks single."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    visible = (
        each for each in composed if each == _JOINER or unicodedata.category(each) not in _INVISIBLE
    )
    return "".join(visible).strip()
