from django.conf import settings
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from server.api.document_limits import DOCUMENT_LIMITS
from server.classifier.image_file import ImageLimits
from tests.support.api import Api

LIMITS = """{ limits {
  maxUploadBytes maxPixels minSidePixels formats maxPageSize predictionsPerDay triesPerHour
  maxRowsPerRequest maxDocumentDepth maxDocumentFields maxRootMutationFields
} }"""


def test_the_limits_are_told_to_anybody_without_asking_the_database(
    api: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = api.execute(LIMITS)

    assert answer.data["limits"] == {
        "maxUploadBytes": settings.MAX_UPLOAD_BYTES,
        "maxPixels": settings.MAX_PIXELS,
        "minSidePixels": ImageLimits().min_side_pixels,
        "formats": ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIC", "BMP", "TIFF"],
        "maxPageSize": 100,
        "predictionsPerDay": settings.PREDICTIONS_PER_DAY,
        "triesPerHour": settings.TRIES_PER_HOUR,
        "maxRowsPerRequest": 2_000,
        "maxDocumentDepth": DOCUMENT_LIMITS.depth,
        "maxDocumentFields": DOCUMENT_LIMITS.fields,
        "maxRootMutationFields": DOCUMENT_LIMITS.root_mutation_fields,
    }


def test_the_quota_of_the_limits_is_the_one_in_force(api: Api) -> None:
    with override_settings(PREDICTIONS_PER_DAY=7):
        limits = api.execute("{ limits { predictionsPerDay } }").data["limits"]

    assert limits == {"predictionsPerDay": 7}


def test_each_format_is_told_with_its_own_limit(api: Api) -> None:
    limits = api.execute("{ limits { maxPixels imageFormats { name maxPixels } } }").data["limits"]

    allowed = {each["name"]: each["maxPixels"] for each in limits["imageFormats"]}
    assert allowed == dict.fromkeys(["JPEG", "PNG", "GIF", "BMP"], limits["maxPixels"]) | {
        "WEBP": ImageLimits().max_webp_pixels,
        "AVIF": ImageLimits().max_avif_pixels,
        "HEIC": ImageLimits().max_heic_pixels,
        "TIFF": ImageLimits().max_tiff_pixels,
    }
