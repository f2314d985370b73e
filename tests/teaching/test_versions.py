import pytest

from server.accounts.models import User
from server.teaching.classifiers import delete_classifier
from server.teaching.errors import NoSuchThing
from server.teaching.training import train_classifier
from server.teaching.versions import compare, find_version, use_version
from tests.support.taught import stored_picture, taught, teach

pytestmark = pytest.mark.usefixtures("classifier_is_ready")


def test_what_a_version_would_change_is_told_before_it_is_used(alice: User) -> None:
    plants = taught(alice, {"fern": 3, "moss": 3})
    oaks = [stored_picture(alice, "oak").pk for _ in range(2)]
    teach(alice, {"oak": 3})
    version = train_classifier(alice, plants.pk, use=False)

    comparison = compare(alice, find_version(alice, version.pk))

    assert comparison.compared == 11
    changed = {change.prediction_id: change for change in comparison.changes}
    assert set(oaks) <= set(changed)
    for key in oaks:
        assert not changed[key].before.is_known
        assert changed[key].after.top(1)[0].label == "oak"
    plants.refresh_from_db()
    assert plants.current_version.number == 1


def test_only_the_latest_predictions_are_compared(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.teaching.versions.COMPARED_PREDICTIONS", 3)
    plants = taught(alice, {"fern": 3, "moss": 3})
    teach(alice, {"oak": 3})
    version = train_classifier(alice, plants.pk, use=False)

    comparison = compare(alice, find_version(alice, version.pk))

    assert comparison.compared == 3
    assert len(comparison.changes) == 3


def test_the_version_in_use_changes_nothing(alice: User) -> None:
    plants = taught(alice, {"fern": 3, "moss": 3})
    comparison = compare(alice, find_version(alice, plants.current_version_id))
    assert (comparison.compared, list(comparison.changes)) == (0, [])


def test_a_version_is_used_by_its_owner_alone(alice: User, bob: User) -> None:
    plants = taught(alice, {"fern": 3, "moss": 3})
    key = plants.current_version_id
    with pytest.raises(NoSuchThing):
        use_version(bob, key)
    with pytest.raises(NoSuchThing):
        find_version(bob, key)
    delete_classifier(alice, plants.pk)
    with pytest.raises(NoSuchThing):
        use_version(alice, key)
