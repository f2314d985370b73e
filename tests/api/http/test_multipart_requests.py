import hashlib
import json

import pytest
from django.http import HttpResponse
from hypothesis import given, settings
from hypothesis import strategies as st

from server.api.http.form import MAX_PARTS
from tests.support.api import PREDICT, Api
from tests.support.graphql_errors import error_codes
from tests.support.http_requests import send

BOUNDARY = "a-line-that-stands-between"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
OPERATIONS = json.dumps(
    {"query": PREDICT, "variables": {"input": {"image": {"upload": None}}, "list": [None]}}
)
RIGHT_PATH = "variables.input.image.upload"
RIGHT_MAP = json.dumps({"photo": [RIGHT_PATH]})
FILE_NAME = 'name="photo"; filename="photo.png"'


def part(disposition: str, content: bytes | str) -> bytes:
    content = content.encode() if isinstance(content, str) else content
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def field(name: str, value: bytes | str) -> bytes:
    return part(f'name="{name}"', value)


def file(content: bytes = b"pixels") -> bytes:
    return part(FILE_NAME, content)


def post(body: bytes, content_type: str = CONTENT_TYPE) -> HttpResponse:
    # Without CSRF checks: what is asked here is how the body is read.
    return send("POST", body, content_type=content_type, enforce_csrf=False)


MAPS = {
    "no JSON": "abc",
    "empty text": "",
    "a list": "[]",
    "null": "null",
    "a number": "1",
    "a text of paths": json.dumps({"photo": RIGHT_PATH}),
    "a number for paths": json.dumps({"photo": 1}),
    "null for paths": json.dumps({"photo": None}),
    "a number as a path": json.dumps({"photo": [1]}),
    "an object as a path": json.dumps({"photo": [{}]}),
    "an empty path": json.dumps({"photo": [""]}),
    "dots": json.dumps({"photo": ["..."]}),
    "a path to nowhere": json.dumps({"photo": ["variables.input.picture"]}),
    "a path through a null": json.dumps({"photo": [f"{RIGHT_PATH}.deeper"]}),
    "a path through a text": json.dumps({"photo": ["query.0"]}),
    "a path to a text": json.dumps({"photo": ["query"]}),
    "a path to an object": json.dumps({"photo": ["variables.input"]}),
    "an index beyond the end": json.dumps({"photo": ["variables.list.1"]}),
    "a huge index": json.dumps({"photo": ["variables.list." + "9" * 5_000]}),
    "a negative index": json.dumps({"photo": ["variables.list.-1"]}),
    "an index with a sign": json.dumps({"photo": ["variables.list.+0"]}),
    "an index with a zero in front": json.dumps({"photo": ["variables.list.00"]}),
    "an index in other digits": json.dumps({"photo": ["variables.list.\u0660"]}),
    "a word as an index": json.dumps({"photo": ["variables.list.first"]}),
    "an attribute of the object": json.dumps({"photo": ["variables.__class__"]}),
    "one place twice": json.dumps({"photo": [RIGHT_PATH, RIGHT_PATH]}),
    "a file that is missing": json.dumps({"photo": [RIGHT_PATH], "other": []}),
    "deep lists": "[" * 100_000,
    "an escaped NUL": r'{"\u0000": []}',
}


@pytest.mark.parametrize("file_map", MAPS.values(), ids=MAPS)
def test_a_map_that_leads_nowhere_is_refused_as_bad_input(file_map: str) -> None:
    answer = post(form(field("operations", OPERATIONS), field("map", file_map), file()))

    assert answer.status_code == 400
    assert error_codes(answer) == ["BAD_USER_INPUT"]


FORMS = {
    "empty": b"",
    "only the end": form(),
    "no operations": form(field("map", RIGHT_MAP), file()),
    "no map": form(field("operations", OPERATIONS), file()),
    "no file": form(field("operations", OPERATIONS), field("map", RIGHT_MAP)),
    "operations in invalid UTF-8": form(field("operations", b"\xff"), field("map", "{}")),
    "operations that are null": form(field("operations", "null"), field("map", "{}")),
    "the file as the document": form(
        field("operations", '{"query": null}'), field("map", '{"photo": ["query"]}'), file()
    ),
    "the file as the variables": form(
        field("operations", '{"query": "{ __typename }", "variables": null}'),
        field("map", '{"photo": ["variables"]}'),
        file(),
    ),
    "another boundary": form(field("operations", OPERATIONS)).replace(b"line", b"word"),
    "cut off": form(field("operations", OPERATIONS), field("map", RIGHT_MAP), file())[:-60],
    "a part without a disposition": f"--{BOUNDARY}\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode(),
    "too many parts": form(
        field("operations", '{"query": "{ __typename }"}'),
        field("map", "{}"),
        *(part(f'name="n{number}"; filename="f"', "x") for number in range(MAX_PARTS - 1)),
    ),
    "a part with too many headers": form(
        part('name="operations"' + "\r\nX-More: 1" * 8, '{"query": "{ __typename }"}'),
        field("map", "{}"),
    ),
    "two parts of one name": form(
        field("operations", '{"query": "{ __typename }"}'),
        field("operations", '{"query": "{ __typename }"}'),
        field("map", "{}"),
    ),
    "two files of one name": form(
        field("operations", OPERATIONS), field("map", RIGHT_MAP), file(), file()
    ),
    "a part in base64": form(
        field("operations", OPERATIONS),
        field("map", RIGHT_MAP),
        part(f"{FILE_NAME}\r\nContent-Transfer-Encoding: base64", "YQ=="),
    ),
    "another disposition": form(
        field("operations", '{"query": "{ __typename }"}'), field("map", "{}")
    ).replace(b"form-data", b"attachment"),
    "a header without an end": f"--{BOUNDARY}\r\nContent-Disposition: ".encode() + b"x" * 3_000,
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_a_form_that_is_no_request_is_refused_as_bad_input(body: bytes) -> None:
    answer = post(body)

    assert answer.status_code == 400
    assert error_codes(answer) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=é",
        f"multipart/form-data; boundary={'x' * 300}",
    ],
)
def test_a_form_without_a_usable_boundary_is_refused(content_type: str) -> None:
    body = form(field("operations", '{"query": "{ __typename }"}'), field("map", "{}"))

    answer = post(body, content_type)

    assert answer.status_code == 400
    assert error_codes(answer) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "hex", "idna", "undefined", "none"])
