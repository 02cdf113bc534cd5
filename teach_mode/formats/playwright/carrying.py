"""What both of Playwright's formats hand to an assembly: elements and conditions by their chains, tab by tab."""

from __future__ import annotations

import re
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import urljoin, urlsplit

from browser.conditions import Condition
from teach_mode.formats.assembling import Assembly
from teach_mode.formats.looks import looks_of
from teach_mode.formats.playwright.chains import Chain, Part, Words
from teach_mode.formats.playwright.naming import Named, Nameless, named
from teach_mode.skill import Target
from teach_mode.templates import places_in
from teach_mode.uploads import is_plain

# Parts of an address that are of one day alone: numbers, long codes.
_OF_A_DAY = re.compile(r".*\d.*|[\w%-]{24,}")


_BODY = Part(engine="css", source="body")


class Carrying:
    """The elements of one test. `urls` are the addresses that its tabs show as far as the file tells."""

    def __init__(self, made: Assembly) -> None:
        self.made = made
        self.urls: dict[str, str] = {}

    def named(self, chain: Chain, *, tab: str, line: int, step: str) -> Named | None:
        """How a skill names the element; None, with a note: it cannot."""
        try:
            found = named(chain, self.urls.get(tab, ""))
        except Nameless as error:
            self.made.note(f"left out: {error}", line=line, step=step)
            return None
        for words in found.lost:
            self.made.note(f"not carried: {words}", line=line, step=step)
        return found

    def element(self, chain: Chain, *, tab: str, line: int, step: str) -> Target | None:
        """The element as a target; None, with a note: a skill cannot name it."""
        found = self.named(chain, tab=tab, line=line, step=step)
        if found is None:
            return None
        looks = looks_of(found.known, found.frame)
        return self.made.target(found.locators, frame=found.frame, looks=looks)

    def seen(
        self, chain: Chain, *, tab: str, line: int, step: str, words: Words | None = None, gone: bool = False
    ) -> Condition | None:
        """That the element is to be seen, saying `words`, or is not; None, with a note: it cannot be named."""
        if words is not None:
            chain = (*chain, Part(engine="has-text", text=words))
        if not gone and (text := _text_of_page(chain)) is not None:
            try:
                return self._said(chain[:-2], text, tab)
            except Nameless as error:
                self.made.note(f"left out: {error}", line=line, step=step)
                return None
        found = self.named(chain, tab=tab, line=line, step=step)
        if found is None:
            return None
        if gone:
            return Condition(hidden=found.locators, frame=found.frame)
        return Condition(visible=found.locators, frame=found.frame)

    def _said(self, frame: Chain, text: str, tab: str) -> Condition:
        """That a text is to be read somewhere in a frame."""
        found = named((*frame, _BODY), self.urls.get(tab, "")).frame if frame else ()
        return Condition(text=text, frame=found)

    def went(self, tab: str, url: str) -> None:
        """The tab shows another address."""
        if not places_in(url):
            self.urls[tab] = urljoin(self.urls.get(tab, "") or self.made.base, url)

    def whole(self, tab: str, url: str) -> str:
        """An address relative to what the tab shows, whole."""
        return url if url.startswith(("{", "*")) else urljoin(self.urls.get(tab, "") or self.made.base, url)


def _text_of_page(chain: Chain) -> str | None:
    """The words of a chain that looks for them anywhere: `body`, then what it says."""
    if len(chain) < 2 or chain[-2] != _BODY or (len(chain) > 2 and chain[-3].engine != "frame"):
        return None
    said = chain[-1]
    if said.engine != "has-text" or said.text is None or said.text.exact or said.text.pattern:
        return None
    return said.text.text


def lasting(url: str) -> str:
    """An address as a pattern, without what is of one day alone: "https://shop.example/orders/*"."""
    parts = urlsplit(url)
    path = "/".join("*" if _OF_A_DAY.fullmatch(part) else part for part in parts.path.split("/"))
    more = "*" if parts.query or parts.fragment else ""
    return f"{parts.scheme}://{parts.netloc}{path}{more}"


def file_name(path: str) -> str:
    """The name of a file that a path leads to; "" when a skill could not keep it under that name."""
    name = PureWindowsPath(path).name if "\\" in path else PurePosixPath(path).name
    return name if is_plain(name) else ""
