"""What is listed of classifiers: in pages, both ways, within the budget of a request."""

from typing import Any

import pytest

from server.accounts.models import User
from server.api.node import global_id
from server.teaching.labels import WantedLabel, relabel_examples
from server.teaching.models import Classifier, Example
from server.teaching.training import train_classifier
from tests.support.api import Api
from tests.support.taught import stored_picture, taught, teach

pytestmark = pytest.mark.usefixtures("classifier_is_ready")

PAGE = "nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage } totalCount"


def of_classifier(alice: Api, fields: str, name: str = "plants") -> Any:  # noqa: ANN401 - what is asked
    answer = alice.execute(f'{{ viewer {{ classifier(name: "{name}") {{ {fields} }} }} }}')
    return answer.data["viewer"]["classifier"]


def walked(alice: Api, examples: str, *, back: bool) -> list[str]:
    """The ids of all pages of two."""
    size, beyond, more = (
        ("last", "before", "hasPreviousPage") if back else ("first", "after", "hasNextPage")
    )
    ids: list[str] = []
    cursor = ""
    while True:
        page = of_classifier(alice, f"examples({size}: 2 {cursor} {examples}) {{ {PAGE} }}")[
            "examples"
        ]
        nodes = [node["id"] for node in page["nodes"]]
        ids = [*nodes, *ids] if back else [*ids, *nodes]
        assert page["pageInfo"]["hasNextPage" if back else "hasPreviousPage"] == bool(cursor)
        if not page["pageInfo"][more]:
            return ids
        cursor = f'{beyond}: "{page["edges"][0 if back else -1]["cursor"]}"'


def test_examples_are_read_on_and_back_the_latest_first(alice: Api, alice_user: User) -> None:
    plants = teach(alice_user, {"fern": 3, "moss": 2})
    keys = plants.examples.order_by("-pk").values_list("pk", flat=True)
    ids = [global_id("Example", key) for key in keys]

    assert walked(alice, "", back=False) == walked(alice, "", back=True) == ids
    assert walked(alice, 'label: "moss"', back=False) == ids[:2]


def test_those_worth_a_second_look_come_least_agreed_with_first(
    alice: Api, alice_user: User
) -> None:
    plants = teach(alice_user, {"fern": 20, "moss": 20})
    wrong = list(plants.examples.filter(label__name="moss").values_list("pk", flat=True)[:3])
    relabel_examples(alice_user, plants.pk, wrong, WantedLabel("fern"))
    train_classifier(alice_user, plants.pk)

    expected = [
        global_id("Example", key)
        for key in Example.objects.filter(pk__in=wrong)
        .order_by("agreement")
        .values_list("pk", flat=True)
    ]
    assert walked(alice, "suspicious: true", back=False) == expected
    assert walked(alice, "suspicious: true", back=True) == expected
    told = of_classifier(alice, "examples(suspicious: true) { nodes { agreement isSuspicious } }")
    assert all(
        node["isSuspicious"] and node["agreement"] < 0.5 for node in told["examples"]["nodes"]
    )


@pytest.mark.parametrize("cursor", ["", "x", "WzAuNSwxXQ=="])
def test_a_cursor_of_another_order_is_refused(alice: Api, alice_user: User, cursor: str) -> None:
    teach(alice_user, {"fern": 1})
    answer = alice.execute(f'{{ viewer {{ classifiers(after: "{cursor}") {{ totalCount }} }} }}')
    assert answer.codes == ["BAD_USER_INPUT"]


def test_versions_and_classifiers_are_listed_the_latest_first(alice: Api, alice_user: User) -> None:
    taught(alice_user, {"fern": 2, "moss": 2})
    teach(alice_user, {"moss": 1})
    train_classifier(alice_user, Classifier.objects.get().pk)
    teach(alice_user, {"a": 1}, name="birds")

    listed = alice.execute("{ viewer { classifiers { nodes { name } totalCount } } }").data
    versions = of_classifier(alice, "versions(first: 1) { nodes { number } totalCount }")

    assert listed["viewer"]["classifiers"] == {
        "nodes": [{"name": "birds"}, {"name": "plants"}],
        "totalCount": 2,
    }
    assert versions["versions"] == {"nodes": [{"number": 2}], "totalCount": 2}


def test_what_it_is_least_decided_about_is_suggested_and_no_example(
    alice: Api, alice_user: User
) -> None:
    taught(alice_user, {"fern": 5, "moss": 5})
    oak = stored_picture(alice_user, "oak")
    stored_picture(alice_user, "fern")

    suggested = of_classifier(
        alice, 'suggestions(first: 1) { id readAs(model: "plants") { isKnown } }'
    )["suggestions"]

    assert suggested == [{"id": global_id("Prediction", oak.pk), "readAs": {"isKnown": False}}]
    assert len(of_classifier(alice, "suggestions { id }")["suggestions"]) == 2


def test_nothing_is_suggested_before_the_first_training(alice: Api, alice_user: User) -> None:
    teach(alice_user, {"fern": 1})
    stored_picture(alice_user, "oak")
    assert of_classifier(alice, "suggestions { id } currentVersion { id }") == {
        "suggestions": [],
        "currentVersion": None,
    }


def test_a_request_asks_for_so_much_and_no_more(alice: Api, alice_user: User) -> None:
    teach(alice_user, {"fern": 1})
    many = " ".join(f"a{n}: suggestions(first: 20) {{ id }}" for n in range(6))
    answer = alice.execute(f'{{ viewer {{ classifier(name: "plants") {{ {many} }} }} }}')
    assert "COST_LIMIT_EXCEEDED" in answer.codes
    for size in ("first: 101", "last: 101", "first: -1", "first: 1 last: 1"):
        answer = alice.execute(f"{{ viewer {{ classifiers({size}) {{ totalCount }} }} }}")
        assert answer.codes == ["BAD_USER_INPUT"]
