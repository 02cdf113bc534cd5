"""What can be wrong with a release, its bundle, its place, or the way to it. Every message says what to do next.

ReleaseError               code
├── NotABundle             not_a_bundle    this is something else, or its beginning is torn
├── NotTrusted             not_trusted     signed by nobody whom this machine believes, or not at all
├── NotMeant               not_meant       for another program, machine or channel
├── NotNewer               not_newer       older than what ran well here, or the same
├── NotAgain               not_again       it was tried here and failed
├── Unsafe                 unsafe          its list of files would write where it must not, or too much
├── Torn                   torn            what came is not what was signed
├── NoRoom                 no_room         the disk is too full, or cannot be written
├── NoSource               no_source       where releases come from does not answer, or has none
├── Cancelled              cancelled       somebody said so
└── NoPlace                no_place        this program was not installed with releases
"""

from __future__ import annotations

from typing import ClassVar


class ReleaseError(Exception):
    """Root of what this room raises; its message is whole sentences."""

    code: ClassVar[str] = "release"


class NotABundle(ReleaseError):
    """Not a bundle of Leveret's, or one that is torn before its signature."""

    code = "not_a_bundle"


class NotTrusted(ReleaseError):
    """Unknown or revoked key, or a wrong signature."""

    code = "not_trusted"


class NotMeant(ReleaseError):
    """Another program, architecture, hardware, Python or channel."""

    code = "not_meant"


class NotNewer(ReleaseError):
    """Its counter is not above that of what ran well here."""

    code = "not_newer"


class NotAgain(ReleaseError):
    """It failed here before."""

    code = "not_again"


class Unsafe(ReleaseError):
    """A path that leads out, too many files, or too many bytes."""

    code = "unsafe"


class Torn(ReleaseError):
    """Bytes are missing, too many, or others than were signed."""

    code = "torn"


class NoRoom(ReleaseError):
    """The disk takes no more."""

    code = "no_room"


class NoSource(ReleaseError):
    """Nothing comes from where releases should come from."""

    code = "no_source"


class Cancelled(ReleaseError):
    """Ended on request."""

    code = "cancelled"


class NoPlace(ReleaseError):
    """There are no releases here to update."""

    code = "no_place"