def test_a_form_is_in_utf8_whatever_charset_it_claims(charset: str) -> None:
    operations = '{"query": "{ model(name: \\"é\\") { name } }"}'
    body = form(field("operations", operations), field("map", "{}"))

    answer = post(body, f"{CONTENT_TYPE}; charset={charset}")

    assert json.loads(answer.content) == {"data": {"model": None}}


def test_a_form_without_files_is_taken() -> None:
    answer = post(form(field("operations", '{"query": "{ __typename }"}'), field("map", "{}")))

    assert json.loads(answer.content) == {"data": {"__typename": "Query"}}


def test_a_file_where_the_schema_wants_a_text_is_bad_input_and_its_bytes_stay_unseen() -> None:
    document = "query ($name: String!) { model(name: $name) { name } }"
    operations = json.dumps({"query": document, "variables": {"name": None}})

    answer = post(
        form(
            field("operations", operations),
            field("map", json.dumps({"photo": ["variables.name"]})),
            file(b"private pixels"),
        )
    )

    assert error_codes(answer) == ["BAD_USER_INPUT"]
    assert b"private" not in answer.content


@pytest.mark.parametrize(
    "disposition",
    [
        'name="photo"',
        "name=photo",
        'name="photo"; filename=""',
        'name="photo"; filename=".."',
        'name="photo"; filename="."',
        'name="photo"; filename="../../photo.png"',
        'name="photo"; filename="C:\\fakepath\\"',
        'name="photo"; filename="a\x00b"',
        'name="photo"; filename="%22\xff"',
        "name=\"photo\"; filename*=UTF-8''%e2%82%ac.png",
        f'name="photo"; filename="{"x" * 3_000}"',
        'name="photo"; filename="photo.png"\r\nContent-Type: text/plain; charset=utf-16',
        'name="photo"; filename="photo.png"\r\nContent-Transfer-Encoding: binary',
    ],
)
def test_a_file_is_a_file_whatever_it_is_called(
    alice: Api, cat: bytes, classifier_is_ready: None, disposition: str
) -> None:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    body = form(
        field("operations", OPERATIONS),
        field("map", RIGHT_MAP),
        head.encode("latin-1") + cat + b"\r\n",
    )

    answer = alice.http.generic(
        "POST", "/graphql", body, CONTENT_TYPE, headers=dict(alice.headers())
    )

    payload = json.loads(answer.content)["data"]["predict"]
    assert payload["errors"] == []
    assert payload["prediction"]["image"]["sha256"] == hashlib.sha256(cat).hexdigest()


@pytest.mark.parametrize(
    "disposition",
    ['name="operations"; filename="blob"\r\nContent-Type: application/json', "name=operations"],
)
def test_the_operations_may_come_as_a_file_and_after_a_byte_order_mark(disposition: str) -> None:
    answer = post(
        form(
            field("map", b"\xef\xbb\xbf{}"),
            part(disposition, b'\xef\xbb\xbf{"query": "{ __typename }"}'),
        )
    )

    assert json.loads(answer.content) == {"data": {"__typename": "Query"}}


def test_one_file_may_stand_at_two_places(
    alice: Api, cat: bytes, classifier_is_ready: None
) -> None:
    document = """
      mutation ($first: Upload!, $second: Upload!) {
        first: predict(input: {image: {upload: $first}}) { ...Told }
        second: predict(input: {image: {upload: $second}}) { ...Told }
        third: predict(input: {image: {upload: $second}}) { ...Told }
      }
      fragment Told on PredictPayload { prediction { label } errors { code } }
    """
    operations = json.dumps({"query": document, "variables": {"first": None, "second": None}})
    body = form(
        field("operations", operations),
        field("map", json.dumps({"photo": ["variables.first", "variables.second"]})),
        file(cat),
    )

    answer = alice.http.generic(
        "POST", "/graphql", body, CONTENT_TYPE, headers=dict(alice.headers())
    )

    payloads = json.loads(answer.content)["data"].values()
    assert [payload["errors"] for payload in payloads] == [[], [], []]
    assert {payload["prediction"]["label"] for payload in payloads} == {"tiger cat"}


@settings(max_examples=150, deadline=None)
@given(
    cut=st.integers(min_value=0, max_value=900),
    noise=st.binary(max_size=12),
    removed=st.integers(min_value=0, max_value=40),
)
def test_whatever_is_broken_in_a_form_the_answer_is_a_coded_error(
    cut: int, noise: bytes, removed: int
) -> None:
    whole = form(
        field("operations", '{"query": "{ __typename }", "variables": {"x": null}}'),
        field("map", '{"photo": ["variables.x"]}'),
        file(),
    )

    answer = post(whole[:cut] + noise + whole[cut + removed :])

    assert answer.status_code in {200, 400}
    if "errors" in json.loads(answer.content):
        assert "INTERNAL_SERVER_ERROR" not in error_codes(answer)
