import re
from pathlib import Path

from PIL import Image

from scripts.install_samples import PHOTOS, SMALL_PIXELS, install_samples
from scripts.paths import CLIENT

MAX_BYTES = 30_000  # of one that is pressed, on a slow line
MAX_SMALL_BYTES = 8_000  # of what every newcomer is sent


def test_the_photos_are_those_that_the_client_offers_and_light(tmp_path: Path) -> None:
    *photos, small = install_samples(tmp_path)

    component = (CLIENT / "components/sample-photos/sample-photos.js").read_text()
    offered = re.search(r"NAMES = \[(.*?)\]", component)
    assert offered is not None
    assert re.findall(r'"(\w+)"', offered[1]) == list(PHOTOS)
    assert [path.stem for path in photos] == list(PHOTOS)
    assert all(path.stat().st_size <= MAX_BYTES for path in photos)
    with Image.open(small) as strip:
        assert strip.size == (SMALL_PIXELS * len(PHOTOS), SMALL_PIXELS)
    assert small.stat().st_size <= MAX_SMALL_BYTES
