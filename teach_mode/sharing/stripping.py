"""Takes out of a skill what is its person's: typed words, facts of the profile, what pages showed on that day. Pure.

What was typed as it stands becomes a question to whoever runs it; a fact becomes the place of their own fact. What else
stood on the page stays only where it says what the skill itself says. Names of secrets stay, as needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.errors import ShareRefused
from teach_mode.powers import is_fixed
from teach_mode.sentences import name_of, quoted
from teach_mode.skill import Confirm, Parameter, Skill, Step
from teach_mode.templates import literal, names_in, places_in, render

# Shorter ones say nothing of anybody, and would be found everywhere.
LEAST_CHARS = 3
MOST_NAME_CHARS = 40
# What looks like a key to somebody's session in an address.
_TOKEN = re.compile(r"(?=[A-Za-z0-9_-]*[0-9])(?=[A-Za-z0-9_-]*[A-Za-z])[A-Za-z0-9_-]{20,}")
_PLACE = re.compile(r"\{[^{}]*\}")
# Fields that hold names of other things, never words.
_NO_TEXTS = frozenset(
    (
        "id",
        "action",
        "effect",
        "kind",
        "role",
        "tag",
        "saves",
        "tab",
        "opens",
        "downloads",
        "secret",
        "for_each",
        "given",
    )
)
_QUESTIONS = {
    "name": "What is your name?",
    "address": "What is your address?",
    "phone": "What is your phone number?",
    "email": "What is your e-mail address?",
}


class Taken(Struct, frozen=True):
    """Something that was taken out. `step` "": of the whole."""

    step: str
    words: str


class Stripped(Struct, frozen=True, kw_only=True):
    """The skill without what is the person's, and what was taken out; `stays` are words that it still types."""

    skill: Skill
    taken: tuple[Taken, ...]
    stays: tuple[Taken, ...]


def stripped(skill: Skill, facts: Mapping[str, str], keep: Collection[str] = ()) -> Stripped:
    """The skill as it can be handed on. `facts` of the person by name; steps in `keep` go on typing what they type.

    Raises ShareRefused for what cannot be taken out without another skill coming of it.
    """
    if skill.calls:
        called = skill.calls[0].skill
        raise ShareRefused(
            f"it calls {called!r}, and what has that name with somebody else nobody can say; hand on what it calls"
        )
    if unknown := [one for one in keep if one not in {step.id for step in skill.all_steps if is_fixed(step)}]:
        raise ShareRefused(f"there is no step {unknown[0]!r} that types the same words each time")
    private = {name: value for name, value in facts.items() if len(value.strip()) >= LEAST_CHARS}
    taken: list[Taken] = []
    skill = _asked(skill, private, keep, taken)
    skill = _own_facts(skill, private, taken)
    skill = _without_examples(skill, taken)
    skill = _without_pages(skill, private, taken)
    for where, text in _said(skill):
        if found := next((name for name, value in private.items() if _holds(text, value)), None):
            raise ShareRefused(f"{where} says {quoted(text)}, which is your {found}; change that first")
    for where, address in _addresses(skill):
        if _TOKEN.search(_PLACE.sub("", address)):
            raise ShareRefused(
                f"{where} leads to {quoted(address)}, which looks like somebody's own; change that first"
            )
    stays = tuple(Taken(step.id, _still(step)) for step in skill.all_steps if is_fixed(step) or _chosen(step))
    return Stripped(skill=msgspec.structs.replace(skill, version=1), taken=tuple(taken), stays=stays)


def _asked(skill: Skill, private: Mapping[str, str], keep: Collection[str], taken: list[Taken]) -> Skill:
    """What is typed the same each time is asked for; what is a fact is the fact of whoever runs it."""
    for step in skill.all_steps:
        if not is_fixed(step) or step.id in keep:
            continue
        typed = render(step.value, {})
        fact = next((name for name, value in private.items() if name in _QUESTIONS and _same(value, typed)), "")
        if fact:
            skill, name = _with_fact(skill, fact), fact
        else:
            skill, name = _with_question(skill, step)
            into = name_of(step.target) if step.target is not None else "the page"
            taken.append(Taken(step.id, f"what you typed into {into} is asked for"))
        place = f"{{{name}}}"
        steps = {one.id: one for one in skill.all_steps}
        skill = _with_steps(skill, steps | {step.id: msgspec.structs.replace(steps[step.id], value=place)})
        if len(typed.strip()) > LEAST_CHARS:
            skill = _everywhere(skill, partial(_put, old=literal(typed), new=place))
    return skill


