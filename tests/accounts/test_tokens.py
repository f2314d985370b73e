import re
from functools import partial

import pytest
from django.db import connection

from server.accounts.errors import TokenLimitReached, TokenRejected
from server.accounts.models import ApiToken, Scope, User
from server.accounts.tokens import (
    MAX_TOKENS_PER_USER,
    authenticate_token,
    create_token,
    usable_tokens,
)
from tests.support.row_waits import meeting_at_row

new_token = partial(create_token, name="ci", scopes=[Scope.READ], expires_at=None)


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("alice@example.org")


def test_a_secret_is_a_prefix_thirty_random_characters_and_their_checksum(user: User) -> None:
    _, secret = new_token(user)

    assert re.fullmatch(r"tt_[0-9A-Za-z]{30}[0-9A-Za-z]{6}", secret)
    assert authenticate_token(secret).user == user


def test_every_changed_character_is_refused_without_asking_the_database(
    user: User, django_assert_num_queries: object
) -> None:
    _, secret = new_token(user)

    with django_assert_num_queries(0):
        for position in range(len(secret)):
            other = "0" if secret[position] != "0" else "1"
            with pytest.raises(TokenRejected):
                authenticate_token(secret[:position] + other + secret[position + 1 :])


@pytest.mark.parametrize("end", ["", "\n", "\x00", " ", "é"])
def test_what_is_shortened_or_lengthened_is_refused(user: User, end: str) -> None:
    _, secret = new_token(user)

    with pytest.raises(TokenRejected):
        authenticate_token((secret[:-1] if not end else secret) + end)


def test_a_valid_one_costs_one_query_and_a_second_where_its_use_is_noted(
    user: User, django_assert_num_queries: object
) -> None:
    _, secret = new_token(user)

    with django_assert_num_queries(2):
        authenticate_token(secret)
    with django_assert_num_queries(1):
        authenticate_token(secret)


def test_the_secret_is_in_no_table(user: User) -> None:
    token, secret = new_token(user)

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM accounts_apitoken t")
        (row,) = cursor.fetchone()
    assert secret[len(token.hint) :] not in row
    assert secret not in row


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_pass_the_limit() -> None:
    user = User.objects.create_user("alice@example.org")
    ApiToken.objects.bulk_create(
        ApiToken(user=user, name="ci", digest=f"{number:064}", hint="tt_0000", scopes=["READ"])
        for number in range(MAX_TOKENS_PER_USER - 1)
    )

    creations = meeting_at_row(
        User.objects.filter(pk=user.pk), partial(new_token, user), partial(new_token, user)
    )

    errors = [type(creation.exception()) for creation in creations]
    assert sorted(errors, key=str) == [type(None), TokenLimitReached]
    assert usable_tokens(user).count() == MAX_TOKENS_PER_USER
