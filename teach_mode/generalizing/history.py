"""Where the site itself lists what was done, when a demonstration went there after the act. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from language.similarity import stems_of
from teach_mode.demonstration import Demonstration, ShownStep
from teach_mode.generalizing.beats import Column
from teach_mode.generalizing.weaving import Piece, weave, weave_fingerprint, weave_locator
from teach_mode.skill import Evidence

_HISTORY = frozenset(stems_of("orders bookings reservations history purchases payments sent appointments rides trips"))


def evidence_of(
    columns: Sequence[Column], index: int, demonstration: Demonstration, pieces: Sequence[Piece]
) -> Evidence | None:
    """The page of the history that was visited after a step, its items being the texts of one kind that came there."""
    for column in columns[index + 1 :]:
        for step in column.base[1].steps:
            page = step.change.url or (step.value if step.action == "goto" else "")
            if page and _is_history(page) and (item := _item(step)) is not None:
                parts, base = urlsplit(page), urlsplit(demonstration.base)
                if parts.hostname != base.hostname:
                    continue
                query = "&".join(_woven_pair(pair, pieces) for pair in parts.query.split("&") if pair)
                url = "{site}" + weave(parts.path, ()) + (f"?{query}" if query else "")
                ready = Condition(url=f"*{parts.path}*")
                seen = step.change.looks_of(item)
                looks = weave_fingerprint(seen, ()) if seen is not None else None
                return Evidence(url=url, ready=ready, items=(weave_locator(item, ()),), looks=looks)
    return None


def _is_history(url: str) -> bool:
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return bool(set(stems_of(last)) & _HISTORY) and not re.search(r"\d", last)


def _item(step: ShownStep) -> Locator | None:
    steady = [one for one in step.change.appeared if one.kind in (LocatorKind.TESTID, LocatorKind.CSS)]
    return next((one for one in steady if not re.search(r"\d", one.value)), None)


def _woven_pair(pair: str, pieces: Sequence[Piece]) -> str:
    key, _, value = pair.partition("=")
    return f"{key}={weave(value.replace('+', ' '), pieces)}"
