"""Registering, logging in and out, and deleting the account."""

from typing import Annotated

import strawberry

from server.accounts import models, services
from server.api.accounts.types import User
from server.api.attempt import attempt
from server.api.context import Info
from server.api.user_errors import Payload

STRENGTH_RULES = (
    "At least 8 characters, not a common password, not only digits, not like the e-mail address."
)


@strawberry.input(description="A new account.")
class RegisterInput:
    """Input of `register`."""

    email: str = strawberry.field(description="The e-mail address; it is the login.")
    password: str = strawberry.field(description=f"The password. {STRENGTH_RULES}")


@strawberry.type(description="The new account, logged in.")
class RegisterPayload(Payload):
    """Payload of `register`."""

    user: models.User | None = strawberry.field(
        graphql_type=User | None, description="The account; null when there are errors."
    )


@strawberry.input(description="Who logs in.")
class LogInInput:
    """Input of `logIn`."""

    email: str = strawberry.field(description="The e-mail address of the account.")
    password: str = strawberry.field(description="Its password.")


@strawberry.type(description="The account, logged in.")
class LogInPayload(Payload):
    """Payload of `logIn`."""

    user: models.User | None = strawberry.field(
        graphql_type=User | None, description="The account; null when there are errors."
    )


@strawberry.type(description="The session is ended.")
class LogOutPayload(Payload):
    """Payload of `logOut`."""


@strawberry.input(description="Deletes the account for good.")
class DeleteAccountInput:
    """Input of `deleteAccount`."""

    current_password: str = strawberry.field(description="The password, asked again to be sure.")


@strawberry.type(description="The account is gone, with everything that was its own.")
class DeleteAccountPayload(Payload):
    """Payload of `deleteAccount`."""


@strawberry.type
class AccountMutations:
    """Mutations that begin or end a session or an account."""

    @strawberry.mutation(description="Make an account and log it in. No token may do this.")
    def register(
        self,
        info: Info,
        input: Annotated[RegisterInput, strawberry.argument(description="The account to make.")],
    ) -> RegisterPayload | None:
        """Register."""
        info.context.require_no_token()
        user, errors = attempt(
            services.register, info.context.request, email=input.email, password=input.password
        )
        return RegisterPayload(user=user, errors=errors)

    @strawberry.mutation(
        description="Begin a session: the answer sets its cookie. No token may do this."
    )
    def log_in(
        self,
        info: Info,
        input: Annotated[LogInInput, strawberry.argument(description="Who logs in.")],
    ) -> LogInPayload | None:
        """Log in."""
        info.context.require_no_token()
        user, errors = attempt(
            services.log_in, info.context.request, email=input.email, password=input.password
        )
        return LogInPayload(user=user, errors=errors)

    @strawberry.mutation(description="End the session, if there is one. No token may do this.")
    def log_out(self, info: Info) -> LogOutPayload | None:
        """Log out."""
        info.context.require_no_token()
        services.log_out(info.context.request)
        return LogOutPayload(errors=[])

    @strawberry.mutation(
        description=(
            "Delete the account with its predictions, crops, tokens and counts, for good. "
            "Needs a session."
        )
    )
    def delete_account(
        self,
        info: Info,
        input: Annotated[
            DeleteAccountInput, strawberry.argument(description="The password, asked again.")
        ],
    ) -> DeleteAccountPayload | None:
        """Delete the account."""
        user = info.context.session_user()
        _, errors = attempt(
            services.delete_account, info.context.request, user, password=input.current_password
        )
        return DeleteAccountPayload(errors=errors)
