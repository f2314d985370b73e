"""Making and revoking personal access tokens."""

from datetime import datetime
from typing import Annotated

import strawberry

from server.accounts import models, tokens
from server.accounts.errors import TokenNotFound
from server.api.accounts.types import ApiToken, Scope
from server.api.arguments import in_utc
from server.api.attempt import attempt
from server.api.context import Info
from server.api.node import key_of
from server.api.user_errors import Payload


@strawberry.input(description="A new personal access token.")
class CreateApiTokenInput:
    """Input of `createApiToken`."""

    name: str = strawberry.field(description="What it is for; 1 to 100 characters.")
    scopes: list[Scope] = strawberry.field(description="What it may do; at least one.")
    expires_at: datetime | None = strawberry.field(
        default=None,
        description="When it stops working; never where this is null. In UTC by default.",
    )


@strawberry.type(description="The new token. This is the only time its secret is shown.")
class CreateApiTokenPayload(Payload):
    """Payload of `createApiToken`."""

    api_token: models.ApiToken | None = strawberry.field(
        graphql_type=ApiToken | None, description="The token; null when there are errors."
    )
    secret: str | None = strawberry.field(
        description="What to send: `Authorization: Bearer <secret>`. It can't be shown again."
    )


@strawberry.input(description="Which token to revoke.")
class RevokeApiTokenInput:
    """Input of `revokeApiToken`."""

    id: strawberry.ID = strawberry.field(description="The id of the token.")


@strawberry.type(description="The token no longer works.")
class RevokeApiTokenPayload(Payload):
    """Payload of `revokeApiToken`."""

    api_token: models.ApiToken | None = strawberry.field(
        graphql_type=ApiToken | None, description="The revoked token; null when there are errors."
    )


@strawberry.type
class TokenMutations:
    """Mutations of personal access tokens."""

    @strawberry.mutation(
        description="Make a personal access token. Its secret is shown this once. Needs a session."
    )
    def create_api_token(
        self,
        info: Info,
        input: Annotated[
            CreateApiTokenInput,
            strawberry.argument(description="What the token is for and may do."),
        ],
    ) -> CreateApiTokenPayload | None:
        """Create a token."""
        user = info.context.session_user()
        created, errors = attempt(
            tokens.create_token,
            user,
            name=input.name,
            scopes={models.Scope[scope.name] for scope in input.scopes},
            expires_at=in_utc(input.expires_at),
        )
        token, secret = created or (None, None)
        return CreateApiTokenPayload(api_token=token, secret=secret, errors=errors)

    @strawberry.mutation(description="Revoke a token: it stops working at once. Needs a session.")
    def revoke_api_token(
        self,
        info: Info,
        input: Annotated[
            RevokeApiTokenInput, strawberry.argument(description="Which token to revoke.")
        ],
    ) -> RevokeApiTokenPayload | None:
        """Revoke a token."""
        user = info.context.session_user()
        token, errors = attempt(_revoke, user, input.id)
        return RevokeApiTokenPayload(api_token=token, errors=errors)


def _revoke(user: models.User, id: strawberry.ID) -> models.ApiToken:
    key = key_of("ApiToken", id)
    if key is None:
        raise TokenNotFound
    return tokens.revoke_token(user, key)
