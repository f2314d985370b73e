"""Errors that are data: what may be expected to go wrong in a mutation, told to its sender."""

from enum import Enum

import strawberry

from server.accounts import models
from server.api.accounts.types import User
from server.api.context import Info


@strawberry.enum(description="What went wrong in a mutation, for programs.")
class UserErrorCode(Enum):
    """The codes of `UserError`; a description each, as GraphiQL shows it."""

    EMAIL_INVALID = strawberry.enum_value(
        "EMAIL_INVALID", description="The text is no e-mail address."
    )
    EMAIL_TAKEN = strawberry.enum_value(
        "EMAIL_TAKEN", description="An account with this e-mail address exists already."
    )
    PASSWORD_REJECTED = strawberry.enum_value(
        "PASSWORD_REJECTED",
        description="The new password is too weak or too long; the message says why.",
    )
    PASSWORD_INCORRECT = strawberry.enum_value(
        "PASSWORD_INCORRECT", description="The current password is wrong."
    )
    CREDENTIALS_INVALID = strawberry.enum_value(
        "CREDENTIALS_INVALID", description="No account has this e-mail address and password."
    )
    TOO_MANY_ATTEMPTS = strawberry.enum_value(
        "TOO_MANY_ATTEMPTS",
        description="Too many wrong passwords; `retryAfterSeconds` says how long to wait.",
    )
    RESET_TOKEN_INVALID = strawberry.enum_value(
        "RESET_TOKEN_INVALID", description="The reset code is wrong, already used or expired."
    )
    TOKEN_NAME_INVALID = strawberry.enum_value(
        "TOKEN_NAME_INVALID", description="The name of the token is empty or too long."
    )
    TOKEN_SCOPES_EMPTY = strawberry.enum_value(
        "TOKEN_SCOPES_EMPTY", description="A token needs at least one scope."
    )
    TOKEN_EXPIRY_INVALID = strawberry.enum_value(
        "TOKEN_EXPIRY_INVALID", description="The expiry is not in the future."
    )
    TOKEN_LIMIT_REACHED = strawberry.enum_value(
        "TOKEN_LIMIT_REACHED", description="The account holds as many usable tokens as it may."
    )
    QUOTA_SPENT = strawberry.enum_value(
        "QUOTA_SPENT",
        description="No prediction is left today; `retryAfterSeconds` says when the day ends.",
    )
    IMAGE_BASE64_INVALID = strawberry.enum_value(
        "IMAGE_BASE64_INVALID", description="The text is not base64."
    )
    IMAGE_EMPTY = strawberry.enum_value("IMAGE_EMPTY", description="The image has no bytes.")
    IMAGE_TOO_LARGE = strawberry.enum_value(
        "IMAGE_TOO_LARGE",
        description="The image has more bytes or pixels than `limits` allows.",
    )
    IMAGE_TOO_SMALL = strawberry.enum_value(
        "IMAGE_TOO_SMALL", description="A side of the image is shorter than `limits` asks for."
    )
    IMAGE_FORMAT_UNSUPPORTED = strawberry.enum_value(
        "IMAGE_FORMAT_UNSUPPORTED",
        description="By its content, the file is in none of the formats in `limits`.",
    )
    IMAGE_KIND_UNSUPPORTED = strawberry.enum_value(
        "IMAGE_KIND_UNSUPPORTED",
        description="The format is one of those in `limits`, but not this kind; the message says.",
    )
    IMAGE_IN_HDR = strawberry.enum_value(
        "IMAGE_IN_HDR",
        description="The picture is in HDR: it has more light than the crop could show as meant.",
    )
    IMAGE_UNREADABLE = strawberry.enum_value(
        "IMAGE_UNREADABLE", description="The image is damaged or incomplete."
    )
    MODEL_UNKNOWN = strawberry.enum_value(
        "MODEL_UNKNOWN", description="No model, and no classifier of yours, has this name."
    )
    CORRECTION_INVALID = strawberry.enum_value(
        "CORRECTION_INVALID",
        description="The correction has no word or too many, or it says what the answer says.",
    )
    IDEMPOTENCY_KEY_INVALID = strawberry.enum_value(
        "IDEMPOTENCY_KEY_INVALID", description="The idempotency key is empty or too long."
    )
    IDEMPOTENCY_KEY_REUSED = strawberry.enum_value(
        "IDEMPOTENCY_KEY_REUSED",
        description="The key belongs to an earlier prediction of another image or model.",
    )
    NOT_FOUND = strawberry.enum_value(
        "NOT_FOUND", description="There is nothing of yours with this id."
    )
    CLASSIFIER_NAME_INVALID = strawberry.enum_value(
        "CLASSIFIER_NAME_INVALID", description="The name of the classifier is empty or too long."
    )
    CLASSIFIER_NAME_TAKEN = strawberry.enum_value(
        "CLASSIFIER_NAME_TAKEN",
        description="Another classifier of yours, or one of `models`, has this name.",
    )
    CLASSIFIER_LIMIT_REACHED = strawberry.enum_value(
        "CLASSIFIER_LIMIT_REACHED", description="The account has as many classifiers as it may."
    )
    DESCRIPTION_INVALID = strawberry.enum_value(
        "DESCRIPTION_INVALID", description="The description is too long."
    )
    LABEL_NAME_INVALID = strawberry.enum_value(
        "LABEL_NAME_INVALID", description="The name of the label is empty or too long."
    )
    LABEL_NAME_TAKEN = strawberry.enum_value(
        "LABEL_NAME_TAKEN", description="Another label of the classifier has this name."
    )
    LABEL_LIMIT_REACHED = strawberry.enum_value(
        "LABEL_LIMIT_REACHED", description="The classifier has as many labels as it may."
    )
    SOMETHING_ELSE_TAKEN = strawberry.enum_value(
        "SOMETHING_ELSE_TAKEN",
        description="Another label is the one for what is none of the others.",
    )
    EXAMPLE_LIMIT_REACHED = strawberry.enum_value(
        "EXAMPLE_LIMIT_REACHED", description="The account has as many examples as it may."
    )
    EXAMPLE_KNOWN = strawberry.enum_value(
        "EXAMPLE_KNOWN",
        description="The same picture is an example of this label already; nothing is missing.",
    )
    EXAMPLE_OF_ANOTHER_LABEL = strawberry.enum_value(
        "EXAMPLE_OF_ANOTHER_LABEL",
        description="The same picture is an example of another label; it can't be of both.",
    )
    EXAMPLE_OF_ANOTHER_MODEL = strawberry.enum_value(
        "EXAMPLE_OF_ANOTHER_MODEL",
        description="Another network has looked at the photo than the classifier stands on.",
    )
    MODEL_NOT_TEACHABLE = strawberry.enum_value(
        "MODEL_NOT_TEACHABLE",
        description=(
            "The model that a classifier stands on, or is to stand on, has no embedding, or it is "
            "served no more."
        ),
    )
    TOO_FEW_EXAMPLES = strawberry.enum_value(
        "TOO_FEW_EXAMPLES",
        description="It takes two labels of two examples each to train a classifier.",
    )
    CLASSIFIER_NOT_TRAINED = strawberry.enum_value(
        "CLASSIFIER_NOT_TRAINED",
        description="The classifier has no version that could answer; `trainClassifier` makes one.",
    )
    ARCHIVE_INVALID = strawberry.enum_value(
        "ARCHIVE_INVALID",
        description="The upload is no archive of a classifier, or it is damaged.",
    )
    ARCHIVE_OF_ANOTHER_MODEL = strawberry.enum_value(
        "ARCHIVE_OF_ANOTHER_MODEL",
        description="The classifier was taught on a model that does not answer here.",
    )


@strawberry.type(description="Something in the input that its sender can put right.")
class UserError:
    """An error as data."""

    code: UserErrorCode = strawberry.field(description="What went wrong, for programs.")
    message: str = strawberry.field(description="What went wrong, for people.")
    field: list[str] = strawberry.field(
        description='The path of the argument at fault, such as `["input", "email"]`.'
    )
    retry_after_seconds: int | None = strawberry.field(
        default=None,
        description="In how many seconds the same may go well; null where waiting does not help.",
    )


@strawberry.type
class Payload:
    """What every payload of a mutation has."""

    errors: list[UserError] = strawberry.field(
        description="What has to be put right; empty when everything went well."
    )

    @strawberry.field(
        graphql_type=User | None,
        description="The account as it is afterwards; null where nobody is logged in any more.",
    )
    def viewer(self, info: Info) -> models.User | None:
        """Return the viewer."""
        return info.context.reader()
