"""Photos that look alike: named at once, taught at once, cleaned up."""

import base64
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.client.conftest import ALIKE, Visit
from tests.browser.client.deployment import Offer
from tests.browser.client.looks import overflows, violations
from tests.browser.client.views import OPEN
from tests.browser.client.visitor import PHONE
from tests.support.client_account import Account, Row
from tests.support.photo_parts import parts_of

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.needs(Offer.MANAGEMENT)]

PREDICT = "mutation ($input: PredictInput!) { predict(input: $input) { prediction { id label } } }"
CREATE = 'mutation { createClassifier(input: {name: "Pets"}) { classifier { id } } }'
DELETE = """
mutation ($input: DeletePredictionInput!) { deletePrediction(input: $input) { deletedId } }
"""
NAMES = "{ viewer { history { nodes { label correction { label } } } } }"
EXAMPLES = '{ viewer { classifier(name: "Pets") { examples { nodes { label { name } } } } } }'


@pytest.fixture
def photographer(account: Account, photo: Callable[[str], bytes]) -> Account:
    """Somebody with three photos of a cat and two of a cup."""
    for each in [*parts_of(photo("chelsea.png"), 3), *parts_of(photo("coffee.png"), 2)]:
        image = {"base64": base64.b64encode(each).decode()}
        account.execute(PREDICT, {"input": {"image": image}})
    return account


def group(page: Page, heading: str | re.Pattern[str]) -> Locator:
    """The group of photos with this heading."""
    return page.locator("group-card").filter(has=page.get_by_role("heading", name=heading, level=2))


def corrections(account: Account) -> list[str | None]:
    nodes = account.execute(NAMES)["viewer"]["history"]["nodes"]
    return [node["correction"] and node["correction"]["label"] for node in nodes]


def test_a_group_is_named_at_once_on_a_phone_and_taken_back(
    visit: Visit, photographer: Account
) -> None:
    page = visit(photographer, viewport=PHONE, has_touch=True).open("#/history")
    page.get_by_role("link", name="Look-alikes").tap()
    expect(page.get_by_role("heading", name="Photos that look alike")).to_be_focused()
    expect(page.get_by_text("5 photos in 2 groups")).to_be_visible()
    cats = group(page, re.compile("^3 look alike"))
    cats.get_by_role("checkbox", name=re.compile("^Photo 3 of 3: ")).tap()
    cats.get_by_label("They show").fill("My cat Tom")
    assert violations(page) == []
    cats.get_by_role("button", name="Name 2").tap()

    left = group(page, "1 is left: what does it show?")
    expect(left.get_by_text("2 photos are “My cat Tom” now")).to_be_visible()
    assert sorted(map(str, corrections(photographer))) == ["My cat Tom"] * 2 + ["None"] * 3
    assert violations(page) == []
    left.get_by_role("button", name="Undo").tap()
    expect(cats).to_be_visible()
    assert corrections(photographer) == [None] * 5

    cats.get_by_label("They show").fill("Tom")
    page.keyboard.press("Enter")
    done = page.get_by_role("heading", name="3 photos are “Tom” now")
    expect(done).to_be_focused()
    page.get_by_role("link", name="Back to your history").tap()
    expect(page.locator(".row .label").filter(has_text="Tom")).to_have_count(3)
    assert dict(overflows(page)) == {}


def test_a_group_begins_the_first_lesson_of_whoever_has_none(
    visit: Visit, photographer: Account
) -> None:
    page = visit(photographer, viewport=PHONE).open("#/history/groups")
    cats = group(page, re.compile("^3 look alike"))
    cats.get_by_role("checkbox", name=re.compile("^Photo 3 of 3: ")).uncheck()
    cats.get_by_label("They show").fill("Tom")
    cats.get_by_role("button", name="Start a lesson with these").click()
    expect(page.get_by_role("heading", name="Teach Telltale")).to_be_focused()
    expect(page.get_by_text("2 photos you picked go in at once")).to_be_visible()
    expect(page.get_by_label("One kind of thing")).to_have_value("Tom")
    page.get_by_label("What it is about").fill("Pets")
    page.get_by_label("Another kind").fill("Rex")
    assert violations(page) == []
    page.get_by_role("button", name="Start").click()
    panels = page.locator("label-panel")
    expect(panels).to_contain_text(["Tom2 photos", "Rex0 photos"])
    nodes = photographer.execute(EXAMPLES)["viewer"]["classifier"]["examples"]["nodes"]
    assert nodes == [{"label": {"name": "Tom"}}] * 2
    page.evaluate(OPEN, "#/lessons")
    expect(page.get_by_label("One kind of thing")).to_have_value("")


