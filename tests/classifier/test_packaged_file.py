import pytest

from server.classifier.errors import BuildDependencyMissing
from server.classifier.packaged_file import packaged_file


def test_a_file_of_an_installed_package_is_found_without_importing_it() -> None:
    assert packaged_file("scikit-image", "chelsea.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("distribution", "file_name"),
    [("scikit-image", "no-such-photo.png"), ("no-such-distribution", "chelsea.png")],
)
def test_what_is_missing_is_named(distribution: str, file_name: str) -> None:
    with pytest.raises(BuildDependencyMissing) as raised:
        packaged_file(distribution, file_name)
    assert (raised.value.distribution, raised.value.file_name) == (distribution, file_name)
