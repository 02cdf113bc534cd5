"""Shown steps in plain words. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from teach_mode.demonstration import Shown, ShownStep
from teach_mode.heard import Around
from teach_mode.sentences import CHARS, DONE, KINDS, element, quoted

_SECRETS = {"password": "the password", "one_time_code": "the one-time code", "card": "the card details"}


def words_of(step: ShownStep) -> str:
    """What was done: “Type Ada into Name”."""
    value = _SECRETS[step.secret] if step.secret else quoted(step.value)
    if step.action == "goto":
        value = place_of(step.value)
    if step.action == "press":
        value = step.value
    said = DONE[step.action].format(it=name_of(step.shown), onto=name_of(step.onto), value=value)
    return said if step.action != "scroll" or step.shown is not None else "Scroll"


def name_of(shown: Shown | None) -> str:
    """An element as a person would call it: “Order now”, the link “More”, a picture."""
    return "the page" if shown is None else element(shown.target.fingerprint)


def kind_of(one: Around) -> str:
    """An element that could be picked: by what it says, or by what it is: “14.50”, the row, the list “Your order”."""
    if one.text and not one.wider:
        return quoted(one.text)
    kind = KINDS.get(one.role, "the part" if one.text else "a part")
    return f"{kind} {quoted(one.text)}" if one.text else kind


def place_of(url: str) -> str:
    """An address without what only machines read."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path.rstrip('/')}"[:CHARS]