def _own_facts(skill: Skill, private: Mapping[str, str], taken: list[Taken]) -> Skill:
    """A fact of the person within the words of a step is the place of that fact."""
    for name, value in private.items():
        found = [step.id for step in skill.all_steps if _holds_anywhere(_words_of(step), value)]
        found += ["its answer at the end"] if _holds(skill.read_back, value) else []
        if not found:
            continue
        if name not in _QUESTIONS:
            raise ShareRefused(f"step {found[0]!r} says {quoted(value)}, which is yours ({name}); change that first")
        change = partial(_put, old=value.strip(), new=f"{{{name}}}", any_case=True)
        skill = _everywhere(_with_fact(skill, name), change)
        taken.extend(Taken(step, f"your {name} is that of whoever runs it") for step in found)
    return skill


def _without_examples(skill: Skill, taken: list[Taken]) -> Skill:
    """Open values have no usual one, and names no list of those that the person knows."""
    made = []
    for one in skill.parameters:
        usual = one.default is not None and one.is_open
        known = one.kind == "name" and bool(one.choices)
        if usual or known:
            question = one.question or f"What {one.name.replace('_', ' ')}?"
            choices = () if known else one.choices
            one = msgspec.structs.replace(
                one, default=None if usual else one.default, question=question, choices=choices
            )
            taken.append(Taken("", f"what was usual for {one.name.replace('_', ' ')}"))
        made.append(one)
    return msgspec.structs.replace(skill, parameters=tuple(made))


def _without_pages(skill: Skill, private: Mapping[str, str], taken: list[Taken]) -> Skill:
    """What pages showed on the day of the lesson is gone, but for the elements of the steps themselves."""
    own = {text for step in skill.all_steps for target in (step.target, step.onto) if target for text in _names(target)}

    def plain(seen: Fingerprint, *, value: bool) -> Fingerprint:
        keep = tuple(text for text in seen.neighbours if text in own and not _private(text, private))
        attributes = {key: _short(one) for key, one in seen.attributes.items() if key != "value" or places_in(one)}
        texts = {key: getattr(seen, key) for key in ("name", "label", "text")}
        gone = {key: "" for key, text in texts.items() if _private(text, private) or (value and not places_in(text))}
        if value and seen.label:
            gone.pop("label", None)  # what it is called is the page's
        return msgspec.structs.replace(
            seen, neighbours=keep, attributes=attributes, within=(), others="", shared={}, **gone
        )

    steps = {step.id: _plain_step(step, plain) for step in skill.all_steps}
    condition = skill.entry.condition
    if condition is not None and condition.looks is not None:
        looks = plain(condition.looks, value=False)
        entry = msgspec.structs.replace(skill.entry, condition=msgspec.structs.replace(condition, looks=looks))
        skill = msgspec.structs.replace(skill, entry=entry)
    if any(steps[step.id] != step for step in skill.all_steps):
        taken.append(Taken("", "what else stood on the pages when it was shown"))
    return _with_steps(skill, steps)


def _plain_step(step: Step, plain: Callable[..., Fingerprint]) -> Step:
    def deep(thing: Any, value: bool) -> Any:
        if isinstance(thing, Fingerprint):
            return plain(thing, value=value)
        if isinstance(thing, tuple):
            return tuple(deep(one, value) for one in thing)
        if isinstance(thing, Struct):
            fields = {name: deep(getattr(thing, name), value) for name in thing.__struct_fields__}
            return msgspec.structs.replace(thing, **fields)
        return thing

    reads = step.action == "read"
    made: Step = deep(step, False)
    return msgspec.structs.replace(
        made,
        target=deep(step.target, reads),
        confirms=deep(step.confirms, True),
        evidence=deep(step.evidence, True),
        changes_looks=deep(step.changes_looks, True),
    )


def _with_fact(skill: Skill, name: str) -> Skill:
    """The skill with a parameter that is a fact of whoever runs it."""
    if skill.parameter(name) is not None:
        return skill
    fact = Parameter(name=name, kind="text", question=_QUESTIONS[name], source="profile")
    return msgspec.structs.replace(skill, parameters=(*skill.parameters, fact))


def _with_question(skill: Skill, step: Step) -> tuple[Skill, str]:
    """The skill with a parameter for what a step types, and that one's name."""
    called = name_of(step.target).strip("“”") if step.target is not None else step.id
    words = re.sub(r"[^a-z0-9]+", "_", called.lower()).strip("_")[:MOST_NAME_CHARS].strip("_")
    stem = words if words[:1].isalpha() else f"words_{words}".strip("_")
    taken = {one.name for one in skill.parameters} | {"site", "item", "photo"} | set(_QUESTIONS)
    taken |= {name for one in skill.all_steps for name in (one.saves, one.downloads, *(c.name for c in one.confirms))}
    name = next(name for name in (stem, *(f"{stem}_{number}" for number in range(2, 99))) if name not in taken)
    asked = Parameter(name=name, kind="text", question=f"What shall I type into {called}?")
    return msgspec.structs.replace(skill, parameters=(*skill.parameters, asked)), name


