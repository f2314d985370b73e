"""That the histories to look through are real ones, and the answers expected of them right."""

import pytest

from benchmarks.similar_seed import ASKED, FIRST, SEEN, _fill
from server.accounts.models import User
from server.classifier.signature import SIGNATURE_BITS
from server.predictions.models import Prediction
from server.predictions.similar import CANDIDATES, similar


@pytest.mark.django_db
def test_what_is_expected_of_a_history_is_what_an_exact_look_finds() -> None:
    user = User.objects.create_user("alice@example.org")

    exactly = _fill(user.pk, CANDIDATES)

    keys = list(Prediction.objects.filter(user=user).order_by("id").values_list("id", flat=True))
    assert len(keys) == CANDIDATES
    assert len(exactly.asked) == min(ASKED, CANDIDATES // SEEN)
    for asked, places in zip(exactly.asked, exactly.most_similar, strict=True):
        found = similar(user, keys[asked], first=FIRST, min_similarity=0)
        assert {each.prediction.pk for each in found} == {keys[at] for at in places}
        assert found[0].similarity < 1  # another photo
    first = Prediction.objects.get(pk=keys[0])
    assert (len(first.embedding), len(first.signature)) == (2560, SIGNATURE_BITS)
    assert (first.scores, first.is_known) == ([["tabby", 0.5]], True)
