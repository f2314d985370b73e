import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.accounts.spelling import (
    deliverable,
    email_spelling,
    email_spellings,
    password_spelling,
    unseen_character,
)

ONE = "anna@müller.example"
SPELLINGS = [
    ONE,
    " Anna@MÜLLER.Example\n",
    "anna@xn--mller-kva.example",
    "ANNA@XN--MLLER-KVA.EXAMPLE",
    "anna@mu\u0308ller.example",
    "\uff41nna@müller\uff0eexample",
    "anna@müller\u3002example",
    "anna\uff20müller.example",
]
UNSEEN = ["\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u202e", "\u3164", "\ufe0f", "\u034f"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_has_one_spelling(spelling: str) -> None:
    assert email_spelling(spelling) == ONE
    assert deliverable(email_spelling(spelling)) == "anna@xn--mller-kva.example"


@pytest.mark.parametrize(
    ("text", "spelled", "delivered_to"),
    [
        ("a@faß.example", "a@faß.example", "a@xn--fa-hia.example"),  # not fass.example
        ("\u212aarl@example.org", "karl@example.org", "karl@example.org"),
        ("a@r3---sn.example.org", "a@r3---sn.example.org", "a@r3---sn.example.org"),
        ("a@[192.0.2.1]", "a@[192.0.2.1]", "a@[192.0.2.1]"),
    ],
)
def test_letters_that_differ_stay_different(text: str, spelled: str, delivered_to: str) -> None:
    assert email_spelling(text) == spelled
    assert deliverable(spelled) == delivered_to


@pytest.mark.parametrize("unseen", [*UNSEEN, "\x00", "\t", "\n"])
@pytest.mark.parametrize(
    "form", ["al{}ice@example.org", "alice@exam{}ple.org", "{}alice@example.org"]
)
def test_what_nobody_sees_makes_no_address(unseen: str, form: str) -> None:
    text = form.format(unseen)
    if text.strip() == text:  # white space at the ends is trimmed
        with pytest.raises(ValueError, match=r"."):
            email_spelling(text)


@pytest.mark.parametrize(
    "text", ["", "alice", "\u0131van@example.org", "a@xn--a.org", "a@\u2603\u20e3.org", "a" * 255]
)
def test_what_has_no_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        email_spelling(text)


# Mostly letters that several spellings have, so that many addresses come of it.
PIECES = st.sampled_from(
    [
        *("xn--", "xn--mller-kva", "u\u0308", "\u0e01\u0e47", *"aKx1-.@"),
        *"\u00fc\u00df\u1e9e\u0130\u212a\u017f\uff41\uff0e\u3002\u4f8b\u05d0\ufdfa",
    ]
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=8).map("".join))


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_a_spelling_is_its_own(local: str, domain: str) -> None:
    try:
        spelled = email_spelling(f"{local}@{domain}")
    except ValueError:
        return
    assert email_spelling(spelled) == spelled
    assert unseen_character(spelled) is None
    assert deliverable(spelled).isascii()
    assert email_spelling(deliverable(spelled)) == spelled


def test_accounts_of_older_versions_are_looked_for_as_they_were_kept() -> None:
    assert email_spellings(" Anna@XN--mller-kva.example") == ["anna@xn--mller-kva.example", ONE]
    assert email_spellings(ONE) == [ONE, "anna@xn--mller-kva.example"]
    assert email_spellings("alice@exam\u200bple.org") == ["alice@exam\u200bple.org"]
    assert email_spellings("Alice@example.org") == ["alice@example.org"]


@settings(deadline=None)
@given(st.text())
def test_a_password_is_taken_in_one_form_and_keeps_its_spaces_and_capitals(text: str) -> None:
    assert password_spelling(unicodedata.normalize("NFD", text)) == password_spelling(text)
    assert password_spelling(f" {'A'} ") == " A "


@pytest.mark.parametrize("seen", ["Größe 🐈 πάντα", "密码", "e\u0301", " ", "\u00a0", "ก็"])
def test_letters_marks_and_spaces_are_seen(seen: str) -> None:
    assert unseen_character(seen) is None


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_is_not_seen_is_named(unseen: str) -> None:
    assert unseen_character(f"a{unseen}b") == unseen
