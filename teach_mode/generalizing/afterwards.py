"""What must be true after a step and at the start, whatever the values are. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from browser.conditions import Condition
from browser.locators import Locator
from teach_mode.demonstration import Change, ShownStep
from teach_mode.generalizing.beats import Column
from teach_mode.generalizing.weaving import Piece, weave_further, weave_locator

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ONLY_PLACE = re.compile(r"\{[a-z][^{}]*\}")


def saved_name(shown: ShownStep) -> str:
    """What a text that is read is called."""
    if _NAME.fullmatch(shown.value):
        return shown.value
    seen = shown.shown.target.fingerprint if shown.shown else None
    hints = (seen.attributes.get("data-testid", ""), seen.label, seen.attributes.get("id", "")) if seen else ()
    for hint in hints:
        slug = re.sub(r"[^a-z0-9]+", "_", hint.lower()).strip("_")
        if _NAME.fullmatch(slug):
            return slug
    return "answer"


def afterwards(plain: Condition | None, pieces: Sequence[Piece]) -> Condition | None:
    """What must be true after a step, whatever the values, and however the page words it: where it led, or that the
    page shows a value."""
    if plain is None:
        return None
    woven = weave_further(plain, pieces)
    if woven.url:
        return replace(woven, url=woven.url if woven.url.endswith("*") else f"{woven.url}*")
    shown = (*woven.visible, *woven.hidden)
    return woven if shown and all(_ONLY_PLACE.fullmatch(one.name or one.value) for one in shown) else None


def came(change: Change, pieces: Sequence[Piece]) -> Condition | None:
    """What came after an act, with the values that it names, and without what has numbers, which are its own."""
    steady = [one for one in change.appeared if not re.search(r"\d", one.name or one.value)]
    return Condition(visible=tuple(weave_locator(one, pieces) for one in steady[:3])) if steady else None


def counter_at_nothing(columns: Sequence[Column]) -> Condition | None:
    """That a counter of the page stands at nothing, when one did and then counted."""
    for column in columns:
        for step in column.base[1].steps:
            for left in step.change.left:
                empty = re.fullmatch(r"(\D*)\b0\b(\D*)", left.name or left.value)
                if empty and any(_counts(one, empty) for one in step.change.appeared):
                    return Condition(visible=(weave_locator(left, ()),))
    return None


def _counts(locator: Locator, empty: re.Match[str]) -> bool:
    grown = rf"{re.escape(empty[1])}[1-9]\d*{re.escape(empty[2])}"
    return re.fullmatch(grown, locator.name or locator.value) is not None
