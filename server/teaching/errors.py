"""What can go wrong with teaching, beside what the classifier and the quota refuse.

TeachingError
├── NoSuchThing             the person has no classifier, label, example or version that is meant
├── ClassifierNameInvalid   empty, too long, or with characters that can't be seen
├── ClassifierNameTaken     another of the person's, or a built-in model, is called so
├── ClassifierLimitReached
├── DescriptionInvalid      too long
├── LabelNameInvalid        as a classifier's
├── LabelNameTaken
├── LabelLimitReached
├── SomethingElseTaken      another label is the one for what is none of the others
├── ExampleLimitReached
├── ExampleKnown            the same picture is an example of the label already
│   └── ExampleOfAnother    of another label, and both can't be right
├── ExampleOfAnotherModel   the prediction is of another network than the classifier stands on
├── TooFewExamples          not even two labels have two examples each
├── ArchiveInvalid          what is to be imported is no archive of a classifier, or is damaged
├── ArchiveOfAnotherModel   it stands on a model that is not served
├── ModelNotTeachable       the model that a classifier is to stand on has no embedding
│   └── ModelRetired        the one that it stands on is served no more
├── LabelUnknown            what gave an answer has no such label
└── NotTrained              there is no version that could answer
"""

from dataclasses import dataclass
from enum import Enum


class Thing(Enum):
    """What somebody may have none of."""

    CLASSIFIER = "classifier"
    LABEL = "label"
    EXAMPLE = "example"
    VERSION = "version"
    PREDICTION = "prediction"


class TeachingError(Exception):
    """Something about teaching that a person can put right."""


@dataclass(eq=False)  # an exception is itself, whatever it carries
class NoSuchThing(TeachingError):
    """The person has no such thing; it may have gone meanwhile."""

    thing: Thing


@dataclass(eq=False)  # an exception is itself, whatever it carries
class ClassifierNameInvalid(TeachingError):
    """The name is empty, too long or has characters that can't be seen."""

    max_length: int


class ClassifierNameTaken(TeachingError):
    """Another classifier of the person's, or a built-in model, is called so."""


@dataclass(eq=False)  # an exception is itself, whatever it carries
class ClassifierLimitReached(TeachingError):
    """The account has as many classifiers as it may."""

    limit: int


@dataclass(eq=False)  # an exception is itself, whatever it carries
class DescriptionInvalid(TeachingError):
    """The description is too long."""

    max_length: int


@dataclass(eq=False)  # an exception is itself, whatever it carries
class LabelNameInvalid(TeachingError):
    """The name is empty, too long or has characters that can't be seen."""

    max_length: int


class LabelNameTaken(TeachingError):
    """Another label of the classifier is called so."""


@dataclass(eq=False)  # an exception is itself, whatever it carries
class LabelLimitReached(TeachingError):
    """The classifier has as many labels as it may."""

    limit: int


@dataclass(eq=False)  # an exception is itself, whatever it carries
class SomethingElseTaken(TeachingError):
    """The label for what is none of the others is another."""

    label: str


@dataclass(eq=False)  # an exception is itself, whatever it carries
class ExampleLimitReached(TeachingError):
    """The account has as many examples as it may."""

    limit: int


@dataclass(eq=False)  # an exception is itself, whatever it carries
class ExampleKnown(TeachingError):
    """The same picture is an example already."""

    label: str


class ExampleOfAnother(ExampleKnown):
    """The same picture is an example of another label."""


class ExampleOfAnotherModel(TeachingError):
    """The prediction is of another network than the classifier stands on."""


@dataclass(eq=False)  # an exception is itself, whatever it carries
class ModelNotTeachable(TeachingError):
    """A model has no embedding that classifiers could stand on; `model` is its name."""

    model: str


class ModelRetired(ModelNotTeachable):
    """The model that a classifier stands on is served no more."""


@dataclass(eq=False)  # an exception is itself, whatever it carries
class TooFewExamples(TeachingError):
    """Fewer labels than needed have as many examples as needed."""

    min_labels: int
    min_examples: int


class ArchivePart(Enum):
    """What of an archive may be wrong."""

    ZIP = "the zip"
    CARD = "card.json"
    LABELS = "the labels in card.json"
    HEAD = "head.f32"


@dataclass(eq=False)  # an exception is itself, whatever it carries
class ArchiveInvalid(TeachingError):
    """What is to be imported is no archive of a classifier, or is damaged."""

    part: ArchivePart


@dataclass(eq=False)  # an exception is itself, whatever it carries
class ArchiveOfAnotherModel(TeachingError):
    """What is to be imported stands on a model that is none of those that are `served`."""

    served: str


class LabelUnknown(TeachingError):
    """What gave an answer has no such label."""


@dataclass(eq=False)  # an exception is itself, whatever it carries
class NotTrained(TeachingError):
    """The classifier has no version that could answer."""

    name: str
