"""The limits of the server, as the schema tells them."""

import strawberry
from django.conf import settings

from server.api.context import MAX_ROWS_PER_REQUEST, ROWS_OF_A_COUNT, ROWS_OF_A_SEARCH
from server.api.document_limits import DOCUMENT_LIMITS
from server.api.predictions.history import MAX_PAGE_SIZE
from server.api.teaching.example_mutations import MAX_IDS, MAX_IMAGES
from server.classifier.formats import SUPPORTED_FORMATS
from server.predictions.inference import inference


@strawberry.type(description="A format of images that can be read.")
class ImageFormat:
    """A format, and what is allowed of it."""

    name: str = strawberry.field(description="Its name, as `PredictionImage.format` has it.")
    max_pixels: int = strawberry.field(
        description="Width times height of an image; less where it takes more memory to read."
    )


@strawberry.type(description="What a request may ask for at most.")
class Limits:
    """The limits of this server."""

    max_upload_bytes: int = strawberry.field(description="Size of an image file, in bytes.")
    max_pixels: int = strawberry.field(description="Width times height of an image.")
    max_webp_pixels: int = strawberry.field(
        description="Width times height of a WebP, which takes more memory to read than the others."
    )
    min_side_pixels: int = strawberry.field(description="The least width and height of an image.")
    formats: list[str] = strawberry.field(description="The image formats that can be read.")
    image_formats: list[ImageFormat] = strawberry.field(
        description="The same formats, each with what is allowed of it."
    )
    max_page_size: int = strawberry.field(description="Predictions on a page of history.")
    predictions_per_day: int = strawberry.field(
        description="Predictions of an account a day (UTC)."
    )
    classifiers_per_account: int = strawberry.field(
        description="Classifiers that an account may teach."
    )
    labels_per_classifier: int = strawberry.field(description="Labels of a classifier.")
    examples_per_account: int = strawberry.field(
        description="Examples of all classifiers of an account together."
    )
    versions_per_classifier: int = strawberry.field(
        description=(
            "Versions of a classifier that are kept; the oldest that is not in use makes room."
        )
    )
    max_images_per_call: int = strawberry.field(description="Images of one `addExamples`.")
    max_ids_per_call: int = strawberry.field(
        description="Predictions of one `addExamples`, or examples to be moved or removed at once."
    )
    tries_per_hour: int = strawberry.field(
        description=(
            "Photos that `tryPredict` answers for one network address in an hour; "
            "0 where it answers none."
        )
    )
    max_rows_per_request: int = strawberry.field(
        description=(
            "Items that all lists of one request may ask for together; "
            f"a count over a whole history is reckoned as {ROWS_OF_A_COUNT}, "
            f"a filter that may look through it as {ROWS_OF_A_SEARCH} more."
        )
    )
    max_document_depth: int = strawberry.field(description="How deep a document may be nested.")
    max_document_fields: int = strawberry.field(
        description="Fields of an operation, those of its fragments counted at every use."
    )
    max_root_mutation_fields: int = strawberry.field(description="Mutations in one operation.")


def current_limits() -> Limits:
    """Return the limits in force."""
    return Limits(
        max_upload_bytes=inference().limits.max_bytes,
        max_pixels=inference().limits.max_pixels,
        max_webp_pixels=inference().limits.max_webp_pixels,
        min_side_pixels=inference().limits.min_side_pixels,
        formats=list(SUPPORTED_FORMATS),
        image_formats=[
            ImageFormat(name=name, max_pixels=inference().limits.pixels_allowed(name))
            for name in SUPPORTED_FORMATS
        ],
        max_page_size=MAX_PAGE_SIZE,
        predictions_per_day=settings.PREDICTIONS_PER_DAY,
        classifiers_per_account=settings.CLASSIFIERS_PER_ACCOUNT,
        labels_per_classifier=settings.LABELS_PER_CLASSIFIER,
        examples_per_account=settings.EXAMPLES_PER_ACCOUNT,
        versions_per_classifier=settings.VERSIONS_PER_CLASSIFIER,
        max_images_per_call=MAX_IMAGES,
        max_ids_per_call=MAX_IDS,
        tries_per_hour=settings.TRIES_PER_HOUR,
        max_rows_per_request=MAX_ROWS_PER_REQUEST,
        max_document_depth=DOCUMENT_LIMITS.depth,
        max_document_fields=DOCUMENT_LIMITS.fields,
        max_root_mutation_fields=DOCUMENT_LIMITS.root_mutation_fields,
    )
