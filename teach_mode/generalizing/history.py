"""Where the site itself lists what was done, when a demonstration went there after the act. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from language.similarity import stems_of
from teach_mode.demonstration import Demonstration, Listed, ShownStep
from teach_mode.generalizing.beats import Column
from teach_mode.generalizing.weaving import Piece, weave, weave_fingerprint, weave_locator
from teach_mode.skill import Evidence

_HISTORY = frozenset(stems_of("orders bookings reservations history purchases payments sent appointments rides trips"))
# A name of its own that a site gives to what was done: "P-1001".
_NUMBER = re.compile(r"[^\W_]*\d[\w-]{2,}")
_VALUE_CHARS = 4


def evidence_of(
    columns: Sequence[Column], index: int, demonstration: Demonstration, pieces: Sequence[Piece]
) -> Evidence | None:
    """The page of the history that was visited after a step, its items being what it lists, of which the first or the
    last is what was done. Whether it lists all that there is, one visit does not tell."""
    done = _said(columns[index].base[1].steps, pieces)
    for column in columns[index + 1 :]:
        for step in column.base[1].steps:
            page, listed = step.change.url or (step.value if step.action == "goto" else ""), step.change.listed
            if not page or listed is None or not _is_history(page) or not _lists(listed, done):
                done |= _said([step], ())
                continue
            parts, base = urlsplit(page), urlsplit(demonstration.base)
            if parts.hostname != base.hostname:
                continue
            query = "&".join(_woven_pair(pair, pieces) for pair in parts.query.split("&") if pair)
            return Evidence(
                url="{site}" + weave(parts.path, ()) + (f"?{query}" if query else ""),
                ready=Condition(url=f"*{parts.path}*", visible=tuple(_titles(step))),
                items=(weave_locator(listed.locator, ()),),
                looks=weave_fingerprint(listed.looks, ()),
                whole=False,
            )
    return None


def _said(steps: Sequence[ShownStep], pieces: Sequence[Piece]) -> set[str]:
    """What tells this act from others: the values of the request, and the number that the site gave to it."""
    came = " ".join(f"{one.name} {one.value}" for step in steps for one in step.change.appeared)
    values = {one.written.casefold() for one in pieces if len(one.written) >= _VALUE_CHARS}
    return values | {number.casefold() for number in _NUMBER.findall(came)}


def _lists(listed: Listed, done: set[str]) -> bool:
    return any(said in text.casefold() for text in listed.texts for said in done)


def _titles(step: ShownStep) -> Iterator[Locator]:
    """A heading that is the page's own, and not that of an item."""
    for one in step.change.appeared:
        if one.kind is LocatorKind.ROLE and one.value == "heading" and one.name and not re.search(r"\d", one.name):
            yield weave_locator(one, ())
            return


def _is_history(url: str) -> bool:
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return bool(set(stems_of(last)) & _HISTORY) and not re.search(r"\d", last)


def _woven_pair(pair: str, pieces: Sequence[Piece]) -> str:
    key, _, value = pair.partition("=")
    return f"{key}={weave(value.replace('+', ' '), pieces)}"
