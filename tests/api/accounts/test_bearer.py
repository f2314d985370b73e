"""What a request with a personal access token may do, and that a wrong one is nobody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from server.accounts.models import ApiToken, User
from tests.support.api import Answer, Api
from tests.support.mutations import viewer_email
from tests.support.stored import store_prediction


def test_is_its_owner_without_any_cookie(alice: Api, api: Api) -> None:
    secret = alice.create_token("READ")

    answer = api.execute("{ viewer { email } }", token=secret)

    assert answer.data == {"viewer": {"email": "alice@example.org"}}
    assert not answer.http.cookies
    assert "Authorization" in answer.http["Vary"]


def test_counts_and_not_the_cookie_beside_it(alice: Api, bob: Api) -> None:
    secret = alice.create_token("READ")

    assert viewer_email(bob, token=secret) == "alice@example.org"
    assert viewer_email(bob) == "bob@example.org"


@pytest.mark.parametrize("header", ["", " "])
def test_an_empty_header_is_none(alice: Api, api: Api, header: str) -> None:
    assert with_header(api, header).data == {"viewer": None}
    assert with_header(alice, header).data == {"viewer": {"email": "alice@example.org"}}


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
def test_the_scheme_may_be_written_in_any_case(alice: Api, api: Api, scheme: str) -> None:
    secret = alice.create_token("READ")

    assert with_header(api, f"{scheme} {secret}").data["viewer"] is not None


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer tt_",
        "Bearer null",
        "Bearer undefined",
        "Bearer tt_" + "0" * 36,
        "Bearer tt_" + "é" * 36,
        "Bearer " + "x" * 4_000,
        "Basic YWxpY2VAZXhhbXBsZS5vcmc6eA==",
        "Token {secret}",
        "{secret}",
        "Bearer {secret}x",
        "Bearer x{secret}",
        "Bearer {secret}, Bearer {secret}",
        "Bearer {secret_in_lower_case}",
        "Bearer {digest}",
    ],
)
def test_a_wrong_header_is_401_and_never_the_user_of_the_cookie(alice: Api, header: str) -> None:
    secret = alice.create_token("READ", "PREDICT")
    header = header.format(
        secret=secret, secret_in_lower_case=secret.lower(), digest=ApiToken.objects.get().digest
    )

    refuses(with_header(alice, header))


def test_a_token_that_never_was_is_refused(alice: Api, api: Api) -> None:
    secret = alice.create_token("READ")
    ApiToken.objects.all().delete()

    refuses(api.execute("{ viewer { email } }", token=secret))


def test_a_revoked_token_is_refused(alice: Api, api: Api) -> None:
    secret = alice.create_token("READ")
    ApiToken.objects.update(revoked_at=timezone.now())

    refuses(api.execute("{ viewer { email } }", token=secret))
    refuses(alice.execute("{ viewer { email } }", token=secret))


def test_an_expired_token_is_refused(alice: Api, api: Api) -> None:
    secret = alice.create_token("READ")
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    refuses(api.execute("{ viewer { email } }", token=secret))
    refuses(alice.execute("{ viewer { email } }", token=secret))


def test_a_token_of_a_deactivated_account_is_refused(alice: Api, api: Api) -> None:
    secret = alice.create_token("READ")
    User.objects.update(is_active=False)

    refuses(api.execute("{ viewer { email } }", token=secret))


def test_what_fails_the_checksum_is_refused_without_a_query(api: Api) -> None:
    with CaptureQueriesContext(connection) as queries:
        refuses(api.execute("{ viewer { email } }", token="tt_" + "0" * 36))

    assert queries.captured_queries == []


def test_a_refused_request_is_not_executed(
    alice: Api, api: Api, classifier_is_ready: None, cat: bytes
) -> None:
    secret = alice.create_token("PREDICT")
    ApiToken.objects.update(revoked_at=timezone.now())

    assert api.predict(cat, token=secret).status == 401
    assert api.upload(cat, token=secret).status == 401
    assert User.objects.get().predictions.count() == 0


def test_every_query_and_the_crop_are_refused_to_a_wrong_token(alice: Api) -> None:
    prediction = store_prediction(User.objects.get())

    answer = alice.execute("{ limits { maxPixels } }", token="tt_wrong")
    crop = alice.http.get(
        f"/predictions/{prediction.pk}/crop.webp", headers={"Authorization": "Bearer tt_wrong"}
    )

    refuses(answer)
    assert (crop.status_code, crop["WWW-Authenticate"]) == (401, "Bearer")


def test_with_read_sees_the_account_and_does_not_predict(alice: Api, api: Api, cat: bytes) -> None:
    prediction = store_prediction(User.objects.get())
    secret = alice.create_token("READ")

    answer = api.execute("{ viewer { history { totalCount } quota { used } } }", token=secret)
    crop = api.http.get(f"/predictions/{prediction.pk}/crop.webp", headers=api.headers(secret))
    refused = api.predict(cat, token=secret)

    assert answer.data["viewer"]["history"] == {"totalCount": 1}
    assert crop.status_code == 200
    assert refused.codes == ["FORBIDDEN"]
    assert "PREDICT" in refused.body["errors"][0]["message"]
    assert User.objects.get().predictions.count() == 1


def test_with_predict_predicts_and_sees_nothing_else(
    alice: Api, api: Api, classifier_is_ready: None, cat: bytes
) -> None:
    secret = alice.create_token("PREDICT")

    answer = api.upload(cat, token=secret)

    prediction = answer.data["predict"]["prediction"]
    assert prediction["label"] == "tiger cat"
    node = api.execute(
        "query ($id: ID!) { node(id: $id) { id } }", token=secret, **prediction_id(answer)
    )
    assert node.codes == ["FORBIDDEN"]
    assert api.execute("{ viewer { email } }", token=secret).codes == ["FORBIDDEN"]
    assert api.http.get(prediction["image"]["url"], headers=api.headers(secret)).status_code == 404


def test_what_belongs_to_nobody_needs_no_scope(alice: Api, api: Api) -> None:
    secret = alice.create_token("PREDICT")

    answer = api.execute("{ models { name } limits { maxPixels } }", token=secret)

    assert len(answer.data["models"]) == 1


def test_its_last_use_is_noted_to_the_minute(alice: Api, api: Api) -> None:
    secret = alice.create_token("READ")
    assert ApiToken.objects.get().last_used_at is None

    viewer_email(api, token=secret)
    first_use = ApiToken.objects.get().last_used_at
    assert first_use is not None
    assert timezone.now() - first_use < timedelta(seconds=20)

    viewer_email(api, token=secret)
    assert ApiToken.objects.get().last_used_at == first_use

    long_ago = first_use - timedelta(seconds=61)
    ApiToken.objects.update(last_used_at=long_ago)
    viewer_email(api, token=secret)
    assert ApiToken.objects.get().last_used_at > first_use


def test_a_refused_token_is_not_noted_as_used(alice: Api, api: Api) -> None:
    secret = alice.create_token("READ")
    ApiToken.objects.update(revoked_at=timezone.now())

    refuses(api.execute("{ viewer { email } }", token=secret))

    assert ApiToken.objects.get().last_used_at is None


def test_needs_no_csrf_token(alice: Api, classifier_is_ready: None, cat: bytes) -> None:
    # The session's cookie comes along, as it would from a browser.
    secret = alice.create_token("PREDICT")

    assert alice.upload(cat, token=secret).data["predict"]["errors"] == []


def test_is_no_way_into_the_admin(alice: Api, api: Api) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    secret = alice.create_token("READ", "PREDICT")

    response = api.http.get("/admin/", headers=api.headers(secret))

    assert response.status_code == 302


def with_header(client: Api, header: str) -> Answer:
    """Ask for the viewer with an Authorization header of any form."""
    body = '{"query": "{ viewer { email } }"}'
    headers = {**client.headers(), "Authorization": header}
    return Answer(
        client.http.post("/graphql", body, content_type="application/json", headers=headers)
    )


def prediction_id(answer: Answer) -> dict[str, object]:
    return {"id": answer.data["predict"]["prediction"]["id"]}


def refuses(answer: Answer) -> None:
    assert answer.status == 401
    assert answer.codes == ["UNAUTHENTICATED"]
    assert "data" not in answer.body
    assert answer.http["WWW-Authenticate"] == "Bearer"
    assert answer.http["Cache-Control"] == "private, no-store"
