"""A skill as a recording of Playwright's codegen: a line of options, then one action a line, for one run's values."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from language.entities import Value
from teach_mode.errors import ExportRefused
from teach_mode.formats.performing import Plain, perform
from teach_mode.formats.playwright.writing.elements import as_selector
from teach_mode.formats.reports import Exported, Note
from teach_mode.skill import Skill, Step, Target
from teach_mode.uploads import PHOTO

HEADER: dict[str, Any] = {"browserName": "chromium", "launchOptions": {"headless": False}, "contextOptions": {}}
_SPACE = uuid.UUID("0d6e3f4a-6c55-4b0e-9a5b-2f8f1f6f7d11")
_CLICKS = {
    "click": ("left", 1),
    "double_click": ("left", 2),
    "right_click": ("right", 1),
    "middle_click": ("middle", 1),
}
_BITS = {"Alt": 1, "Control": 2, "ControlOrMeta": 2, "Meta": 4, "Shift": 8}
# What has the focus, to which keys go that are for no element.
FOCUSED = Target(locators=(Locator(kind=LocatorKind.CSS, value=":focus"),), fingerprint=Fingerprint(partial=True))
_BODY = Locator(kind=LocatorKind.CSS, value="body")
_NONE = {
    "drag": "codegen records no dragging",
    "scroll": "codegen records no scrolling",
    "read": "codegen reads nothing",
}


def write(skill: Skill, values: Mapping[str, Value]) -> Exported:
    """The skill as a recording, for these values; a parameter that has none gets an example, and a note. Raises
    ValueRefused, ExportRefused."""
    if not skill.steps:
        raise ExportRefused(f"{skill.name}: it has no steps of its own, and a recording knows no other skills")
    performance = perform(skill, values)
    writer = _Writer(skill)
    writer.notes += performance.notes
    for call in skill.calls:
        writer.note(call.id, f"left out: it calls the skill {call.skill}, and a recording knows no other skills")
    writer.begin(performance.url, performance.condition)
    for plain in performance.steps:
        writer.take(plain)
    writer.add("closePage", "")
    if writer.further:
        writer.note("", f"of {writer.further} elements the first way to name them is written, and no further one")
    lines = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in (HEADER, *writer.entries)]
    return Exported(data=("\n".join(lines) + "\n").encode(), notes=tuple(dict.fromkeys(writer.notes)))


class _Writer:
    """Takes the steps one by one."""

    def __init__(self, skill: Skill) -> None:
        self.entries: list[dict[str, Any]] = []
        self.notes: list[Note] = []
        self.further = 0  # Elements that have further ways to name them.
        self._skill = skill

    def note(self, step: str, words: str) -> None:
        """Say what is not in the recording."""
        self.notes.append(Note(0, step, words))

    def add(self, name: str, tab: str, selector: str = "", **fields: Any) -> dict[str, Any]:
        """One line."""
        named = {"selector": selector} if selector else {}
        entry = {"name": name, **named, **fields, "signals": [], "pageGuid": self._guid(tab)}
        self.entries.append(entry)
        return entry

    def _guid(self, tab: str) -> str:
        """The same for the same skill, so that files can be compared line by line."""
        return "page@" + uuid.uuid5(_SPACE, f"{self._skill.name} {tab}").hex

    def begin(self, url: str, condition: Condition | None) -> None:
        """Where it starts."""
        self.add("openPage", "", url="about:blank")
        self.add("navigate", "", url=url)
        if condition is not None:
            self._holds(condition, Step(id="entry", action="assert"))

    def take(self, plain: Plain) -> None:
        """A step with what is asked before and after it."""
        step = plain.step
        if why := self._why_not(step):
            self.note(step.id, f"left out: {why}")
            return
        if step.wait is not None:
            self._holds(step.wait, step)
        if step.action in ("wait", "assert"):
            return
        self._act(step)
        if step.postcondition is not None:
            self._holds(step.postcondition, step)

    def _why_not(self, step: Step) -> str:
        if step.action in _NONE:
            return _NONE[step.action]
        if step.when is not None:
            return "a recording asks nothing of the page"
        if step.optional:
            return "each action of a recording is done"
        if step.until is not None:
            return "a recording repeats nothing"
        return ""

    def _holds(self, condition: Condition, step: Step) -> None:
        tab = step.tab
        if condition.url:
            self.note(step.id, f"not waited for: the address {condition.url}")
        if condition.hidden:
            self.note(step.id, f"not waited for: {condition.hidden[0].described()} is gone")
        if condition.visible:
            self.add("assertVisible", tab, as_selector(condition.visible[0], condition.frame))
        if condition.text:
            body = as_selector(_BODY, condition.frame)
            self.add("assertText", tab, body, text=condition.text, substring=True)

    def _act(self, step: Step) -> None:
        """The action itself."""
        if step.effect == "irreversible":
            self.note(step.id, "it cannot be taken back, and a recording asks nobody before it")
        if step.action == "goto":
            self._goto(step)
            return
        if step.action == "close":
            self.add("closePage", step.tab)
            return
        target = step.target or FOCUSED
        entry = self._on_element(step, target)
        self.further += len(target.locators) > 1
        signals = entry["signals"]
        if step.opens:
            signals.append({"name": "popup", "popupPageGuid": self._guid(step.opens)})
        if step.downloads:
            signals.append({"name": "download", "downloadAlias": ""})
        if step.dialog is not None:
            signals.append({"name": "dialog", "dialogAlias": ""})
            if step.dialog.accept:
                self.note(step.id, "the dialog gets a no: a recording does not say how it is answered")

    def _goto(self, step: Step) -> None:
        tab = step.opens or step.tab
        if step.opens:
            self.add("openPage", tab, url="about:blank")
        self.add("navigate", tab, url=step.value)

    def _on_element(self, step: Step, target: Target) -> dict[str, Any]:
        selector = as_selector(target.locators[0], target.fingerprint.frame)
        tab = step.tab
        match step.action:
            case "fill":
                if step.secret:
                    self.note(
                        step.id, f"the secret {step.secret!r} is not in the recording: nothing is typed in its place"
                    )
                return self.add("fill", tab, selector, text="" if step.secret else step.value)
            case "select":
                return self.add("select", tab, selector, options=step.value.split("\n"))
            case "press":
                *held, key = step.value.split("+") if len(step.value) > 1 else [step.value]
                modifiers = sum({_BITS.get(one, 0) for one in held})
                return self.add("press", tab, selector, key=key, modifiers=modifiers)
            case "upload":
                files = ["photo.jpg" if line == PHOTO else line for line in step.value.splitlines()]
                self.note(step.id, f"put {', '.join(files)} where it is played: files of a skill are not in it")
                return self.add("setInputFiles", tab, selector, files=files)
            case "check" | "uncheck" | "hover":
                return self.add(step.action, tab, selector)
            case _:
                button, count = _CLICKS[step.action]
                return self.add("click", tab, selector, button=button, modifiers=0, clickCount=count)
