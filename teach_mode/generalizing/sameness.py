"""What elements are called, and whether two that were acted on are the same one. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from browser.fingerprint import Fingerprint, similarity
from teach_mode.demonstration import Shown

_THE_SAME = 0.95


def called(shown: Shown) -> tuple[str, str, str]:
    """What an element is called on the page."""
    seen = shown.target.fingerprint
    return seen.name, seen.text, seen.label


def bare(shown: Shown) -> Fingerprint:
    """What an element looks like, wherever it stands."""
    return replace(shown.target.fingerprint, box=None, neighbours=())


def same_element(one: Shown, other: Shown) -> bool:
    """Whether two are called the same and look the same."""
    return called(one) == called(other) and similarity(bare(one), bare(other)) >= _THE_SAME
