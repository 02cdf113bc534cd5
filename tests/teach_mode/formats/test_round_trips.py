"""Skill to file to skill: what the table calls kept is there again, and what it calls noted has its note."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from teach_mode.errors import ExportRefused
from teach_mode.formats.holding import KEPT
from teach_mode.formats.performing import Performance, perform
from teach_mode.formats.registry import FORMATS, export_skill, import_skill
from teach_mode.formats.reports import Exported
from teach_mode.skill import TARGETLESS, Skill, Step
from tests.teach_mode.formats.making import skills

# "kept", "kept where it has no `*`", "kept by name"; not "kept, as XPath".
WHOLE = re.compile(rf"{KEPT}(?: (?:as|by|where) .*)?")
WRITTEN = [name for name, one in FORMATS.items() if one.write is not None]
# A format that keeps conditions and loops holds a skill, not one run of it: its round trips stand beside its own tests.
OF_ONE_RUN = [name for name in WRITTEN if FORMATS[name].holds["loops"] != KEPT]
VALUES = {"many": ("one", "two")}
LOOKS = frozenset(("wait", "assert", "read"))
# Steps of one kind to a person: some tools know a tick only as a click, or no difference between typing and choosing.
KINDS = {"check": "click", "uncheck": "click", "select": "fill"}


def acts(done: Performance, *, all_of_them: bool = True) -> list[Step]:
    """The steps that do something, without those that a file may leave out."""
    steps = [plain.step for plain in done.steps]
    return [step for step in steps if step.action not in LOOKS and (all_of_them or not _left_out(step))]


def _left_out(step: Step) -> bool:
    return step.optional or step.when is not None


def conditions(done: Performance) -> Iterator[Condition]:
    for plain in done.steps:
        if not _left_out(plain.step):
            yield from (one for one in (plain.step.wait, plain.step.postcondition) if one is not None)


def by_kind(kind: LocatorKind) -> Callable[[Performance, bool], Any]:
    """The locators of a kind, a step each."""
    return lambda done, full: [
        {one for one in ways if one.kind is kind and " >> " not in one.value} for ways in locators(done, full)
    ]


def locators(done: Performance, all_of_them: bool) -> list[tuple[Locator, ...]]:
    steps = acts(done, all_of_them=all_of_them)
    return [step.target.locators if step.target is not None else () for step in steps]


def chains(done: Performance, all_of_them: bool) -> list[set[str]]:
    return [{one.value for one in ways if " >> " in one.value} for ways in locators(done, all_of_them)]


def seen(done: Performance, _: bool) -> list[set[str]]:
    """CSS and XPath that must, or must not, be to be seen, each once."""
    plain = (LocatorKind.CSS, LocatorKind.XPATH)
    shown = {f"+{one.value}" for each in conditions(done) for one in each.visible if one.kind in plain}
    gone = {f"-{one.value}" for each in conditions(done) for one in each.hidden if one.kind in plain}
    return [shown | gone]


def addresses(done: Performance, *, all_of_them: bool) -> Iterator[str]:
    """Where steps of the whole page lead, and what is waited for as an address."""
    for step in (plain.step for plain in done.steps):
        framed = step.target is not None and step.target.fingerprint.frame
        if not framed and (all_of_them or not _left_out(step)):
            urls = (one.url for one in (step.wait, step.postcondition) if one is not None)
            yield from (url for url in urls if url and "*" not in url)


PARTS: dict[str, Callable[[Performance, bool], Any]] = {
    "order": lambda done, full: [KINDS.get(step.action, step.action) for step in acts(done, all_of_them=full)],
    "addresses": lambda done, full: [
        done.url,
        *(step.value for step in acts(done, all_of_them=full) if step.action == "goto"),
    ],
    "values": lambda done, full: [
        step.value
        for step in acts(done, all_of_them=full)
        if step.action in ("fill", "select", "press") and not step.secret
    ],
    "frames": lambda done, full: [
        step.target.fingerprint.frame
        for step in acts(done, all_of_them=full)
        if step.target is not None and step.action not in TARGETLESS
    ],
    "urls": lambda done, full: [set(addresses(done, all_of_them=full))],
    "shadow": chains,
    "waits": seen,
    "texts": lambda done, _: [{one.text for one in conditions(done) if one.text}],
    "secrets": lambda done, full: [step.secret for step in acts(done, all_of_them=full) if step.secret],
    "dialogs": lambda done, full: [step.dialog for step in acts(done, all_of_them=full) if step.dialog],
    **{kind.value: by_kind(kind) for kind in LocatorKind},
}  # fmt: skip
# Of these a file may say more than the skill did.
AT_LEAST = frozenset((*(kind.value for kind in LocatorKind), "shadow", "waits", "texts", "urls"))
# What has a note wherever a skill has it, if it is not kept.
NOTED: dict[str, Callable[[Step], bool]] = {
    "dialogs": lambda step: step.dialog is not None and not _left_out(step),
    "optional": lambda step: step.optional,
    "secrets": lambda step: bool(step.secret) and not _left_out(step),
    "reads": lambda step: step.action == "read",
}


def written(skill: Skill, name: str) -> Exported:
    """The skill as a file, unless the tool can do nothing of it."""
    try:
        return export_skill(skill, name, VALUES)
    except ExportRefused:
        reject()


@pytest.mark.parametrize("name", OF_ONE_RUN)
@given(skill=skills())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_is_called_kept_comes_back(name: str, skill: Skill) -> None:
    exported = written(skill, name)
    [found] = [*import_skill(exported.data, f"skill{FORMATS[name].suffix}", name)] or [None]
    assert found is not None
    before, after = perform(skill, VALUES), perform(found.skill, {})
    left = FORMATS[name].holds["optional"] != KEPT
    for part, words in FORMATS[name].holds.items():
        if part in PARTS and WHOLE.fullmatch(words):
            wanted, there = PARTS[part](before, not left), PARTS[part](after, True)
            if part in AT_LEAST:
                assert len(wanted) == len(there) and all(map(set.issubset, wanted, there)), (part, wanted, there)
            else:
                assert wanted == there, (part, exported.data.decode())


@pytest.mark.parametrize("name", WRITTEN)
@given(skill=skills())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_is_called_noted_has_its_note(name: str, skill: Skill) -> None:
    about = {note.step for note in written(skill, name).notes}
    done: Sequence[Step] = [plain.step for plain in perform(skill, VALUES).steps]
    for part, is_so in NOTED.items():
        if "note" in FORMATS[name].holds[part]:
            assert {step.id for step in done if is_so(step)} <= about, part
