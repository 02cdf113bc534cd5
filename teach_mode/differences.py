"""What differs between two versions of a skill, in sentences for people. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from teach_mode.sentences import DONE, name_of, quoted, words_of
from teach_mode.skill import Call, Parameter, Skill, Step, Target

_FILTER = re.compile(r"\{(\w+)\|[^{}]*\}")
# Fields of a step that are told by name alone: what they hold is seldom for people.
OTHERS = {
    "postcondition": "what must be true after it",
    "wait": "what is waited for",
    "evidence": "where the site tells that it was done",
    "when": "when it is done",
    "until": "until when it is repeated",
    "changes": "what its repetition goes by",
    "changes_looks": "what its repetition goes by",
    "turn": "which way it is repeated",
    "most": "how often it is repeated at most",
    "for_each": "what it is done for, one by one",
    "dialog": "how the page's dialog is answered",
    "downloads": "the file that it keeps",
    "opens": "the tab that it opens",
    "tab": "the tab that it is done in",
    "saves": "what it reads into",
    "many": "whether it reads a list",
    "onto": "where it is dropped",
    "secret": "the secret of the vault",
    "one_time": "whether it types a one-time code",
    "problems": "where the site says what is wrong",
}
# Fields of a step that are told with what they hold.
SAID = frozenset({"id", "action", "target", "value", "effect", "optional", "question", "confirms"})
_WAYS: dict[LocatorKind, str] = {
    LocatorKind.LABEL: "its label {}",
    LocatorKind.PLACEHOLDER: "its placeholder {}",
    LocatorKind.TEXT: "its text {}",
    LocatorKind.TESTID: "its test id {}",
    LocatorKind.CSS: "the CSS {}",
    LocatorKind.XPATH: "the XPath {}",
}


class Difference(Struct, frozen=True):
    """One thing that differs, as a sentence."""

    what: Literal["added", "gone", "changed"]
    words: str


def differences(before: Skill, after: Skill) -> tuple[Difference, ...]:
    """What a person would say differs in `after`; its number does not count. Empty when they are the same."""
    if msgspec.structs.replace(before, version=after.version) == after:
        return ()
    found = (
        *_texts(before, after),
        *_listed("Sentence", before.utterances, after.utterances, quoted),
        *_parameters(before, after),
        *_entry(before, after),
        *_steps(before.all_steps, after.all_steps),
        *_calls(before, after),
        *_listed("A host that it may go to", before.origins.navigate, after.origins.navigate, str),
        *_listed("A host that its pages load from", before.origins.load, after.origins.load, str),
    )
    return found or (Difference("changed", "Details that only the file shows."),)


def _texts(before: Skill, after: Skill) -> Iterator[Difference]:
    for name, title in (
        ("description", "What it does"),
        ("read_back", "Its answer at the end"),
        ("base", "Where it begins"),
        ("effect", "What it may do"),
    ):
        yield from _text(title, getattr(before, name), getattr(after, name))
    if before.loops != after.loops:
        yield Difference("changed", "Which steps are done for each of several, or for which, is another.")
    if before.problems != after.problems:
        yield Difference("changed", "Where the site says what is wrong is another place.")


def _text(title: str, old: str, new: str) -> Iterator[Difference]:
    if old == new:
        return
    if not new:
        yield Difference("gone", f"{title}: {quoted(old)} was taken out.")
    else:
        yield Difference("changed", f"{title}: {quoted(new)}" + (f", before {quoted(old)}." if old else "."))


def _listed(title: str, old: Sequence[str], new: Sequence[str], say: Callable[[str], str]) -> Iterator[Difference]:
    for one in new:
        if one not in old:
            yield Difference("added", f"{title} added: {say(one)}")
    for one in old:
        if one not in new:
            yield Difference("gone", f"{title} taken out: {say(one)}")
    if old != new and sorted(old) == sorted(new):
        yield Difference("changed", f"{title}s stand in another order.")


def _calls(before: Skill, after: Skill) -> Iterator[Difference]:
    old, new = ([call_in_words(call) for call in skill.calls] for skill in (before, after))
    yield from _listed("Skill that it calls", old, new, str)


def _parameters(before: Skill, after: Skill) -> Iterator[Difference]:
    old, new = ({one.name: one for one in skill.parameters} for skill in (before, after))
    for name in [*new, *(name for name in old if name not in new)]:
        said = quoted(name.replace("_", " "))
        if name not in old:
            yield Difference("added", f"Value that changes: {said}.")
        elif name not in new:
            yield Difference("gone", f"Value that does not change any more: {said}.")
        elif old[name] != new[name]:
            yield from _parameter(said, old[name], new[name])


def _parameter(said: str, old: Parameter, new: Parameter) -> Iterator[Difference]:
    yield from _text(f"{said} is asked for by", old.question, new.question)
    choices = [tuple(choice.value for choice in one.choices) for one in (old, new)]
    yield from _listed(f"Choice of {said}", choices[0], choices[1], quoted)
    same = msgspec.structs.replace(old, question=new.question, choices=new.choices)
    if same != new:
        yield Difference("changed", f"What {said} may be, or whether it must be said.")


def _entry(before: Skill, after: Skill) -> Iterator[Difference]:
    yield from _text("Where it starts", before.entry.url, after.entry.url)
    yield from _condition("What must be true at the start", before.entry.condition, after.entry.condition)


def _condition(title: str, old: Condition | None, new: Condition | None) -> Iterator[Difference]:
    if old == new:
        return
    if new is None:
        yield Difference("gone", f"{title}: nothing any more.")
    else:
        said = words_of(new)
        again = said if old is None or words_of(old) != said else f"{said}, known in another way"
        yield Difference("changed", f"{title}: {again}.")


def _steps(old: Sequence[Step], new: Sequence[Step]) -> Iterator[Difference]:
    before = {step.id: step for step in old}
    ids = {step.id for step in new}
    for number, step in enumerate(new, 1):
        if step.id not in before:
            yield Difference("added", f"Step {number} added: {step_in_words(step)}")
        else:
            yield from (Difference(one.what, f"Step {number} {one.words}") for one in _step(before[step.id], step))
    for number, step in enumerate(old, 1):
        if step.id not in ids:
            yield Difference("gone", f"Step {number} taken out: {step_in_words(step)}")
    kept = [[step.id for step in steps if step.id in before and step.id in ids] for steps in (old, new)]
    if kept[0] != kept[1]:
        yield Difference("changed", "The steps are done in another order.")


def _step(old: Step, new: Step) -> Iterator[Difference]:
    if old.action != new.action:
        yield Difference("changed", f"is another act: {step_in_words(new)}, before: {step_in_words(old)}")
    yield from _target(old.target, new.target)
    if old.value != new.value:
        yield Difference("changed", f"has {quoted(new.value)} for its value, before {quoted(old.value)}.")
    if old.effect != new.effect:
        words = {"irreversible": "cannot be undone, and is asked about.", "read": "only reads."}
        yield Difference("changed", words.get(new.effect, "can be undone, and is not asked about."))
    if old.optional != new.optional:
        yield Difference("changed", "is left out when its element is not there." if new.optional else "is always done.")
    yield from _text("asks", old.question, new.question)
    was, now = ([one.title for one in step.confirms] for step in (old, new))
    yield from (Difference("added", f"also shows {quoted(one)} before it is done.") for one in now if one not in was)
    yield from (Difference("gone", f"shows {quoted(one)} no more before it is done.") for one in was if one not in now)
    if was == now and old.confirms != new.confirms:
        yield Difference("changed", "finds what it shows before it is done in another way.")
    for field in Step.__struct_fields__:
        if field not in SAID and getattr(old, field) != getattr(new, field):
            yield Difference("changed", f"differs in {OTHERS.get(field, 'what only the file shows')}.")


def _target(old: Target | None, new: Target | None) -> Iterator[Difference]:
    if old is None or new is None or old == new:
        if old != new:
            yield Difference("changed", f"is done on {name_of(new) if new else 'the page'}.")
        return
    was, now = name_of(old), name_of(new)
    way = way_of(new.locators[0])
    if was != now:
        yield Difference("changed", f"finds {now} in place of {was}, by {way}.")
    elif old.locators != new.locators:
        before = way_of(old.locators[0])
        yield Difference(
            "changed", f"finds {now} by {way}" + (f", before by {before}." if before != way else " first.")
        )
    else:
        yield Difference("changed", f"remembers {now} as it looks now.")


def way_of(locator: Locator) -> str:
    """By what an element is found: the name “Order now”, its label “Name”."""
    if locator.kind is LocatorKind.ROLE:
        return f"the name {quoted(locator.name)}" if locator.name else f"its role {locator.value}"
    return _WAYS[locator.kind].format(quoted(locator.value))


def call_in_words(call: Call) -> str:
    """What is called, with what, and when: “track_order” with number “{number}”."""
    version = f" in version {call.version}" if call.version else ""
    told = ", ".join(f"{name.replace('_', ' ')} {quoted(value)}" for name, value in call.values.items())
    parts = [f"{quoted(call.skill)}{version}", f"with {told}" if told else ""]
    if call.for_each:
        parts.append(f"for each of {quoted(call.for_each)}, {call.most} at the most")
    if call.instead_of:
        parts.append(f"in place of {quoted(call.instead_of)}")
    if call.when is not None:
        parts.append(f"if {call.when.value} is {call.when.relation.replace('_', ' ')} {call.when.than}")
    if call.keeps:
        parts.append(f"and keeps {', '.join(f'{source} as {name}' for name, source in call.keeps.items())}")
    return " ".join(filter(None, parts))


def step_in_words(step: Step) -> str:
    """A step of a skill, with the names of its places: Choose “{size}” in “Size”."""
    it = name_of(step.target) if step.target is not None else "the page"
    if step.action in ("wait", "assert") and step.wait is not None:
        it = words_of(step.wait)
    value = step.value if step.action in ("goto", "press") else quoted(step.value)
    onto = name_of(step.onto) if step.onto is not None else ""
    said = DONE[step.action].format(it=it, value="what the vault has" if step.secret else value, onto=onto)
    return _FILTER.sub(r"{\1}", said)
