"""What can go wrong in the classifier.

::

    ClassifierError
    ├── ImageError                    the picture is at fault
    │   ├── ImageEmpty                no bytes at all
    │   ├── ImageTooLarge             more bytes or pixels than allowed
    │   ├── ImageTooSmall             a side is too short to tell anything
    │   ├── ImageFormatUnsupported    none of the supported by its content
    │   ├── ImageKindUnsupported      of a supported format, but of a kind that is not read
    │   │   └── ImageInHdr            in high dynamic range
    │   └── ImageUnreadable           damaged or truncated
    ├── Busy                          as many pictures wait as are allowed to; try again
    ├── ModelUnknown                  no model has that name
    ├── HeatMapUnknown            the network makes no map that its answer is the mean of
    ├── ModelNotReady                 still loading after the wait, or the loading failed
    ├── TierError                     the inference tier gave no answer
    │   ├── TierBusy                  it has more pictures than it may keep waiting; try again
    │   ├── TierUnreachable           no server of it answered in time; try again
    │   ├── TierDiffers               it computes something else than the exported graph
    │   └── TierRefuses               it refuses what it is sent: our mistake
    ├── MessageMalformed              what was sent is no message of the protocol
    └── BuildError                    the files of the model are at fault
        ├── BuildDependencyMissing    a package that brings weights or photos is not installed
        ├── WeightsChanged            the published weights have another checksum
        ├── NetworkMissing            nothing to export can be imported from where it was said to be
        ├── CardInvalid               a field of its card is not what it has to be
        │   └── NameTaken             another model is called so
        ├── NetworkUnfit              it does not take pixels, or does not tell what is expected
        │   └── LabelsDoNotFit        it tells more or fewer logits than the card has labels
        ├── NetworkWavers             it answers otherwise when it is asked the same again
        ├── NotExportable             PyTorch makes no graph of it
        ├── ExportDisagrees           the exported graph answers otherwise than PyTorch
        ├── VersionNotChanged         it answers otherwise than before, under the same version
        ├── ModelTwice                two folders have the exported files of one name
        └── ModelNotBuilt             the exported files are missing or changed

Leaves carry numbers and names; what to say about them is the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path


class ClassifierError(Exception):
    """Root of everything that this package raises on purpose."""


class ImageError(ClassifierError):
    """The picture is at fault."""


class ImageEmpty(ImageError):
    """The picture has no bytes."""


class ImageTooLarge(ImageError):
    """The picture has more bytes, or pixels, than are allowed."""

    def __init__(self, unit: Literal["bytes", "pixels"], *, limit: int, found: int) -> None:
        """Say what was counted, how much is allowed and how much there is."""
        super().__init__(f"{found} {unit}, at most {limit}")
        self.unit = unit
        self.limit = limit
        self.found = found


class ImageTooSmall(ImageError):
    """The shorter side of the picture has too few pixels."""

    def __init__(self, *, min_side_pixels: int, width: int, height: int) -> None:
        """Say how long each side must be and how long they are, in pixels."""
        super().__init__(f"{width}x{height}, each side needs {min_side_pixels}")
        self.min_side_pixels = min_side_pixels
        self.width = width
        self.height = height


class ImageFormatUnsupported(ImageError):
    """The content is none of the supported formats, whatever its name claims."""

    def __init__(self, supported: tuple[str, ...], *, found: str | None = None) -> None:
        """Say which formats are supported, and which this is where it is known."""
        super().__init__(f"{found or 'unknown'}, not one of {', '.join(supported)}")
        self.supported = supported
        self.found = found


class ImageKindUnsupported(ImageError):
    """The format is supported, but not what the picture makes of it."""

    def __init__(self, kind: str) -> None:
        """Say what it is, such as "AVIF made of tiles"."""
        super().__init__(kind)
        self.kind = kind


class ImageInHdr(ImageKindUnsupported):
    """Its light is of a range that no screen of 8 bits shows as it is meant."""


class ImageUnreadable(ImageError):
    """The content starts as a supported format, but cannot be decoded."""

    def __init__(self, format_name: str | None) -> None:
        """Say which format it started as; None when not even that much was read."""
        super().__init__(format_name or "unknown format")
        self.format_name = format_name


class Busy(ClassifierError):
    """As many pictures wait as are allowed to, or one has waited as long as it may."""

    def __init__(self, *, in_flight: int, waiting: int, waited_seconds: float) -> None:
        """Say how many are in work, how many wait, and how long this one has waited."""
        super().__init__(f"{in_flight} in flight, {waiting} waiting, {waited_seconds:.1f} s waited")
        self.in_flight = in_flight
        self.waiting = waiting
        self.waited_seconds = waited_seconds


class ModelUnknown(ClassifierError):
    """No model has the name."""

    def __init__(self, name: str) -> None:
        """Say which name was asked for."""
        super().__init__(name)
        self.name = name


class HeatMapUnknown(ClassifierError):
    """The network makes no map that its embedding is the mean of."""


class ModelNotReady(ClassifierError):
    """The model is still loading after the wait (``failure`` is None), or failed to load."""

    def __init__(self, *, waited_seconds: float, failure: Exception | None) -> None:
        """Say how long was waited and what stopped the loading, if anything did."""
        super().__init__(f"{waited_seconds:.1f} s waited, failure: {failure!r}")
        self.waited_seconds = waited_seconds
        self.failure = failure


class TierError(ClassifierError):
    """The inference tier gave no answer."""

    def __init__(self, address: str, reason: str) -> None:
        """Say which server, or which of them, and what happened."""
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason


class TierBusy(TierError):
    """The tier has more pictures than it may keep waiting."""


class TierUnreachable(TierError):
    """No server of the tier answered within the time and the attempts there were."""


class TierDiffers(TierError):
    """A server has not our model, or computes something else than the exported graph."""


class TierRefuses(TierError):
    """A server finds fault with what it is sent."""


class MessageMalformed(ClassifierError):
    """Bytes are no message of the Open Inference Protocol."""


class BuildError(ClassifierError):
    """The files of the model are at fault."""


class BuildDependencyMissing(BuildError):
    """A package that brings the weights or the photos is not installed, or lacks the file."""

    def __init__(self, distribution: str, *, file_name: str) -> None:
        """Say which package was looked into, for which file."""
        super().__init__(f"{distribution} ({file_name})")
        self.distribution = distribution
        self.file_name = file_name


class WeightsChanged(BuildError):
    """The weights have another checksum than the card says."""

    def __init__(self, path: Path | str, *, expected: str, found: str) -> None:
        """Say which file or network, and both SHA-256 checksums."""
        super().__init__(f"{path}: SHA-256 {found}, expected {expected}")
        self.path = path
        self.expected = expected
        self.found = found


class NetworkMissing(BuildError):
    """Nothing to export can be imported from where it was said to be."""

    def __init__(self, reference: str, reason: str) -> None:
        """Say where was looked, and what was found there."""
        super().__init__(f"{reference}: {reason}")


class CardInvalid(BuildError):
    """A field of the card is not what it has to be."""

    def __init__(self, field: str, *, found: object, expected: str) -> None:
        """Say which field, what it is and what it has to be."""
        super().__init__(f"{field} is {found!r:.200}; it has to be {expected}")
        self.field = field


class NameTaken(CardInvalid):
    """Another model is called so."""

    def __init__(self, name: str) -> None:
        """Say which name."""
        super().__init__("name", found=name, expected="another: the built-in model has this one")


class NetworkUnfit(BuildError):
    """The network does not take pixels, or does not tell what is expected of it."""

    def __init__(self, what: str, *, found: str, expected: str) -> None:
        """Say what of it, what that is and what it should be."""
        super().__init__(f"{what}: {found}, expected {expected}")
        self.what = what


class LabelsDoNotFit(NetworkUnfit):
    """The network tells more or fewer logits than the card has labels."""

    def __init__(self, *, labels: int, logits: int) -> None:
        """Say how many there are of both."""
        super().__init__("labels", found=f"{labels} on the card", expected=f"{logits}, one a logit")
        self.labels = labels
        self.logits = logits


class NetworkWavers(BuildError):
    """The network answers otherwise when it is asked the same again."""

    def __init__(self, when: str, *, max_difference: float) -> None:
        """Say how it was asked, and by how much the answers differ."""
        super().__init__(f"{when}: {max_difference:.2e} apart")
        self.when = when


class NotExportable(BuildError):
    """PyTorch makes no graph of the network, or another one each time."""

    def __init__(self, reason: str) -> None:
        """Say what PyTorch says."""
        super().__init__(reason)


class ExportDisagrees(BuildError):
    """The exported graph answers otherwise than PyTorch on a real photo."""

    def __init__(self, photo: str, *, max_difference: float, same_top_5: bool) -> None:
        """Say on which photo, by how much in probability, and whether the order held."""
        super().__init__(f"{photo}: {max_difference:.2e} apart, same top 5: {same_top_5}")
        self.photo = photo
        self.max_difference = max_difference
        self.same_top_5 = same_top_5


class VersionNotChanged(BuildError):
    """The network answers otherwise than the one that was exported under the same version."""

    def __init__(self, name: str, version: str) -> None:
        """Say which version: a history tells models apart by their names and versions."""
        super().__init__(f"{name} {version} lies here and answers otherwise: change `version`")


class ModelTwice(BuildError):
    """Two folders have the exported files of one name."""

    def __init__(self, name: str, directory: Path) -> None:
        """Say which name, and where both lie."""
        super().__init__(f"{directory} has two versions of {name}: remove one")


class ModelNotBuilt(BuildError):
    """The exported files are missing or are not those of the manifest."""

    def __init__(self, path: Path, *, reason: Literal["missing", "malformed", "changed"]) -> None:
        """Say which file and what is wrong with it."""
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