def _with_steps(skill: Skill, steps: Mapping[str, Step]) -> Skill:
    reconcile = tuple(steps[step.id] for step in skill.entry.reconcile)
    entry = msgspec.structs.replace(skill.entry, reconcile=reconcile)
    return msgspec.structs.replace(skill, entry=entry, steps=tuple(steps[step.id] for step in skill.steps))


def _everywhere(skill: Skill, change: Callable[[str], str]) -> Skill:
    """The skill with a change to every template of its steps, its entry and its answer."""

    def deep(thing: Any) -> Any:
        if isinstance(thing, str):
            return change(thing)
        if isinstance(thing, tuple):
            return tuple(map(deep, thing))
        if isinstance(thing, dict):
            return {key: deep(one) for key, one in thing.items()}
        if isinstance(thing, Struct):
            names = [name for name in thing.__struct_fields__ if name not in _NO_TEXTS]
            if isinstance(thing, Confirm):
                names.remove("name")
            elif isinstance(thing, Locator) and thing.kind is LocatorKind.ROLE:
                names.remove("value")
            fields = {name: getattr(thing, name) for name in names}
            return msgspec.structs.replace(thing, **{name: deep(one) for name, one in fields.items()})
        return thing

    entry, steps = deep(skill.entry), deep(skill.steps)
    return msgspec.structs.replace(skill, entry=entry, steps=steps, read_back=change(skill.read_back))


def _put(text: str, old: str, new: str, *, any_case: bool = False) -> str:
    """`old` as words of their own in `text` replaced, places left alone."""
    pieces = re.split(r"(\{[^{}]*\})", text)
    whole = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.IGNORECASE if any_case else 0)
    return "".join(piece if _PLACE.fullmatch(piece) else whole.sub(lambda _: new, piece) for piece in pieces)


def _words_of(step: Step) -> Iterator[str]:
    """All that stands in a step, but for what pages showed beside its elements."""
    bare = _plain_step(step, lambda seen, *, value: msgspec.structs.replace(seen, neighbours=(), within=()))

    def deep(thing: Any) -> Iterator[str]:
        if isinstance(thing, str):
            yield thing
        elif isinstance(thing, dict):
            for one in thing.values():
                yield from deep(one)
        elif isinstance(thing, (list, tuple)):
            for one in thing:
                yield from deep(one)

    return deep(msgspec.to_builtins(bare))


def _said(skill: Skill) -> Iterator[tuple[str, str]]:
    """What people see or say of a skill."""
    yield "its description", skill.description
    yield "its name", skill.name.replace("_", " ")
    yield from (("what people say for it", text) for text in skill.utterances)
    for one in skill.parameters:
        yield from (("a question of it", one.question), *(("a choice of it", choice.value) for choice in one.choices))


def _addresses(skill: Skill) -> Iterator[tuple[str, str]]:
    yield "its start", skill.entry.url
    for step in skill.all_steps:
        if step.action == "goto":
            yield f"step {step.id!r}", step.value
        if step.evidence is not None:
            yield f"the evidence of {step.id!r}", step.evidence.url


def _names(target: Any) -> Iterator[str]:
    seen: Fingerprint = target.fingerprint
    yield from (text for text in (seen.name, seen.label, seen.text) if text)


def _still(step: Step) -> str:
    into = name_of(step.target) if step.target is not None else "the page"
    return f"{quoted(render(step.value, {}))} in {into}"


def _chosen(step: Step) -> bool:
    """Whether it chooses the same of a list each time: the site's own words, and perhaps the person's."""
    return step.action == "select" and bool(step.value) and not names_in(step.value)


def _private(text: str, private: Mapping[str, str]) -> bool:
    """Whether a text says a fact of the person, or a word of their name."""
    words = {word for word in private.get("name", "").split() if len(word) >= LEAST_CHARS}
    return any(_holds(text, value) for value in (*private.values(), *words))


def _holds_anywhere(texts: Iterator[str], value: str) -> bool:
    return any(_holds(text, value) for text in texts)


def _holds(text: str, value: str) -> bool:
    return (
        bool(text) and re.search(rf"(?<!\w){re.escape(value.strip())}(?!\w)", _PLACE.sub("\0", text), re.I) is not None
    )


def _same(left: str, right: str) -> bool:
    return left.strip().casefold() == right.strip().casefold()


def _short(value: str) -> str:
    """An attribute without what an address carries along."""
    head, mark, tail = value.partition("?")
    return head if mark and _TOKEN.search(_PLACE.sub("", tail)) else value
