import pytest

from server.accounts.models import User
from server.predictions.corrections import correct, remove_correction
from server.predictions.errors import CorrectionInvalid, PredictionNotFound
from server.predictions.models import Prediction
from tests.support.stored import store_prediction

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("owner@example.org")


def test_the_answer_as_it_was_given_stays_beside_the_correction(owner: User) -> None:
    prediction = store_prediction(owner, label="tiger cat", file_name="Tom.jpg")

    corrected = correct(owner, prediction.pk, "  My  cat Tom ")

    kept = Prediction.objects.get()
    assert corrected == kept
    assert (kept.label, kept.correction, kept.corrected_at) == (
        "tiger cat",
        "My cat Tom",
        corrected.corrected_at,
    )
    assert kept.scores == prediction.scores
    assert kept.search_text == "tiger cat\nmy cat tom\ntom.jpg"


def test_a_label_of_the_model_is_kept_as_the_model_spells_it(owner: User) -> None:
    prediction = store_prediction(owner, label="tiger cat")

    corrected = correct(owner, prediction.pk, "bedlington TERRIER")

    assert corrected.correction == "Bedlington terrier"


@pytest.mark.parametrize("same", ["tiger cat", " Tiger  CAT"])
def test_what_the_answer_says_is_no_correction(owner: User, same: str) -> None:
    prediction = store_prediction(owner, label="tiger cat")

    with pytest.raises(CorrectionInvalid):
        correct(owner, prediction.pk, same)

    assert Prediction.objects.get().corrected_at is None


def test_a_correction_is_replaced_and_taken_back(owner: User) -> None:
    prediction = store_prediction(owner, label="tiger cat")
    correct(owner, prediction.pk, "lynx")
    correct(owner, prediction.pk, "Tom")

    assert Prediction.objects.get().correction == "Tom"

    for _ in range(2):  # the second finds nothing to take back
        assert remove_correction(owner, prediction.pk) == prediction
        kept = Prediction.objects.get()
        assert (kept.correction, kept.corrected_at, kept.search_text) == (None, None, None)


def test_what_another_has_is_not_there(owner: User) -> None:
    prediction = store_prediction(User.objects.create_user("other@example.org"))

    with pytest.raises(PredictionNotFound):
        correct(owner, prediction.pk, "lynx")
    with pytest.raises(PredictionNotFound):
        remove_correction(owner, prediction.pk)

    assert Prediction.objects.get().correction is None