def test_a_group_becomes_examples_of_a_lesson_that_then_can_learn_them(
    visit: Visit, photographer: Account
) -> None:
    photographer.execute(CREATE)
    page = visit(photographer).open("#/history/groups")
    cats = group(page, re.compile("^3 look alike"))
    label = cats.get_by_label("They show").input_value()
    # What they are called already they need not be called once more.
    if "?" not in cats.get_by_role("heading").inner_text():
        expect(cats.get_by_role("button", name="Name all 3")).to_be_disabled()
    cats.get_by_label("Teach it to").select_option("Pets")
    assert violations(page) == []
    cats.get_by_role("button", name="Name all 3").click()
    learn = page.get_by_role("link", name="Let “Pets” learn it")
    expect(learn).to_be_visible()
    nodes = photographer.execute(EXAMPLES)["viewer"]["classifier"]["examples"]["nodes"]
    assert nodes == [{"label": {"name": label}}] * 3
    learn.click()
    expect(page.get_by_role("heading", name="Pets", level=1)).to_be_visible()
    expect(page.locator("label-panel").get_by_text("3 photos")).to_be_visible()


def test_all_but_one_of_nearly_the_same_are_deleted_and_come_back(
    visit: Visit, account: Account, crop: bytes
) -> None:
    account.store([Row("tabby", age=age, embedding=ALIKE) for age in range(4)], crop)
    page = visit(account).open("#/history/groups")
    page.get_by_label("Nearly the same").check()
    page.wait_for_url("**how=same")
    page.evaluate(OPEN, "#/history/groups")
    expect(page.get_by_label("Alike", exact=True)).to_be_checked()
    expect(page.get_by_role("heading", name="4 look alike, all “tabby”")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Nearly the same")).to_be_checked()
    same = group(page, "4 nearly the same photos of “tabby”")
    boxes = same.get_by_role("checkbox")
    expect(boxes.first).not_to_be_checked()
    expect(same.get_by_text("Stays")).to_have_count(1)
    boxes.nth(1).uncheck()
    expect(same.get_by_text("Stays")).to_have_count(2)
    boxes.nth(1).check()
    same.get_by_role("button", name="Delete 3").press("Enter")
    expect(page.get_by_role("heading", name="3 answers deleted")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(same.get_by_role("button", name="Delete 3")).to_be_visible()
    assert account.stored() == 4

    same.get_by_role("button", name="Delete 3").click()
    page.get_by_role("link", name="Back to your history").click()
    expect(page.locator(".row")).to_have_count(1)


def test_hundreds_are_folded_seen_when_asked_for_and_named_in_one_go(
    visit: Visit, account: Account, crop: bytes
) -> None:
    rows = [Row("pot" if age % 5 else "vase", age=age, embedding=ALIKE) for age in range(230)]
    account.store(rows, crop)
    page = visit(account).open("#/history/groups")
    many = group(page, "230 look alike: all “pot”?")
    expect(many.locator(".pick")).to_have_count(12)
    many.get_by_role("button", name="All 230", exact=True).click()
    expect(many.get_by_role("checkbox")).to_have_count(230)
    expect(many.get_by_role("checkbox").nth(12)).to_be_focused()
    page.keyboard.press("Space")
    many.get_by_label("They show").fill("fern")
    many.get_by_role("button", name="Name 229").click()
    expect(page.get_by_text("229 photos are “fern” now")).to_be_visible()
    found = account.execute('{ viewer { history(filter: {search: "fern"}) { totalCount } } }')
    assert found["viewer"]["history"]["totalCount"] == 229


def test_without_any_it_is_said_and_what_goes_wrong_is_tried_again(
    visit: Visit, account: Account, crop: bytes
) -> None:
    visitor = visit(account, viewport=PHONE)
    visitor.excuse("ERR_FAILED")
    page = visitor.open("#/history/groups")
    expect(page.get_by_role("heading", name="None look alike")).to_be_visible()
    assert violations(page) == []
    account.store([Row("tabby", age=age, embedding=ALIKE) for age in range(2)], crop)
    page.clock.install()  # what is read is tried again for a while, as long as it may be asleep
    page.route("**/graphql", lambda route: route.abort())
    page.get_by_label("Nearly the same").check()
    page.get_by_text("Comparing your photos").wait_for()
    problem = page.locator("groups-view .problem")
    while not problem.is_visible():
        page.clock.run_for(10_000)
    expect(problem).to_have_text(re.compile("can’t be reached"))
    assert violations(page) == []
    page.unroute("**/graphql")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="2 nearly the same")).to_be_visible()
    account.execute("mutation { clearHistory { deletedCount } }")
    page.get_by_label("Alike", exact=True).check()
    expect(page.get_by_role("heading", name="None look alike")).to_be_visible()


def test_one_that_was_deleted_elsewhere_is_no_longer_there(
    visit: Visit, account: Account, crop: bytes
) -> None:
    account.store([Row("tabby", age=age, embedding=ALIKE) for age in range(3)], crop)
    page = visit(account).open("#/history/groups")
    tabbies = group(page, "3 look alike, all “tabby”")
    tabbies.get_by_label("They show").fill("Tom")
    nodes = account.execute("{ viewer { history { nodes { id } } } }")["viewer"]["history"]["nodes"]
    account.execute(DELETE, {"input": nodes[1]})
    tabbies.get_by_role("button", name="Name all 3").click()
    expect(group(page, "2 look alike, all “tabby”")).to_be_visible()
    assert corrections(account) == [None] * 2
