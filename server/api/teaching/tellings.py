"""How errors of teaching are told."""

from server.api.telling import Telling
from server.api.user_errors import UserErrorCode
from server.teaching import errors
from server.teaching.errors import Thing

_NAME, _LABEL = ("input", "name"), ("input", "label")
_WHERE = {
    Thing.CLASSIFIER: ("input", "classifier"),
    Thing.LABEL: ("input", "id"),
    Thing.EXAMPLE: ("input", "examples"),
    Thing.VERSION: ("input", "id"),
    Thing.PREDICTION: ("input", "predictions"),
}


TELLINGS: dict[type[Exception], Telling] = {
    errors.NoSuchThing: Telling(
        UserErrorCode.NOT_FOUND,
        lambda error: _WHERE[error.thing],
        lambda error: f"You have no {error.thing.value} with this id.",
    ),
    errors.ClassifierNameInvalid: Telling(
        UserErrorCode.CLASSIFIER_NAME_INVALID,
        _NAME,
        lambda error: f"A classifier needs a name of 1 to {error.max_length} characters.",
    ),
    errors.ClassifierNameTaken: Telling(
        UserErrorCode.CLASSIFIER_NAME_TAKEN,
        _NAME,
        "Another classifier of yours, or a model of this server, has this name.",
    ),
    errors.ClassifierLimitReached: Telling(
        UserErrorCode.CLASSIFIER_LIMIT_REACHED,
        ("input",),
        lambda error: f"An account may have {error.limit:,} classifiers; delete one first.",
    ),
    errors.DescriptionInvalid: Telling(
        UserErrorCode.DESCRIPTION_INVALID,
        ("input", "description"),
        lambda error: f"A description has at most {error.max_length:,} characters.",
    ),
    errors.LabelNameInvalid: Telling(
        UserErrorCode.LABEL_NAME_INVALID,
        _LABEL,
        lambda error: f"A label needs a name of 1 to {error.max_length} characters.",
    ),
    errors.LabelNameTaken: Telling(
        UserErrorCode.LABEL_NAME_TAKEN, _LABEL, "Another label of the classifier has this name."
    ),
    errors.LabelLimitReached: Telling(
        UserErrorCode.LABEL_LIMIT_REACHED,
        _LABEL,
        lambda error: f"A classifier may have {error.limit:,} labels; remove one first.",
    ),
    errors.SomethingElseTaken: Telling(
        UserErrorCode.SOMETHING_ELSE_TAKEN,
        _LABEL,
        lambda error: f"'{error.label}' is the label for what is none of the others.",
    ),
    errors.ExampleLimitReached: Telling(
        UserErrorCode.EXAMPLE_LIMIT_REACHED,
        ("input",),
        lambda error: f"An account may have {error.limit:,} examples; remove some first.",
    ),
    errors.ExampleKnown: Telling(
        UserErrorCode.EXAMPLE_KNOWN,
        ("input",),
        lambda error: f"This photo is an example of '{error.label}' already.",
    ),
    errors.ExampleOfAnother: Telling(
        UserErrorCode.EXAMPLE_OF_ANOTHER_LABEL,
        ("input",),
        lambda error: (
            f"This photo is an example of '{error.label}'; it can't be of both. "
            "Move it there, or leave it out."
        ),
    ),
    errors.ExampleOfAnotherModel: Telling(
        UserErrorCode.EXAMPLE_OF_ANOTHER_MODEL,
        ("input", "predictions"),
        "Another network has looked at this photo than the one this classifier stands on. "
        "Send the photo itself.",
    ),
    errors.ModelNotTeachable: Telling(
        UserErrorCode.MODEL_NOT_TEACHABLE,
        ("input", "model"),
        lambda error: f"Nothing can be taught on {error.model}: it has no embedding.",
    ),
    errors.ModelRetired: Telling(
        UserErrorCode.MODEL_NOT_TEACHABLE,
        ("input",),
        lambda error: f"This classifier stands on {error.model}, which is served no more.",
    ),
    errors.TooFewExamples: Telling(
        UserErrorCode.TOO_FEW_EXAMPLES,
        ("input", "classifier"),
        lambda error: (
            f"It takes {error.min_labels} labels of {error.min_examples} photos each to teach "
            "anything; five of each make it fair."
        ),
    ),
    errors.ArchiveInvalid: Telling(
        UserErrorCode.ARCHIVE_INVALID,
        ("input", "archive"),
        lambda error: (
            "This is no archive of a classifier, or it is damaged: "
            f"{error.part.value} can't be read."
        ),
    ),
    errors.ArchiveOfAnotherModel: Telling(
        UserErrorCode.ARCHIVE_OF_ANOTHER_MODEL,
        ("input", "archive"),
        lambda error: (
            f"The classifier was taught on another model than those that answer here: "
            f"{error.served or 'none of them can be taught'}."
        ),
    ),
    errors.NotTrained: Telling(
        UserErrorCode.CLASSIFIER_NOT_TRAINED,
        ("input", "model"),
        lambda error: f"'{error.name}' has not been trained yet.",
    ),
}
