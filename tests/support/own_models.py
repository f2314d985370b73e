"""The models of operators beside the built-in one, served by the process of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.test import override_settings

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.exported_model import directory_of
from server.classifier.own_export import export_own
from server.predictions.inference import inference
from server.predictions.served import served

TINY = "tests.support.networks.tiny"
KINDS = ("mapped", "embedded", "logits")


def exported_beside(model_directory: Path, folder: Path, *references: str) -> Path:
    """Fill a folder with the built-in model and others; each is exported once."""
    built_in = directory_of(EFFICIENTNET_LITE0, folder)
    if not built_in.exists():
        built_in.symlink_to(directory_of(EFFICIENTNET_LITE0, model_directory))
    for reference in references:
        export_own(reference, folder)
    return folder


@contextmanager
def serving(folder: Path, *names: str) -> Iterator[None]:
    """Serve the models of a folder, the default one first."""
    with override_settings(MODEL_DIRECTORY=folder, MODELS=names):
        _forget()
        inference().start()
        inference()._finished_loading.wait(60)
        assert inference().is_ready(), inference().failure
        try:
            yield
        finally:
            _forget()


def _forget() -> None:
    inference.cache_clear()
    served.cache_clear()
