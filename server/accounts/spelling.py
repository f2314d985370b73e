"""The one spelling of what people type: e-mail addresses and passwords.

The same text comes in several forms: keyboards put an accent on a letter or beside it, a domain is
written in its own letters or as `xn--…`, and what is pasted may hold characters that nobody sees.
Each form would be an account of its own, or a password that is right on one machine alone. So text
is taken in Unicode's form NFKC (https://www.unicode.org/reports/tr15/; for passwords, NIST SP
800-63B), and domains are those of IDNA 2008 (RFC 5891).
"""

import re
import unicodedata

import idna
from django.core.exceptions import ValidationError

MAX_EMAIL_LENGTH = 254  # characters, as the column has

_DOTS = re.compile("[.\u3002]")  # the other forms of the ideographic one become it in NFKC
# Control and format characters, surrogates, separators of lines; and what Unicode calls default
# ignorable beyond them (DerivedCoreProperties.txt): fillers, joiners, selectors of variants.
_UNSEEN_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)


def email_spelling(text: str) -> str:
    """Return an address trimmed, in lower case and NFKC, with a domain in its own letters.

    Raises:
        ValueError: it is too long, no address, or something in it can't be seen.
    """
    if len(text) > MAX_EMAIL_LENGTH:
        raise ValueError("too long")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower()).strip()
    local, at, domain = folded.rpartition("@")
    # Where case is ignored, regular expressions take some other letters for those of A to Z.
    if not at or not local.isascii() or unseen_character(folded):
        raise ValueError("no @, not ASCII before it, or something that can't be seen")
    return f"{local}@{'.'.join(map(_label, _DOTS.split(domain)))}"


def email_spellings(text: str) -> list[str]:
    """Return how an account may be stored that somebody calls so: as older versions had it first.

    They kept an address as it was typed, in lower case.
    """
    as_typed = text.strip().lower()
    try:
        spelling = email_spelling(text)
        return list(dict.fromkeys([as_typed, spelling, deliverable(spelling)]))
    except ValueError:
        return [as_typed]


def deliverable(address: str) -> str:
    """Return an address as mail servers know it: its domain in ASCII.

    Raises:
        ValueError: its domain has no such form.
    """
    local, _, domain = address.rpartition("@")
    labels = [
        label if label.isascii() else idna.alabel(label).decode() for label in domain.split(".")
    ]
    return f"{local}@{'.'.join(labels)}"


def validate_email_spelling(address: str) -> None:
    """Refuse, as a validator of Django, an address that has not the one form or can't have it."""
    try:
        deliverable(email_spelling(address))
    except ValueError as error:
        raise ValidationError("Enter a valid email address.", code="invalid") from error


def password_spelling(text: str) -> str:
    """Return a password in NFKC; spaces and capitals are its own."""
    return unicodedata.normalize("NFKC", text)


def unseen_character(text: str) -> str | None:
    """Return the first character that nobody sees; None where there is none."""
    for character in text:
        if unicodedata.category(character) in _UNSEEN_CATEGORIES or _UNSEEN.match(character):
            return character
    return None


class SeenPasswordValidator:
    """Refuses a new password that holds what its owner can't see, and so can't type again."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's own signature
        """Raise `ValidationError` with a sentence that names the character."""
        character = unseen_character(password)
        if character is not None:
            raise ValidationError(
                f"This password holds a character that can't be seen (U+{ord(character):04X}).",
                code="password_unseen_character",
            )

    def get_help_text(self) -> str:
        """Say it beside the field, in the admin."""
        return "Your password can't hold characters that can't be seen."


def _label(label: str) -> str:
    if label.isascii() and not label.startswith("xn--"):
        return label  # what ASCII a domain may hold, the validator of addresses knows
    spelled = idna.ulabel(label)
    idna.alabel(spelled)  # IDNAError, a ValueError, where it could not be registered
    return spelled
