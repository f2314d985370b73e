import io
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.playground_page import ACTIVE_TAB, EDITORS, Playground

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def playground(page: Page) -> Playground:
    return Playground(page)


@pytest.fixture
def member(playground: Playground) -> Playground:
    """The playground of somebody who has registered in it."""
    assert playground.run()["data"]["register"]["errors"] == []
    return playground


def test_a_newcomer_registers_predicts_finds_the_answer_and_makes_a_token(
    playground: Playground, cat: bytes
) -> None:
    account = playground.page.locator("#account [role=status]")
    expect(account).to_have_text("Nobody is signed in")
    email = playground.variables()["input"]["email"]
    assert playground.run()["data"]["register"]["user"]["email"] == email
    expect(account).to_have_text(f"Signed in as {email}")

    playground.pick_photo(cat, "chelsea.png")
    expect(playground.page.locator(ACTIVE_TAB)).to_have_text("Predict")
    prediction = playground.run()["data"]["predict"]["prediction"]
    assert prediction["label"] in {"tabby", "tiger cat", "Egyptian cat"}
    expect(playground.page.locator(".graphiql-response")).to_contain_text(prediction["label"])
    crop = playground.page.get_by_alt_text("What the model saw")
    expect(crop).to_have_js_property("naturalWidth", 224)

    playground.open_tab("History")
    history = playground.run()["data"]["viewer"]["history"]
    assert [edge["node"]["id"] for edge in history["edges"]] == [prediction["id"]]

    playground.open_tab("Why")
    [why] = playground.run()["data"]["viewer"]["history"]["nodes"]
    assert why["heatMap"]["label"] == why["label"] == prediction["label"]
    assert why["similar"] == []  # of one photo

    playground.open_tab("CreateToken")
    token = playground.run("CreateToken")["data"]["createApiToken"]
    assert token["secret"].startswith("tt_")
    listed = playground.run("ListTokens")["data"]["viewer"]["apiTokens"]
    assert [item["id"] for item in listed] == [token["apiToken"]["id"]]

    playground.write("variables", json.dumps({"revoked": {"id": listed[0]["id"]}}))
    assert playground.run("RevokeToken")["data"]["revokeApiToken"]["apiToken"]["revokedAt"]
    playground.page.get_by_role("link", name="Tokens").click()
    expect(playground.page.get_by_role("heading", name="Personal access tokens")).to_be_visible()


def test_logging_out_and_in_again_just_works(member: Playground) -> None:
    account = member.page.locator("#account [role=status]")
    credentials = member.text("variables")
    member.open_tab("LogIn")
    member.page.get_by_role("button", name="Sign out").click()
    expect(account).to_have_text("Nobody is signed in")
    member.write("variables", credentials)
    assert member.run("LogIn")["data"]["logIn"]["errors"] == []
    expect(account).to_contain_text(json.loads(credentials)["input"]["email"])


def test_a_token_in_the_headers_is_used_and_not_kept(member: Playground) -> None:
    member.open_tab("CreateToken")
    secret = member.run("CreateToken")["data"]["createApiToken"]["secret"]
    member.page.context.clear_cookies(name="sessionid")
    member.page.get_by_role("button", name="Headers").click()
    member.write("headers", json.dumps({"Authorization": f"Bearer {secret}"}))
    assert len(member.run("ListTokens")["data"]["viewer"]["apiTokens"]) == 1

    assert secret not in member.stored()
    member.page.reload()
    member.wait_until_ready()
    member.wait_for_operation("CreateToken")  # the tab is still the active one
    assert member.text("headers") == ""
    assert member.run("ListTokens")["data"]["viewer"] is None


def test_neither_password_nor_photo_is_kept_in_the_browser(member: Playground, cat: bytes) -> None:
    password = member.variables()["input"]["password"]
    member.pick_photo(cat)
    photo = member.variables()["input"]["image"]["base64"]
    member.run()
    stored = member.stored()
    assert password not in stored
    assert photo[:200] not in stored

    member.page.reload()
    member.wait_until_ready()
    titles = ["Register", "Predict", "History", "Why"]
    titles += ["CreateClassifier", "CreateToken", "LogIn"]
    expect(member.page.locator(".graphiql-tab-button")).to_have_text(titles)
    assert member.variables() == {"input": {"image": {"base64": ""}}}


def test_a_large_photo_is_reduced_to_an_upright_jpeg(playground: Playground) -> None:
    upright = Image.new("RGB", (1200, 1600), "red")
    upright.paste("blue", (0, 800, 1200, 1600))
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turn by 90° clockwise to look at it
    file = io.BytesIO()
    lying.save(file, "JPEG", exif=exif)

    playground.pick_photo(file.getvalue(), "phone.jpg")
    with Image.open(io.BytesIO(playground.photo())) as reduced:
        assert reduced.format == "JPEG"
        assert reduced.size == (640, 853)
        red, _, blue = reduced.getpixel((320, 100))
        assert red > blue
        red, _, blue = reduced.getpixel((320, 753))
        assert blue > red


def test_a_small_photo_stays_as_it_is_and_a_large_one_gets_a_white_ground(
    playground: Playground, cat: bytes
) -> None:
    playground.pick_photo(cat)
    assert playground.photo() == cat  # as the client sends it: the same photo has the same answer
    file = io.BytesIO()
    Image.new("RGBA", (1300, 1100), (0, 0, 0, 0)).save(file, "PNG")
    playground.pick_photo(file.getvalue(), "large.png")
    with Image.open(io.BytesIO(playground.photo())) as taken:
        assert min(taken.size) == 640
        assert min(taken.getpixel((20, 15))) > 250


