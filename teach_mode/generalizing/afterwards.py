"""What must be true after a step and at the start, whatever the values are. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from browser.locators import Locator
from teach_mode.demonstration import Change, ShownStep
from teach_mode.generalizing.beats import Column
from teach_mode.generalizing.weaving import Piece, weave_fingerprint, weave_further, weave_locator

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
    if not steady:
        return None
    seen = change.looks_of(steady[0])
    looks = weave_fingerprint(seen, pieces) if seen else None
    visible = tuple(weave_locator(one, pieces) for one in steady[:3])
    return Condition(visible=visible, frame=looks.frame if looks else (), looks=looks)


def counter_at_nothing(columns: Sequence[Column]) -> Condition | None:
    """That a counter of the page stands at nothing, when one did and then counted."""
    for column in columns:
        for step in column.base[1].steps:
            for left in step.change.left:
                empty = re.fullmatch(r"(\D*)\b0\b(\D*)", left.name or left.value)
                grown = next((one for one in step.change.appeared if empty and _counts(one, empty)), None)
                if grown is not None:
                    seen = step.change.looks_of(grown)
                    looks = weave_fingerprint(_as_it_was(seen, grown, left), ()) if seen else None
                    visible = (weave_locator(left, ()),)
                    return Condition(visible=visible, frame=looks.frame if looks else (), looks=looks)
    return None


def _as_it_was(counted: Fingerprint, grown: Locator, left: Locator) -> Fingerprint:
    """What a counter looked like before it counted: the same, with its words of then."""
    now, then = (one.name or one.value for one in (grown, left))

    def said(text: str) -> str:
        return then if text == now else re.sub(r"\b[1-9]\d*\b", "0", text)

    attributes = {key: then if value == now else value for key, value in counted.attributes.items()}
    return replace(counted, name=said(counted.name), text=said(counted.text), attributes=attributes)


def _counts(locator: Locator, empty: re.Match[str]) -> bool:
    grown = rf"{re.escape(empty[1])}[1-9]\d*{re.escape(empty[2])}"
    return re.fullmatch(grown, locator.name or locator.value) is not None
