"""A demonstration as the steps of a skill, word for word: what was typed is typed, what was chosen is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from browser.conditions import Condition
from browser.locators import Locator
from teach_mode.demonstration import Change, Demonstration, Dialog, Shown, ShownStep
from teach_mode.interfaces import Effect
from teach_mode.skill import DialogAnswer, Step, Target

T = TypeVar("T")

_READS = frozenset(("goto", "hover", "scroll", "close"))
_DIGIT = re.compile(r"\d")
# A fragment that is an address of its own, in applications of one page.
_ROUTE = re.compile(r"^!?/")


def steps_of(demonstration: Demonstration) -> tuple[Step, ...]:
    """The steps that do again what was shown, each with what it brought about as its postcondition.

    A secret is called by its kind until the person names it; an upload by its file's name.
    """
    files = 0
    steps = []
    for shown in demonstration.steps:
        files += bool(shown.change.download)
        steps.append(_step(demonstration, shown, f"file_{files}" if shown.change.download else ""))
    return tuple(steps)


def _step(demonstration: Demonstration, shown: ShownStep, file: str) -> Step:
    base = demonstration.base
    effect: Effect = "read" if shown.action in _READS else "reversible"
    value = address(shown.value, base) if shown.action == "goto" else literal(shown.value)
    closes = shown.action == "close"
    return Step(
        id=shown.id,
        action=shown.action,
        target=_target(shown.shown),
        onto=_target(shown.onto),
        value="" if shown.secret else value,
        secret=shown.secret or "",
        one_time=shown.secret == "one_time_code",  # noqa: S105
        tab=shown.tab,
        opens=shown.change.popup,
        dialog=answer(shown.change.dialogs),
        downloads=file,
        postcondition=None if closes else postcondition(shown, base),
        effect=effect,
    )


def literal(text: str) -> str:
    """A text as a template that stands for itself."""
    return text.replace("{", "{{").replace("}", "}}")


def literally(thing: T) -> T:
    """The same struct with every text in it a template that stands for itself."""
    return msgspec.convert(_escaped(msgspec.to_builtins(thing)), type(thing))


def _escaped(thing: Any) -> Any:
    if isinstance(thing, str):
        return literal(thing)
    if isinstance(thing, dict):
        return {key: _escaped(value) for key, value in thing.items()}
    return [_escaped(one) for one in thing] if isinstance(thing, (list, tuple)) else thing


def _target(shown: Shown | None) -> Target | None:
    return literally(shown.target) if shown is not None else None


def address(url: str, base: str) -> str:
    """An address as a template: `{site}` for the base, whichever port that had while it was shown."""
    parts, home = urlsplit(url), urlsplit(base)
    if (parts.scheme, parts.hostname) != (home.scheme, home.hostname):
        return literal(url)
    rest = url.split("://", 1)[1].partition("/")
    return "{site}" + literal(rest[1] + rest[2])


def pattern(url: str, base: str) -> str:
    """A pattern for where a step led: host and path. A part with a number in it may be another one the next time."""
    parts = urlsplit(url)
    plain = f"{parts.scheme}://{parts.netloc}" + "/".join(_part(part) for part in parts.path.split("/"))
    if _ROUTE.match(parts.fragment):
        route = "/".join(_part(part) for part in parts.fragment.partition("?")[0].split("/"))
        plain += ("*" if parts.query else "") + "#" + route
        return address(plain, base) + ("*" if "?" in parts.fragment else "")
    return address(plain, base) + ("*" if parts.query or parts.fragment else "")


def _part(part: str) -> str:
    return "*" if _DIGIT.search(part) else part


def asked(dialogs: Iterable[Dialog]) -> Dialog | None:
    """The dialog that a step is about: the first that asks something, else the first."""
    real = [dialog for dialog in dialogs if dialog.kind != "beforeunload"]
    asking = [dialog for dialog in real if dialog.kind != "alert"] or real
    return asking[0] if asking else None


def answer(dialogs: Iterable[Dialog]) -> DialogAnswer | None:
    """How to answer what a step brings up."""
    one = asked(dialogs)
    if one is None:
        return None
    return DialogAnswer(accept=one.accepted, text=literal(one.text), message=literal(one.message))


def postcondition(shown: ShownStep, base: str) -> Condition | None:
    """What must be true once the step is done: another address, else an element that came, else one that went."""
    change = shown.change
    was = shown.value if shown.action == "goto" else shown.url
    if change.url and _place(change.url) != _place(was):
        return Condition(url=pattern(change.url, base))
    frame = tuple(literal(one) for one in shown.shown.target.fingerprint.frame) if shown.shown is not None else ()
    if change.appeared:
        came = _steadiest(change.appeared)
        looks = change.looks_of(came)
        return Condition(visible=(literally(came),), frame=frame, looks=literally(looks) if looks else None)
    if change.left and not _elsewhere(change):
        return Condition(hidden=(literally(_steadiest(change.left)),), frame=frame)
    return None


def _place(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.netloc, parts.path, parts.fragment if _ROUTE.match(parts.fragment) else ""


def _elsewhere(change: Change) -> bool:
    return bool(change.url or change.popup or change.download)


def _steadiest(locators: tuple[Locator, ...]) -> Locator:
    """The most telling one without a number, which may be another one the next time."""
    steady = (locator for locator in locators if not _DIGIT.search(locator.name or locator.value))
    return next(steady, locators[0])