def test_what_the_browser_cannot_decode_goes_in_as_it_is(member: Playground) -> None:
    member.pick_photo(b"no picture at all", "notes.heic")
    assert member.photo() == b"no picture at all"
    [error] = member.run()["data"]["predict"]["errors"]
    assert error["code"] == "IMAGE_FORMAT_UNSUPPORTED"


def test_what_can_be_neither_decoded_nor_held_is_refused(playground: Playground) -> None:
    playground.pick_file(bytes(4_000_001), "raw.heic")
    expect(playground.page.locator("#notice")).to_contain_text("raw.heic can't be taken")
    expect(playground.page.locator(ACTIVE_TAB)).to_have_text("Register")


def test_a_photo_is_shown_as_one_word(playground: Playground, cat: bytes) -> None:
    playground.pick_photo(cat)
    expect(playground.page.locator(".folded-photo")).to_have_text(
        f"{-(-len(playground.photo()) // 1000)} kB"
    )


def test_a_photo_leaves_the_other_variables_as_they_are(playground: Playground, cat: bytes) -> None:
    playground.open_tab("Predict")
    playground.write("variables", '{"input": {"idempotencyKey": "once"}, "other": [1]}')
    playground.pick_photo(cat)
    variables = playground.variables()
    assert variables["input"].pop("image").keys() == {"base64"}
    assert variables == {"input": {"idempotencyKey": "once"}, "other": [1]}


def test_variables_that_are_no_json_are_not_overwritten(playground: Playground, cat: bytes) -> None:
    playground.open_tab("Predict")
    playground.write("variables", '{"input": ')
    playground.pick_file(cat, "cat.png")
    expect(playground.page.locator("#notice")).to_contain_text("no JSON object")
    assert playground.text("variables") == '{"input": '


def test_a_photo_opens_the_predict_tab_anew_when_it_was_closed(
    member: Playground, cat: bytes
) -> None:
    member.open_tab("Predict")
    tab = member.page.get_by_role("tab", name="Predict")
    tab.get_by_role("button", name="Close Tab").click()
    expect(member.page.get_by_role("tab", name="Predict")).to_have_count(0)
    member.pick_photo(cat)
    expect(member.page.locator(ACTIVE_TAB)).to_have_text("Predict")
    assert member.run()["data"]["predict"]["errors"] == []


@pytest.mark.parametrize("visited_before", [False, True])
def test_an_operation_of_the_address_opens_as_a_tab(page: Page, *, visited_before: bool) -> None:
    if visited_before:
        Playground(page).stored()
    parameters = {
        "query": "query Other { models { name } } query Asked($name: String!) "
        "{ model(name: $name) { isDefault } }",
        "variables": '{"name":"efficientnet-lite0"}',
        "operationName": "Asked",
    }
    playground = Playground(page, f"/graphql?{urlencode(parameters)}")
    assert playground.variables() == {"name": "efficientnet-lite0"}
    expect(page.get_by_role("tab")).to_have_count(8)
    expect(page.locator(ACTIVE_TAB)).to_have_text("Asked")
    assert playground.run("Asked")["data"] == {"model": {"isDefault": True}}
    playground.open_tab("Register")
    assert playground.variables()["input"]["email"].endswith("@example.com")


def test_no_inline_script_is_needed(page: Page) -> None:
    answer = page.goto("/graphql")
    assert answer is not None
    policy = {
        name: sources
        for name, *sources in map(str.split, answer.headers["content-security-policy"].split(";"))
    }
    assert policy.get("script-src", policy["default-src"]) == ["'self'"]
    Playground(page)  # and its fixture would tell of anything that was refused


def test_the_documentation_and_the_explorer_know_the_schema(playground: Playground) -> None:
    page = playground.page
    page.get_by_role("button", name="Show Documentation Explorer").click()
    expect(page.locator(".graphiql-doc-explorer")).to_contain_text("HistoryFilter")
    page.get_by_role("button", name="Show GraphiQL Explorer").click()
    expect(page.locator(".graphiql-explorer-root")).to_contain_text("requestPasswordReset")
    page.get_by_role("button", name="Open settings dialog").click()
    expect(page.get_by_role("dialog")).not_to_contain_text("Persist headers")


def test_an_unreachable_server_is_said_in_the_response(playground: Playground) -> None:
    playground.page.route(
        "**/graphql",
        lambda route: route.fulfill(
            status=200, content_type="text/html", body="<h1>Waking up</h1>"
        ),
    )
    playground.page.get_by_role("button", name="Execute query").click()
    response = playground.page.locator(".graphiql-response")
    expect(response).to_contain_text("The server answered 200 and no JSON")
    expect(playground.page.locator("#account [role=status]")).to_have_text("Not connected")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_question_variables_and_answer_below_each_other(
    page: Page,
    scheme: Any,  # noqa: ANN401 - Playwright's literals
) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.emulate_media(color_scheme=scheme)
    playground = Playground(page)
    playground.run()
    expect(page.locator(EDITORS["response"])).to_be_in_viewport(ratio=0.5)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    boxes = [
        page.locator(EDITORS[name]).bounding_box() for name in ("query", "variables", "response")
    ]
    for box in boxes:
        assert box is not None
        assert box["width"] > 200
        assert box["height"] > 100
    assert [box["y"] for box in boxes if box] == sorted(box["y"] for box in boxes if box)
    ground = page.evaluate(
        "getComputedStyle(document.querySelector('.site-header')).backgroundColor"
    )
    is_dark = sum(int(part) for part in ground.strip("rgb()").split(",")) < 3 * 128
    assert is_dark == (scheme == "dark")


def test_the_header_leads_to_the_first_page(playground: Playground) -> None:
    link = playground.page.get_by_role("link", name="Telltale")
    expect(link).to_have_attribute("href", "/")
