"""What classifiers and labels may be called."""

import unicodedata

# Control characters, halves of a character, and ends of lines: none can be seen, or stored.
_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}


def clean_name(text: str, *, max_length: int) -> str | None:
    """Return a name in its one spelling; None where it is empty, too long or can't be seen."""
    if len(text) > 4 * max_length:  # before it is looked at, of which there can be much
        return None
    name = unicodedata.normalize("NFC", text.strip())
    is_name = 0 < len(name) <= max_length and not any(map(_is_unseen, name))
    return name if is_name else None


def clean_text(text: str, *, max_length: int) -> str | None:
    """Return a text of lines; None where it is too long or can't be stored."""
    if len(text) > 2 * max_length:
        return None
    text = text.strip()
    is_text = len(text) <= max_length and not any(_is_unseen(each) for each in text if each != "\n")
    return text if is_text else None


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN
