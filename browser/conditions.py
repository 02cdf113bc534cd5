"""What a page is waited for, and what is read from it."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from browser.fingerprint import Fingerprint
from browser.locators import Locator


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is given must hold at once.

    `url` is a glob over the whole address (`*` any text); `visible` and `hidden` name an element that is, or is not, to
    be seen (any of the locators finds it); `text` is to be read somewhere in the frame. `looks` is what the element
    that is to be seen, or the one with the text, looked like once, else the one that is not to be seen; it decides
    nothing here.
    """

    url: str = ""
    visible: tuple[Locator, ...] = ()
    hidden: tuple[Locator, ...] = ()
    text: str = ""
    frame: tuple[str, ...] = ()
    looks: Fingerprint | None = None

    @property
    def asks_page(self) -> bool:
        """Whether the page's content has a part in it."""
        return bool(self.visible or self.hidden or self.text)

    @property
    def wants_gone(self) -> bool:
        """Whether `looks` is of what must not be there, so that it is known from what is only called otherwise."""
        return bool(self.hidden and self.looks and not self.visible and not self.text)

    def matches_url(self, url: str) -> bool:
        """Whether an address fits the glob; an empty query or fragment at its end says nothing."""
        pattern = ".*".join(re.escape(part) for part in self.url.split("*"))
        return any(re.fullmatch(pattern, one, re.DOTALL) for one in (url, url.rstrip("?#")))

    def matches_route(self, url: str) -> bool:
        """Whether an address fits the glob when a route after a hash ("/#/chore/7") is a path ("/chore/7")."""
        plain = msgspec.structs.replace(self, url=self.url.replace("/#/", "/"))
        return plain.matches_url(url.replace("/#/", "/"))

    def described(self) -> str:
        """The condition in words, for messages."""
        parts = [f"the address {self.url!r}"] if self.url else []
        parts += [locator.described() for locator in self.visible[:1]]
        parts += [f"no {locator.described()}" for locator in self.hidden[:1]]
        parts += [f"the text {self.text!r}"] if self.text else []
        return " with ".join(parts)


class ReadBack(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A text of the page that a person must see before an irreversible act: the first locator that finds one.

    `form`: in its place, as JSON [[label, value], …], what the form would send that the element belongs to which is
    looked at, without what is secret or not to be seen; `frame` is the element's.
    """

    locators: tuple[Locator, ...] = ()
    frame: tuple[str, ...] = ()
    form: bool = False


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """An element found just now; acts take it.

    `similarity` is to the remembered fingerprint (1 when none was given), `matches` how many elements the winning
    locator finds, `locator` which one that was, `margin` how far the runner-up is behind (1: there is none), `texts`
    one text a read-back (None: not found, or not the only one), read in the same evaluate. `origin` is the document's.
    `checked`: it is switched on. `lands`, of an element that was looked at alone: it can be pressed, nothing moves it
    and nothing lies on it, so that a click would land at once. `frame` and `ref` mean something only to the Page that
    made the sighting.
    """

    seen: Fingerprint
    similarity: float
    matches: int
    locator: int
    margin: float
    visible: bool
    texts: tuple[str | None, ...]
    origin: str
    frame: Any
    ref: int
    checked: bool = False
    lands: bool = False

    @property
    def unique(self) -> bool:
        """Whether the locator finds this element alone."""
        return self.matches == 1
