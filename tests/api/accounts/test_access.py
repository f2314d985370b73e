"""Who may call which account mutation."""

import pytest
from graphql import (
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_required_input_field,
)

from server.accounts.models import ApiToken, User
from server.api.schema import schema
from tests.support.api import PASSWORD, Api
from tests.support.mutations import error_codes, mutate, viewer_email

NEW_PASSWORD = "another horse battery 8"


def mutations() -> dict[str, GraphQLField]:
    mutation_type = schema._schema.mutation_type
    assert mutation_type is not None
    return mutation_type.fields


def input_fields(mutation: GraphQLField) -> dict[str, GraphQLInputField]:
    """The members that the input of a mutation has to have."""
    argument = mutation.args.get("input")
    named = get_named_type(argument.type) if argument else None
    fields = named.fields if isinstance(named, GraphQLInputObjectType) else {}
    return {name: field for name, field in fields.items() if is_required_input_field(field)}


def example_of(type_: GraphQLInputType) -> object:
    """A value of an input type, though nothing is called so."""
    if isinstance(type_, GraphQLNonNull):
        return example_of(type_.of_type)
    if isinstance(type_, GraphQLList):
        return [example_of(type_.of_type)]
    if isinstance(type_, GraphQLInputObjectType):
        if type_.is_one_of:
            return {"base64": ""}
        members = {n: f for n, f in type_.fields.items() if is_required_input_field(f)}
        return {name: example_of(field.type) for name, field in members.items()}
    return {"Int": 1, "Float": 0.5, "Boolean": True}.get(str(type_), "x")


@pytest.fixture
def token_without_manage(alice: Api) -> str:
    return alice.create_token("READ", "PREDICT")


NEEDS_A_SESSION = {
    "changePassword": {"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD},
    "deleteAccount": {"currentPassword": PASSWORD},
    "createApiToken": {"name": "another", "scopes": ["READ"]},
    "revokeApiToken": {"id": "QXBpVG9rZW46MQ=="},
}
REFUSES_A_TOKEN = {
    "register": {"email": "carol@example.org", "password": PASSWORD},
    "logIn": {"email": "alice@example.org", "password": PASSWORD},
    "logOut": {},
    "requestPasswordReset": {"email": "alice@example.org"},
    "resetPassword": {"resetToken": "MQ.code", "newPassword": NEW_PASSWORD},
}
OF_PHOTOS = {"predict", "tryPredict"}
OF_FILES = {
    "importClassifier"
}  # sent with its file in tests/api/teaching/test_import_classifier.py
# Read off the schema: whatever is new changes or deletes what is stored, unless it is added above.
MANAGES = {
    name: {member: example_of(field.type) for member, field in input_fields(mutation).items()}
    for name, mutation in mutations().items()
    if name not in {*NEEDS_A_SESSION, *REFUSES_A_TOKEN, *OF_PHOTOS, *OF_FILES}
}


def test_every_mutation_of_an_account_is_there() -> None:
    assert set(mutations()) >= {
        *NEEDS_A_SESSION,
        *REFUSES_A_TOKEN,
        *OF_PHOTOS,
        *OF_FILES,
        "clearHistory",
    }


@pytest.mark.parametrize("mutation", MANAGES)
def test_what_changes_or_deletes_takes_a_session_or_a_token_that_may_manage(
    api: Api, token_without_manage: str, mutation: str
) -> None:
    options = MANAGES[mutation]

    by_nobody = mutate(api, mutation, **options)
    by_token = mutate(api, mutation, token=token_without_manage, **options)

    assert (by_nobody.codes, by_nobody.body["data"]) == (["UNAUTHENTICATED"], {mutation: None})
    assert (by_token.codes, by_token.body["data"]) == (["FORBIDDEN"], {mutation: None})
    assert "MANAGE" in by_token.body["errors"][0]["message"]


@pytest.mark.parametrize("mutation", NEEDS_A_SESSION)
def test_what_needs_a_session_is_unauthenticated_without_one(api: Api, mutation: str) -> None:
    answer = mutate(api, mutation, **NEEDS_A_SESSION[mutation])

    assert answer.codes == ["UNAUTHENTICATED"]
    assert answer.body["data"] == {mutation: None}


@pytest.mark.parametrize("mutation", [*NEEDS_A_SESSION, *REFUSES_A_TOKEN])
def test_a_token_with_every_scope_is_forbidden_what_belongs_to_sessions(
    alice: Api, new_api: type[Api], mutation: str
) -> None:
    secret = alice.create_token("READ", "PREDICT", "MANAGE")
    before = list(User.objects.values()), list(ApiToken.objects.values("revoked_at"))

    options = {**NEEDS_A_SESSION, **REFUSES_A_TOKEN}[mutation]
    answer = mutate(new_api(), mutation, token=secret, **options)

    assert answer.codes == ["FORBIDDEN"]
    assert answer.body["data"] == {mutation: None}
    assert before == (list(User.objects.values()), list(ApiToken.objects.values("revoked_at")))


def test_a_token_beside_a_session_is_forbidden_as_well(alice: Api) -> None:
    secret = alice.create_token("READ", "PREDICT", "MANAGE")

    answer = mutate(alice, "deleteAccount", token=secret, currentPassword=PASSWORD)

    assert answer.codes == ["FORBIDDEN"]
    assert viewer_email(alice) == "alice@example.org"


@pytest.mark.parametrize("mutation", NEEDS_A_SESSION)
def test_a_mutation_after_logging_out_in_the_same_request_is_unauthenticated(
    alice: Api, mutation: str
) -> None:
    name = mutation[0].upper() + mutation[1:]
    answer = alice.execute(
        f"mutation ($input: {name}Input!) {{ logOut {{ errors {{ code }} }}"
        f" {mutation}(input: $input) {{ errors {{ code }} }} }}",
        input=NEEDS_A_SESSION[mutation],
    )

    assert answer.codes == ["UNAUTHENTICATED"]


def test_a_mutation_after_deleting_the_account_in_the_same_request_is_unauthenticated(
    alice: Api,
) -> None:
    answer = alice.execute(
        "mutation ($delete: DeleteAccountInput!, $create: CreateApiTokenInput!) {"
        " deleteAccount(input: $delete) { errors { code } }"
        " createApiToken(input: $create) { errors { code } } }",
        delete={"currentPassword": PASSWORD},
        create={"name": "a token", "scopes": ["READ"]},
    )

    assert answer.codes == ["UNAUTHENTICATED"]
    assert User.objects.count() == 0


def test_a_mutation_after_logging_in_in_the_same_request_is_made_by_the_new_user(
    alice: Api, bob: Api
) -> None:
    answer = alice.execute(
        "mutation ($logIn: LogInInput!, $create: CreateApiTokenInput!) {"
        " logIn(input: $logIn) { errors { code } }"
        " createApiToken(input: $create) { errors { code } } }",
        logIn={"email": "bob@example.org", "password": PASSWORD},
        create={"name": "a token", "scopes": ["READ"]},
    )

    assert answer.data["createApiToken"]["errors"] == []
    assert ApiToken.objects.get().user.email == "bob@example.org"


def test_a_deactivated_account_is_nobody(alice: Api) -> None:
    User.objects.update(is_active=False)

    answer = mutate(alice, "createApiToken", name="a token", scopes=["READ"])

    assert answer.codes == ["UNAUTHENTICATED"]
    assert viewer_email(alice) is None


def test_logging_out_needs_no_session(api: Api) -> None:
    assert error_codes(mutate(api, "logOut")) == []
