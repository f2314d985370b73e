"""Changing and resetting the password."""

from typing import Annotated

import strawberry

from server.accounts import models, services
from server.api.accounts.account_mutations import STRENGTH_RULES
from server.api.accounts.types import User
from server.api.attempt import attempt
from server.api.context import Info
from server.api.user_errors import Payload


@strawberry.input(description="A new password for the account that is logged in.")
class ChangePasswordInput:
    """Input of `changePassword`."""

    current_password: str = strawberry.field(description="The current password.")
    new_password: str = strawberry.field(description=f"The new password. {STRENGTH_RULES}")
    revoke_tokens: bool = strawberry.field(
        default=False,
        description=(
            "Whether every personal access token is revoked too. "
            "Say so where somebody else may know the password or hold a token."
        ),
    )


@strawberry.type(description="The password is changed; every other session has ended.")
class ChangePasswordPayload(Payload):
    """Payload of `changePassword`."""

    user: models.User | None = strawberry.field(
        graphql_type=User | None, description="The account; null when there are errors."
    )


@strawberry.input(description="Whose password is forgotten.")
class RequestPasswordResetInput:
    """Input of `requestPasswordReset`."""

    email: str = strawberry.field(description="The e-mail address of the account.")


@strawberry.type(
    description="A reset code is on its way, if the address has an account. It is not said whether."
)
class RequestPasswordResetPayload(Payload):
    """Payload of `requestPasswordReset`."""


@strawberry.input(description="A new password, by the code from the e-mail.")
class ResetPasswordInput:
    """Input of `resetPassword`."""

    reset_token: str = strawberry.field(
        description="The code from the e-mail. It works once, within an hour."
    )
    new_password: str = strawberry.field(description=f"The new password. {STRENGTH_RULES}")


@strawberry.type(
    description=(
        "The password is set; every session has ended, every personal access token is revoked. "
        "Log in with it."
    )
)
class ResetPasswordPayload(Payload):
    """Payload of `resetPassword`."""


@strawberry.type
class PasswordMutations:
    """Mutations of the password."""

    @strawberry.mutation(
        description=(
            "Change the password; this session stays, every other one ends. Personal access tokens "
            "work on unless `revokeTokens` is true. Needs a session."
        )
    )
    def change_password(
        self,
        info: Info,
        input: Annotated[
            ChangePasswordInput,
            strawberry.argument(description="The current password and the new one."),
        ],
    ) -> ChangePasswordPayload | None:
        """Change the password."""
        user = info.context.session_user()
        _, errors = attempt(
            services.change_password,
            info.context.request,
            user,
            current_password=input.current_password,
            new_password=input.new_password,
            revoke_tokens=input.revoke_tokens,
        )
        return ChangePasswordPayload(user=None if errors else user, errors=errors)

    @strawberry.mutation(
        description=(
            "Send a reset code to an e-mail address, if it has an account. "
            "The answer is the same where it has none."
        )
    )
    def request_password_reset(
        self,
        info: Info,
        input: Annotated[
            RequestPasswordResetInput,
            strawberry.argument(description="Whose password is forgotten."),
        ],
    ) -> RequestPasswordResetPayload | None:
        """Request a reset code."""
        info.context.require_no_token()
        _, errors = attempt(
            services.request_password_reset, info.context.request, email=input.email
        )
        return RequestPasswordResetPayload(errors=errors)

    @strawberry.mutation(
        description=(
            "Set a new password by the code from the e-mail. "
            "Every session ends, and every personal access token is revoked."
        )
    )
    def reset_password(
        self,
        info: Info,
        input: Annotated[
            ResetPasswordInput,
            strawberry.argument(description="The code from the e-mail and the new password."),
        ],
    ) -> ResetPasswordPayload | None:
        """Reset the password."""
        info.context.require_no_token()
        _, errors = attempt(
            services.reset_password,
            info.context.request,
            reset_token=input.reset_token,
            new_password=input.new_password,
        )
        return ResetPasswordPayload(errors=errors)
