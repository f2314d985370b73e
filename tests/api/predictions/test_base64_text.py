import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.api.attempt import Base64Invalid
from server.api.predictions.base64_text import decode_base64


@given(content=st.binary(max_size=80), prefix=st.sampled_from(["", "data:image/png;base64,"]))
@example(content=b"\xfb\xff\xfe", prefix="")  # `+//+` and `-__-`
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("padding", ["=", ""])
def test_both_alphabets_are_read_with_and_without_padding(
    encode: type[bytes], padding: str, content: bytes, prefix: str
) -> None:
    text = prefix + encode(content).decode().replace("=", padding)

    assert decode_base64(text) == content


@pytest.mark.parametrize(
    "text",
    [
        "data:image/png;base64,YWJj",
        "DATA:IMAGE/PNG;BASE64,YWJj",
        "Data:;base64,YWJj",
        " data:image/png;base64,YWJj",
        "data:image/svg+xml;charset=utf-8;base64,YWJj",
        "YW\nJj\n",
        "YW\r\nJj\r\n",
        "\tYWJj ",
    ],
)
def test_a_data_url_in_any_case_and_line_breaks_are_passed_over(text: str) -> None:
    assert decode_base64(text) == b"abc"


@pytest.mark.parametrize(
    "text",
    [
        "abcde",  # six bits too many
        "a",
        "YQ=",  # half padded
        "YQ===",
        "YQ==YQ==",
        "=YQ=",
        "-/8=",  # of both alphabets
        "+_8=",
        "YW Jj",  # a plus that a form made a blank
        "YW\tJj",
        "YW\u2028Jj",
        "YWJ\u0443",
        "YW%4Aj",
        "\x00YWJj",
        "\ufeffYWJj",
        "image/png;base64,YWJj",
    ],
)
def test_what_could_mean_something_else_is_refused(text: str) -> None:
    with pytest.raises(Base64Invalid):
        decode_base64(text)
