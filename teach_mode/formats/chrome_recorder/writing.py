"""A skill as a user flow of the Recorder, for certain values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from language.entities import Value
from teach_mode.due import STEP_MS
from teach_mode.formats.chrome_recorder.expressions import chooses, is_there
from teach_mode.formats.chrome_recorder.keys import MODIFIERS
from teach_mode.formats.chrome_recorder.naming import loses_number, selectors_of
from teach_mode.formats.chrome_recorder.pages import Pages
from teach_mode.formats.performing import Performance, Plain, perform
from teach_mode.formats.placeholders import for_secret
from teach_mode.formats.reports import Exported, Note
from teach_mode.skill import Skill, Step, Target

_CLICKS = {"click": "primary", "double_click": "primary", "right_click": "secondary", "middle_click": "auxiliary"}
_TYPED = frozenset(("textbox", "searchbox", "combobox", "spinbutton"))
_TICKED = frozenset(("checkbox", "radio"))
# Where a click lands in an element whose size is not known, counted from its corner: within round buttons, and boxes.
CORNER_PX = 9.0
TICK_PX = 6.0
Flow = dict[str, Any]


def write(skill: Skill, values: Mapping[str, Value]) -> Exported:
    """The user flow of a run with these values. Raises ValueRefused."""
    done = perform(skill, values)
    made = _Writing(done)
    for plain in done.steps:
        made.take(plain)
    title = (skill.utterances or (skill.description,))[0]
    flow = {"title": _title(skill, title), "timeout": STEP_MS, "steps": made.steps}
    notes = [*done.notes, *made.notes]
    if skill.parameters:
        notes.insert(0, Note(0, "", "the values of this run stand in the file: another run needs another file"))
    data = json.dumps(flow, ensure_ascii=False, indent=2).encode() + b"\n"
    return Exported(data=data, notes=tuple(notes))


def _title(skill: Skill, said: str) -> str:
    """What the flow is called: the first way to ask for it, if it has no places, else the skill's name."""
    return said if said and not set("{[(") & set(said) else skill.name.replace("_", " ")


