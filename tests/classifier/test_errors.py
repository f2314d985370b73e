import inspect

import pytest

from server.classifier import errors


def tree(error: type[Exception], depth: int = 0) -> list[str]:
    lines = ["  " * depth + error.__name__]
    for child in error.__subclasses__():
        lines += tree(child, depth + 1)
    return lines


def test_the_tree_is_the_public_one() -> None:
    assert tree(errors.ClassifierError) == [
        "ClassifierError",
        "  ImageError",
        "    ImageEmpty",
        "    ImageTooLarge",
        "    ImageTooSmall",
        "    ImageFormatUnsupported",
        "    ImageKindUnsupported",
        "      ImageInHdr",
        "    ImageUnreadable",
        "  Busy",
        "  ModelUnknown",
        "  HeatMapUnknown",
        "  ModelNotReady",
        "  TierError",
        "    TierBusy",
        "    TierUnreachable",
        "    TierDiffers",
        "    TierRefuses",
        "  MessageMalformed",
        "  BuildError",
        "    BuildDependencyMissing",
        "    WeightsChanged",
        "    NetworkMissing",
        "    CardInvalid",
        "      NameTaken",
        "    NetworkUnfit",
        "      LabelsDoNotFit",
        "    NetworkWavers",
        "    NotExportable",
        "    ExportDisagrees",
        "    VersionNotChanged",
        "    ModelTwice",
        "    ModelNotBuilt",
    ]


@pytest.mark.parametrize(
    "name", [name.strip() for name in tree(errors.ClassifierError)], ids=lambda name: name
)
def test_the_tree_in_the_module_docstring_names_every_error(name: str) -> None:
    assert name in (inspect.getdoc(errors) or "").split()
