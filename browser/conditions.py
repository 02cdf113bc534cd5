"""What a page is waited for, and what is read from it."""

from __future__ import annotations

from typing import Any

import msgspec

from browser.fingerprint import Fingerprint
from browser.locators import Locator


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is given must hold at once.

    `url` is a glob over the whole address (`*` any text); `visible` and `hidden` name an element that is, or is not, to
    be seen (any of the locators finds it); `text` is to be read somewhere in the frame.
    """

    url: str = ""
    visible: tuple[Locator, ...] = ()
    hidden: tuple[Locator, ...] = ()
    text: str = ""
    frame: tuple[str, ...] = ()


class ReadBack(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A text of the page that a person must see before an irreversible act: the first locator that finds one."""

    locators: tuple[Locator, ...]
    frame: tuple[str, ...] = ()


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """An element found just now; acts take it.

    `similarity` is to the remembered fingerprint (1 when none was given), `matches` how many elements the winning
    locator finds, `locator` which one that was, `texts` one text a read-back (None: not found), read in the same
    evaluate. `frame` and `ref` are the page's: only the Page that made the sighting can use it.
    """

    seen: Fingerprint
    similarity: float
    matches: int
    locator: int
    texts: tuple[str | None, ...]
    frame: Any
    ref: int

    @property
    def unique(self) -> bool:
        """Whether the locator finds this element alone."""
        return self.matches == 1