class _Writing:
    """The steps so far. Where tabs and frames are is known from what the skill says of them (`pages.py`)."""

    def __init__(self, done: Performance) -> None:
        self.steps: list[Flow] = []
        self.notes: list[Note] = []
        self._pages = Pages(done)
        self._scrolled: dict[tuple[str, str], int] = {}
        size = {"width": 1280, "height": 800, "deviceScaleFactor": 1}
        flags = {"isMobile": False, "hasTouch": False, "isLandscape": False}
        self.steps.append({"type": "setViewport", **size, **flags})
        self.steps.append({"type": "navigate", "url": done.url})
        if done.condition is not None:
            self._expect("entry", done.condition, {"target": "main"})

    def take(self, plain: Plain) -> None:
        """The next step of the run."""
        step = plain.step
        if step.optional:
            return self._note(step, "it is done only where its element is, which the Recorder cannot ask: left out")
        if step.when is not None:
            return self._note(step, "it is done only where the page is so, which the Recorder cannot ask: left out")
        where = self._where(step)
        if where is None:
            return self._stand_in(step, f"the address of the tab “{step.tab}” is not known, and the Recorder needs it")
        if step.wait is not None:
            self._expect(step.id, step.wait, where)
        if step.until is not None:
            self._note(step, "it is repeated until the page is so, which the Recorder cannot: it is only waited for")
            return self._expect(step.id, step.until, where)
        self._say_what_is_lost(step)
        self._do(step, where)
        if step.postcondition is not None:
            self._come(step, step.postcondition, where)
        return None

    def _note(self, step: Step, words: str) -> None:
        self.notes.append(Note(0, step.id, words))

    def _stand_in(self, step: Step, why: str) -> None:
        """What the Recorder cannot do stands in the flow by its name, and is passed over by the player."""
        self._note(step, f"{why}: a step of the name stands in for it, and does nothing")
        parameters = {"step": step.id, "action": step.action, "value": step.value}
        self.steps.append({"type": "customStep", "name": "leveret", "parameters": parameters})

    def _where(self, step: Step) -> Flow | None:
        frame = step.target.fingerprint.frame if step.target is not None else step.wait.frame if step.wait else ()
        where = self._pages.where(step.tab, frame)
        for words in self._pages.guesses():
            self._note(step, words)
        if where is not None and where.get("frame"):
            waits = {"type": "waitForElement", "selectors": [["pierce/iframe, frame"]], "count": where["frame"][0] + 1}
            if waits not in self.steps:
                self.steps.append(waits)
        return where

    def _say_what_is_lost(self, step: Step) -> None:
        if step.effect == "irreversible":
            self._note(step, "it cannot be taken back: the other tool does not ask before it")
        if step.dialog is not None:
            self._note(step, "it brings up a dialog, which the Recorder's player does not answer: answer it by hand")
        if step.downloads:
            self._note(step, "the file that it brings is not kept")
        if step.opens:
            self._pages.opened(step)
        if step.target is not None and loses_number(step.target.locators):
            self._note(step, "it is one of several by its number, which no selector says: the first one is taken")

    # acts

    def _do(self, step: Step, where: Flow) -> None:
        target = step.target
        match step.action:
            case "goto" if not step.opens:
                self._scrolled.clear()
                self.steps.append({"type": "navigate", "url": step.value, **where})
            case "click" | "double_click" | "right_click" | "middle_click" if target is not None:
                self._click(step, target, where)
            case "hover" if target is not None:
                self._on(target, "hover", where)
            case "fill" | "select" if target is not None:
                self._change(step, target, where)
            case "check" | "uncheck" if target is not None:
                self._tick(step, target, where)
            case "press":
                self._press(step, where)
            case "scroll":
                self._scroll(step, where)
            case "close":
                self.steps.append({"type": "close", **where})
            case "read" if target is not None:
                self._note(step, "what is read there is read to nobody: it is only waited for")
                self._on(target, "waitForElement", where)
            case "wait" | "assert":
                pass
            case _:
                self._stand_in(step, f"the Recorder has no step to {step.action.replace('_', ' ')}")

    def _on(self, target: Target, kind: str, where: Flow, **more: Any) -> None:
        selectors = selectors_of(target.locators, target.fingerprint)
        self.steps.append({"type": kind, "selectors": selectors, **where, **more})

    def _click(self, step: Step, target: Target, where: Flow) -> None:
        box = target.fingerprint.box
        px = TICK_PX if target.fingerprint.role in _TICKED or step.action in ("check", "uncheck") else CORNER_PX
        x, y = (box[2] / 2, box[3] / 2) if box is not None else (px, px)
        kind = "doubleClick" if step.action == "double_click" else "click"
        button = _CLICKS.get(step.action, "primary")
        more = {"button": button} if button != "primary" else {}
        self._on(target, kind, where, offsetX=round(x, 1), offsetY=round(y, 1), **more)

    def _change(self, step: Step, target: Target, where: Flow) -> None:
        value = step.value
        if step.secret:
            value = for_secret(step.secret)
            self._note(step, f"a secret is in no file: put the {step.secret} in place of {value} where you play it")
        if step.action == "select":
            value, *others = step.value.splitlines() or [""]
            self._note(step, "an option is chosen there by its value; where that is another, an expression chooses it")
            if others:
                self._note(step, f"one of several options is chosen there; left out: {', '.join(others)}")
        self._on(target, "change", where, value=value)
        if step.action == "select" and (expression := chooses(target.locators, value)):
            self.steps.append({"type": "waitForExpression", "expression": expression, **where})

    def _tick(self, step: Step, target: Target, where: Flow) -> None:
        """A click, and a look at what came of it: one on a box that was ticked already takes the tick away."""
        ticked = step.action == "check"
        self._note(step, "a click there: where the box is as it should be already, the player stops")
        self._click(step, target, where)
        if target.fingerprint.tag in ("", "input"):
            self._on(target, "waitForElement", where, properties={"checked": ticked})

    def _press(self, step: Step, where: Flow) -> None:
        if step.target is not None:
            if step.target.fingerprint.role in _TYPED:
                self._click(step, step.target, where)
            else:
                self._note(step, "the key goes to what has the focus there")
        keys = _keys(step.value)
        place = {"target": where["target"]}
        self.steps += [{"type": "keyDown", "key": key, **place} for key in keys]
        self.steps += [{"type": "keyUp", "key": key, **place} for key in reversed(keys)]

    def _scroll(self, step: Step, where: Flow) -> None:
        """How far it is scrolled then, counted from where the page began."""
        if not step.value and step.target is not None:
            self._note(step, "it comes into view there by being pointed at")
            return self._on(step.target, "hover", where)
        place = (step.tab, str(step.target.locators) if step.target else "")
        try:
            self._scrolled[place] = max(self._scrolled.get(place, 0) + int(step.value or "0"), 0)
        except ValueError:
            return self._stand_in(step, f"{step.value!r} is no number of px")
        if step.target is not None:
            return self._on(step.target, "scroll", where, x=0, y=self._scrolled[place])
        self.steps.append({"type": "scroll", "x": 0, "y": self._scrolled[place], **where})
        return None

    # what must be so

    def _come(self, step: Step, condition: Condition, where: Flow) -> None:
        """What must be true after a step: a navigation is asserted of it, the rest is waited for."""
        if condition.url and step.action != "goto":
            event = {"type": "navigation"} | ({} if "*" in condition.url else {"url": condition.url, "title": ""})
            if "*" in condition.url:
                self._note(step, f"that it leads to {condition.url} is not compared: only that it leads on")
            self.steps[-1]["assertedEvents"] = [event]
            self._scrolled.clear()
        self._expect(step.id, condition, where, compare_url=False)

    def _expect(self, about: str, condition: Condition, where: Flow, *, compare_url: bool = True) -> None:
        if condition.url and compare_url and condition.url != self._pages.address_of(where):
            self.notes.append(Note(0, about, f"that the address is {condition.url} is not waited for"))
        there = self._pages.within(where, condition.frame)
        if condition.visible:
            self._wait(condition.visible, there)
        if condition.hidden:
            self._wait(condition.hidden, there, visible=False)
        if condition.text:
            text = Locator(kind=LocatorKind.TEXT, value=condition.text)
            self._wait((text,), there)

    def _wait(self, locators: Sequence[Locator], where: Flow, **more: Any) -> None:
        """Of one that has a number, so many are waited for as are needed for it."""
        count = min((one.nth or 0) + 1 for one in locators)
        plain = [Locator(kind=one.kind, value=one.value, name=one.name, exact=one.exact) for one in locators]
        more = more | ({"count": count} if count > 1 else {})
        acted = self.steps[-1]["type"] not in ("navigate", "waitForElement") and "assertedEvents" not in self.steps[-1]
        if acted and "visible" not in more and (expression := is_there(plain)):
            self.steps.append({"type": "waitForExpression", "expression": expression, **where})
        self.steps.append({"type": "waitForElement", "selectors": selectors_of(plain), **where, **more})


def _keys(chord: str) -> list[str]:
    """The keys of a chord, in the order in which they go down: "Control++" are Control and +."""
    parts = [part for part in chord.removesuffix("+").split("+") if part] + (["+"] if chord.endswith("+") else [])
    held = [part for part in parts[:-1] if part in MODIFIERS]
    return [*held, *parts[-1:]]
