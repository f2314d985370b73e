"""What belongs to an account, written straight into the database and read from there."""

from typing import TYPE_CHECKING

from server.accounts.models import ApiToken, User
from server.api.node import global_id
from server.predictions.models import Prediction
from server.teaching.models import Classifier, ClassifierLabel, ClassifierVersion, Example

if TYPE_CHECKING:
    from collections.abc import Callable


def user(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def node_id(type_name: str, owner: str) -> str:
    keys: dict[str, Callable[[User], int]] = {
        "Classifier": lambda owner: owner.classifiers.get().pk,
        "ClassifierLabel": lambda owner: owner.classifiers.get().labels.get().pk,
        "ClassifierVersion": lambda owner: owner.classifiers.get().versions.get().pk,
        "Example": lambda owner: owner.classifiers.get().examples.get().pk,
        "ApiToken": lambda owner: owner.api_tokens.get().pk,
        "Prediction": lambda owner: owner.predictions.get().pk,
        "User": lambda owner: owner.pk,
    }
    return global_id(type_name, keys[type_name](user(owner)))


def everything_of(name: str) -> list[object]:
    owner = user(name)
    return [
        list(ApiToken.objects.filter(user=owner).values()),
        list(Prediction.objects.filter(user=owner).values("pk", "crop__webp")),
        list(User.objects.filter(pk=owner.pk).values()),
        list(Classifier.objects.filter(user=owner).values()),
        list(ClassifierLabel.objects.filter(classifier__user=owner).values()),
        list(ClassifierVersion.objects.filter(classifier__user=owner).values()),
        list(Example.objects.filter(classifier__user=owner).values()),
    ]


def teach_one(owner: str, name: str, prediction: Prediction) -> None:
    """Give somebody one of everything that is taught: a label, an example and a version."""
    classifier = Classifier.objects.create(user=user(owner), name=name, description="")
    label = classifier.labels.create(name=name)
    classifier.examples.create(label=label, prediction=prediction, image_sha256="0" * 64)
    classifier.current_version = classifier.versions.create(
        number=1,
        sha256="0" * 64,
        backbone="efficientnet-lite0 2",
        labels=[name],
        example_counts=[1],
        head=bytes(4 * (2 * 1280 + 1)),
        threshold=0,
        temperature=1,
        confusions=[],
        revision=1,
        examples_present=1,
    )
    classifier.save()
