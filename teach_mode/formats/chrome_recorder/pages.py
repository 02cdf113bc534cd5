"""Where tabs and frames of a skill are in a user flow: by whole addresses, by numbers among their siblings. Pure."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from teach_mode.formats.performing import Performance
from teach_mode.skill import Step

_PLACE = " nth="


class Pages:
    """Of one run. What is not known for sure is guessed, and told once (`guesses`)."""

    def __init__(self, done: Performance) -> None:
        self._url = done.url
        self._origin = "://".join(urlsplit(done.url)[:2])
        self._addresses: dict[str, str] = {"": "main"}
        self._told: list[str] = []
        self._said: set[str] = set()
        self._steps = done.steps

    def opened(self, step: Step) -> None:
        """A step opened a tab: its address is what the first step there waits for, else where its link leads."""
        if step.action == "goto":
            return  # The Recorder opens no tab by itself.
        leads = step.target.fingerprint.attributes.get("href", "") if step.target is not None else ""
        if leads and not leads.startswith(("#", "javascript:")):
            self._addresses[step.opens] = urljoin(self._url, leads)
        for plain in self._steps:
            if plain.step.tab == step.opens and plain.step.id != step.id:
                wait = plain.step.wait
                if wait is not None and wait.url and "*" not in wait.url:
                    self._addresses[step.opens] = wait.url
                return

    def where(self, tab: str, frame: tuple[str, ...]) -> dict[str, Any] | None:
        """`target` and `frame` of a step; None where the tab's address is not known."""
        target = self._addresses.get(tab)
        return self.within({"target": target}, frame) if target is not None else None

    def within(self, tab: dict[str, Any], frame: tuple[str, ...]) -> dict[str, Any]:
        """The same in the tab of another place."""
        target = tab["target"]
        numbers: list[int] = []
        for address in frame:
            url = address.removeprefix("url=")
            if url != address and "://".join(urlsplit(url)[:2]) != self._origin and not numbers:
                target = url.partition(_PLACE)[0]
                self._guess(f"the frame {url} is found by its whole address there: correct `target` if it is longer")
                continue
            numbers.append(self._number(address))
        return {"target": target} | ({"frame": numbers} if numbers else {})

    def _number(self, address: str) -> int:
        if address.startswith("index="):
            return int(address.removeprefix("index="))
        own, _, place = address.partition(_PLACE)
        self._guess(f"the frame {own} is known by its number there, which is not known: correct `frame` if need be")
        return int(place) if place.isdecimal() else 0

    def address_of(self, where: dict[str, Any]) -> str:
        """The address by which a tab is found, "main" of the first."""
        return str(where.get("target", ""))

    def guesses(self) -> list[str]:
        """What was guessed since this was asked last, each once."""
        told, self._told = self._told, []
        return told

    def _guess(self, words: str) -> None:
        if words not in self._said:
            self._said.add(words)
            self._told.append(words)
