import pytest
from pytest_django import DjangoAssertNumQueries

from server.api.node import global_id
from server.classifier.card import EFFICIENTNET_LITE0
from tests.support.api import Api
from tests.support.stored import model_version, signed_in, store_prediction, user_named

NODE = """
query Node($id: ID!) {
  node(id: $id) {
    __typename id
    ... on User { email }
    ... on Prediction { label model { name } }
    ... on Model { name version isDefault license source labelCount labels(first: 3) }
    ... on ApiToken { name hint }
  }
}
"""


@pytest.fixture
def alice(db: None) -> Api:
    return signed_in("alice@example.org")


@pytest.fixture
def bob(db: None) -> Api:
    return signed_in("bob@example.org")


def node(api: Api, identity: str, token: str | None = None) -> dict | None:
    return api.execute(NODE, token=token, id=identity).data["node"]


def test_a_model_that_answers_today_is_found_by_anybody(
    api: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    identity = api.execute("{ models { id } }").data["models"][0]["id"]

    with django_assert_num_queries(0):
        found = node(api, identity)

    assert found == {
        "__typename": "Model",
        "id": identity,
        "name": "efficientnet-lite0",
        "version": "2",
        "isDefault": True,
        "license": "Apache-2.0",
        "source": EFFICIENTNET_LITE0.source,
        "labelCount": 1000,
        "labels": ["tench", "goldfish", "great white shark"],
    }


@pytest.mark.parametrize(
    ("name", "version"), [("retired", "7"), ("efficientnet-lite0", "0"), ("a@b", "1:2")]
)
def test_a_retired_model_is_found_as_its_predictions_remember_it(
    alice: Api, name: str, version: str
) -> None:
    remembered = model_version(
        name, version, labels=["cat", "dog"], license="MIT", source="https://example.org"
    )
    store_prediction(user_named("alice@example.org"), model_version=remembered)
    history = alice.execute("{ viewer { history { edges { node { model { id } } } } } }")
    identity = history.data["viewer"]["history"]["edges"][0]["node"]["model"]["id"]

    assert node(alice, identity) == {
        "__typename": "Model",
        "id": identity,
        "name": name,
        "version": version,
        "isDefault": False,
        "license": "MIT",
        "source": "https://example.org",
        "labelCount": 2,
        "labels": ["cat", "dog"],
    }


def test_ones_own_things_are_found_by_their_ids(alice: Api) -> None:
    alice.create_token("READ")
    user = user_named("alice@example.org")
    prediction = store_prediction(user, label="lynx")
    viewer = alice.execute("{ viewer { id apiTokens { id hint } } }").data["viewer"]
    token = viewer["apiTokens"][0]

    assert node(alice, viewer["id"]) == {
        "__typename": "User",
        "id": global_id("User", user.pk),
        "email": "alice@example.org",
    }
    assert node(alice, token["id"]) == {"__typename": "ApiToken", "name": "a token", **token}
    assert node(alice, global_id("Prediction", prediction.pk)) == {
        "__typename": "Prediction",
        "id": global_id("Prediction", prediction.pk),
        "label": "lynx",
        "model": {"name": "efficientnet-lite0"},
    }


def test_a_token_that_reads_finds_what_its_owner_would(alice: Api, api: Api) -> None:
    prediction = store_prediction(user_named("alice@example.org"))
    identity = global_id("Prediction", prediction.pk)

    found = node(api, identity, token=alice.create_token("READ"))
    refused = api.execute(NODE, token=alice.create_token("PREDICT"), id=identity)

    assert found is not None
    assert refused.codes == ["FORBIDDEN"]


def test_the_things_of_others_do_not_exist(alice: Api, bob: Api, api: Api) -> None:
    alice.create_token("READ")
    store_prediction(user_named("alice@example.org"))
    viewer = alice.execute(
        "{ viewer { id apiTokens { id } history { edges { node { id } } } } }"
    ).data["viewer"]
    identities = [
        viewer["id"],
        viewer["apiTokens"][0]["id"],
        viewer["history"]["edges"][0]["node"]["id"],
    ]

    assert [node(bob, identity) for identity in identities] == [None, None, None]
    assert [node(api, identity) for identity in identities] == [None, None, None]
    assert None not in [node(alice, identity) for identity in identities]


@pytest.mark.parametrize(
    "identity",
    [
        "",
        "garbage",
        "é",
        "====",
        "User:1",
        global_id("", ""),
        global_id("Robot", 1),
        global_id("Session", 1),
        global_id("ModelVersion", 1),
        global_id("Node", 1),
        *(
            global_id(type_name, key)
            for type_name in ("User", "Prediction", "ApiToken")
            for key in ("", "-1", "0", "+1", " 1", "1.0", "1_0", "x", "\x00", 2**63, "9" * 5000)
        ),
        *(
            global_id("Model", key)
            for key in ("", "@", "x", "x@", "@1", "efficientnet-lite0", "efficientnet-lite0@3")
        ),
        global_id("Model", "\x00@1"),
        global_id("Model", "efficientnet-lite0@\x00"),
        global_id("Model", "x" * 10_000 + "@1"),
    ],
    ids=lambda identity: identity[:30],
)
def test_an_id_of_nothing_is_null(alice: Api, identity: str) -> None:
    assert node(alice, identity) is None
