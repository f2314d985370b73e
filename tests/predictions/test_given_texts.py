import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.predictions.errors import CorrectionInvalid
from server.predictions.given_texts import (
    MAX_SEARCH_TEXT_LENGTH,
    correction_of,
    file_name_of,
    folded,
    search_pattern,
    search_text,
)
from server.predictions.models import MAX_CORRECTION_LENGTH, MAX_FILE_NAME_LENGTH


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("IMG_0042.JPG", "IMG_0042.JPG"),
        ("holiday/2026/fox.jpg", "fox.jpg"),
        (r"C:\Users\somebody\fox.jpg", "fox.jpg"),
        ("  a   fox\t.jpg\r\nSet-Cookie: x", "a fox .jpg Set-Cookie: x"),
        ("fox\u202egpj.exe\x00", "foxgpj.exe"),
        ("Fu\u0308chse.jpg", "Füchse.jpg"),
        ("👨\u200d👩\u200d👧.png", "👨\u200d👩\u200d👧.png"),
        ("a/", None),
        ("\u200b\x07", None),
        ("", None),
        (None, None),
    ],
)
def test_of_a_files_name_remains_what_can_be_shown_in_a_line(
    given_name: str | None, kept: str | None
) -> None:
    assert file_name_of(given_name) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = file_name_of(f"{'x' * 200_000}.jpeg")

    assert name is not None
    assert len(name) == MAX_FILE_NAME_LENGTH
    assert name.endswith("x….jpeg")


@pytest.mark.parametrize("nothing", ["", " \n", "\u200b", "x" * (MAX_CORRECTION_LENGTH + 1)])
def test_a_correction_says_something_and_is_short(nothing: str) -> None:
    with pytest.raises(CorrectionInvalid):
        correction_of(nothing)


@given(st.text(max_size=3_000))
def test_whatever_is_given_is_bounded_and_a_name_is_found_by_itself(text: str) -> None:
    name = file_name_of(text)
    searched = search_text("", None, name) or ""

    assert len(name or "") <= MAX_FILE_NAME_LENGTH
    assert len(searched) <= MAX_SEARCH_TEXT_LENGTH
    assert folded(name or "")[: MAX_SEARCH_TEXT_LENGTH // 2] in searched


def test_what_is_searched_is_the_label_the_correction_and_the_name_without_case() -> None:
    assert search_text("Tiger cat", "Grüße", "IMG_1.JPG") == "tiger cat\ngrüsse\nimg_1.jpg"
    assert search_text("Füchse", None, None) == "füchse"
    assert len(search_text("ΐ" * 300, "ΐ" * 100, None) or "") == MAX_SEARCH_TEXT_LENGTH
    assert search_text("Tiger cat", None, None) is None  # its label in lower case is all


def test_what_means_more_in_a_pattern_is_looked_for_as_it_is() -> None:
    assert search_pattern(r"50%_\Fox") == r"%50\%\_\\fox%"
