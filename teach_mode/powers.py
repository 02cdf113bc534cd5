"""What a skill may do, in words for whoever is about to let it: read from its steps alone, never from what it says of
itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from language.entities import Slot
from teach_mode.differences import call_in_words, step_in_words
from teach_mode.sentences import name_of, quoted
from teach_mode.skill import Parameter, Skill, Step
from teach_mode.templates import names_in, one_line, render
from teach_mode.uploads import kept_by, wants_photo

MOST_CHOICES = 12
_PROFILE = {
    "name": "your name",
    "address": "your address",
    "phone": "your phone number",
    "email": "your e-mail address",
}
_KINDS = {
    "integer": "a whole number",
    "ordinal": "which one",
    "number": "a number",
    "date": "a date",
    "time": "a time",
    "when": "a date and a time",
    "duration": "a length of time",
    "amount": "an amount",
    "name": "a name",
    "text": "any words",
}


class Power(Struct, frozen=True, kw_only=True):
    """One question that a person has about a skill, and the answers. `key` is stable; no lines: nothing of it."""

    key: str
    title: str
    lines: tuple[str, ...]
    nothing: str


def powers(skill: Skill) -> tuple[Power, ...]:
    """All of them, the weightiest first. What others wrote is shown without signs that steer how it is shown."""
    return tuple(
        Power(key=key, title=title, lines=tuple(map(one_line, lines)), nothing=nothing)
        for key, title, lines, nothing in (
            ("acts", "What it does that cannot be undone", _acts(skill), "Nothing."),
            ("goes", "Where it goes", _places(skill), "Nowhere."),
            ("types", "What of yours it types", _yours(skill), "Nothing."),
            ("asks", "What it asks you", _asked(skill), "Nothing."),
            ("fixed", "What it types as it stands", _fixed(skill), "Nothing."),
            ("reads", "What it reads and tells you", _read(skill), "Nothing."),
            ("calls", "What else it calls, with what that may do", map(call_in_words, skill.calls), "Nothing."),
            ("needs", "What it needs besides", _needs(skill), "Nothing."),
            ("steps", "Step by step", steps_in_words(skill), "No steps."),
        )
    )


def steps_in_words(skill: Skill) -> Iterator[str]:
    """Each step as a person would say it."""
    for step in skill.all_steps:
        words = step_in_words(step)
        if step.effect == "irreversible":
            words += ": cannot be undone, and is asked about"
        if step.optional:
            words += ", if it is there"
        if step.for_each:
            words += f", for each of {_called(step.for_each)}"
        yield words


def _acts(skill: Skill) -> Iterator[str]:
    for step in skill.all_steps:
        if step.effect != "irreversible":
            continue
        capped = [one.title for one in step.confirms if one.capped]
        shown = ", ".join(one.title for one in step.confirms)
        words = f"{step_in_words(step)}. You are asked before it, every time, and shown: {shown}."
        words += f" Held to your limit: {', '.join(capped)}." if capped else " No amount is held to your limit."
        yield words if step.evidence else words + " If the answer is lost, nobody can look up whether it happened."


def _places(skill: Skill) -> Iterator[str]:
    base = urlsplit(skill.base)
    if not skill.base:
        return
    yield f"{base.netloc}, where it begins" + ("" if base.scheme == "https" else ", not encrypted")
    yield from (host for host in skill.origins.navigate if host != base.hostname)
    if others := [host for host in skill.origins.load if host not in skill.origins.navigate]:
        yield f"Its pages load from {', '.join(others)}, where nothing is pressed"


def _yours(skill: Skill) -> Iterator[str]:
    for parameter in skill.parameters:
        if parameter.source == "profile":
            yield _PROFILE.get(parameter.name, f"your {_called(parameter.name)}") + _into(skill, parameter.name)
    for step in skill.all_steps:
        if step.secret:
            what = "a one-time code made from" if step.one_time else "the secret"
            where = f", into {name_of(step.target)}" if step.target else ""
            yield f"{what} {quoted(step.secret)} of your vault{where}"


def _into(skill: Skill, name: str) -> str:
    """Where a value goes, in words."""
    steps = [step for step in skill.all_steps if name in names_in(step.value) and step.target is not None]
    fields = dict.fromkeys(name_of(step.target) for step in steps if step.target is not None)
    return f", into {', '.join(fields)}" if fields else ""


def _asked(skill: Skill) -> Iterator[str]:
    for parameter in skill.parameters:
        if parameter.source == "request":
            must = "" if parameter.required and parameter.default is None else ", if you say it"
            yield f"{_called(parameter.name)}: {kind_in_words(parameter)}{must}"


def kind_in_words(slot: Slot | Parameter) -> str:
    """What a value may be: "small, medium or large", "a whole number from 1 to 8"."""
    if slot.kind == "choice":
        names = [choice.value for choice in slot.choices[:MOST_CHOICES]]
        more = f" and {len(slot.choices) - MOST_CHOICES} more" if len(slot.choices) > MOST_CHOICES else ""
        return ("any of " if slot.many else "one of ") + ", ".join(names) + more
    words = _KINDS[slot.kind]
    if slot.kind in ("integer", "number") and slot.least is not None and slot.most is not None and not slot.many:
        words += f" from {slot.least:g} to {slot.most:g}"
    return f"{words}, or several" if slot.many else words


def _fixed(skill: Skill) -> Iterator[str]:
    for step in skill.all_steps:
        if is_fixed(step):
            into = f" into {name_of(step.target)}" if step.target is not None else ""
            yield f"{quoted(render(step.value, {}))}{into}"


def is_fixed(step: Step) -> bool:
    """Whether a step types words that are the same each time."""
    return step.action == "fill" and bool(step.value) and not names_in(step.value)


def _read(skill: Skill) -> Iterator[str]:
    for step in skill.all_steps:
        if step.action == "read" and step.target is not None:
            yield f"{_called(step.saves)}, from {name_of(step.target)}"
    if skill.read_back:
        yield f"At the end it says: “{skill.read_back}”"


def _needs(skill: Skill) -> Iterator[str]:
    for name in kept_by(skill):
        yield f"the file {quoted(name)}, which it gives to the site"
    if wants_photo(skill):
        yield "a photo taken with the request, which it gives to the site"
    if any(step.downloads for step in skill.all_steps):
        yield "room for the files that it brings, in the folder of its run"


def _called(name: str) -> str:
    return name.replace("_", " ")
