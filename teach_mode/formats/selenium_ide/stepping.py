"""The steps of a skill as commands, in the tab and frame where each is done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from browser.conditions import Condition
from teach_mode.formats.reports import Note
from teach_mode.formats.selenium_ide.asserting import Asking
from teach_mode.formats.selenium_ide.keys import code_of
from teach_mode.formats.selenium_ide.locators import Way
from teach_mode.formats.selenium_ide.scripts import field_set, scroll_by
from teach_mode.formats.selenium_ide.variables import ITEM, Line, Variables
from teach_mode.formats.selenium_ide.written import Written, frame_locator
from teach_mode.skill import Loop, Skill, Step, Target
from teach_mode.templates import names_in

_ROOT = "root"
_COMMANDS = {
    "click": "click",
    "double_click": "doubleClick",
    "check": "check",
    "uncheck": "uncheck",
    "hover": "mouseOver",
}
# Fields whose value is picked, and typed otherwise than it is written.
_PICKED = frozenset(("date", "time", "datetime-local", "month", "week", "color", "range"))
# A part of a sentence that is left out when a value in it is empty.
_PART = re.compile(r"\[\[|\]\]|\[([^\[\]]*)\]")


class Writer:
    """Writes one skill; `notes` tell what of it is not in the file."""

    def __init__(self, skill: Skill, variables: Variables) -> None:
        self.notes: list[Note] = []
        self._skill = skill
        self._variables = variables
        self._asking = Asking(variables)
        self._written: list[Written] = []
        self._tab: str | None = ""
        self._frame: tuple[str, ...] = ()
        self._numbers = count(1)
        self._told = {name for text in _sentences(skill) for name in names_in(text)}

    def all(self) -> list[Written]:
        """The commands: where it starts, the steps, the answer."""
        self._enter()
        for loop, steps in self._skill.stretches:
            self._stretch(loop, steps)
        for call in self._skill.calls:
            self.notes.append(Note(0, call.id, f"the skill {call.skill} that is done after it is a file of its own"))
        if self._tab is None:
            self._be_at("", ())  # The player ends in a window that is there.
        self._answer()
        return self._written

    # where it starts

    def _enter(self) -> None:
        entry = self._skill.entry
        if any(step.opens for step in self._skill.all_steps):
            self._put("storeWindowHandle", _ROOT)
        self._open(entry.url)
        asked = self._asking.asked(entry.condition) if entry.condition is not None and entry.reconcile else None
        if asked is not None:
            looks, _, not_so = asked
            self._lines(looks)
            self._put("if", not_so)
            for step in entry.reconcile:
                self._step(step)
            self._be_at("", ())
            self._open(entry.url)
            self._put("end")
        elif entry.reconcile:
            self._note(entry.reconcile[0], "what puts the start right is left out: begin with a clean site")
        if entry.condition is not None:
            self._wait("", entry.condition)

    def _open(self, url: str) -> None:
        self._put("open", self._variables.address(url))
        self._frame = ()

    # steps

    def _stretch(self, loop: Loop | None, steps: Sequence[Step]) -> None:
        if loop is not None and loop.rows:
            for step in steps:
                self._note(step, "a loop over the rows that the page has that day is left out: no file knows them now")
            return
        with self._each(loop.for_each if loop is not None else ""):
            for step in steps:
                self._step(step)

    @contextmanager
    def _each(self, name: str) -> Iterator[None]:
        """For each value of a list; once where there is no name."""
        if not name:
            yield
            return
        self._put("forEach", self._variables.name(name), ITEM)
        began, where = len(self._written), (self._tab or "", self._frame)
        self._variables.of_item.clear()
        yield
        self._written[began:began] = [Written(*line) for line in self._variables.of_item.values()]
        self._be_at(*where)
        self._put("end")

    def _step(self, step: Step) -> None:
        with self._each(step.for_each):
            frame = step.target.fingerprint.frame if step.target is not None else None
            self._be_at(step.tab, frame)
            asked = self._asked_of(step)
            if asked is None:
                return
            if asked:
                self._be_at(step.tab, frame)
                self._put("if", asked)
            where = (self._tab or "", self._frame)
            if step.until is not None:
                self._repeat(step, step.until)
            else:
                self._once(step)
            if asked:
                self._be_at(*where)
                self._put("end")

    def _asked_of(self, step: Step) -> str | None:
        """What the step asks of the run, "" for nothing. None: it cannot be said, and is noted."""
        true: list[str] = []
        when = step.when
        if when is not None and when.given:
            name = self._variables.name(when.given)
            true.append(f"${{{name}}}.length > 0" if self._variables.is_list(when.given) else f'${{{name}}} != ""')
        if when is not None:
            true += [f"${{{self._variables.name(name)}}} == {_js(text)}" for name, text in when.equals.items()]
        pages = [when.page] if when is not None and when.page is not None else []
        if step.optional and step.target is not None:
            pages.append(Condition(visible=step.target.locators, frame=step.target.fingerprint.frame))
        for page in pages:
            asked = self._asking.asked(page)
            if asked is None:
                self._note(step, "what it depends on cannot be asked by Selenium, so that it is left out")
                return None
            self._be_at(step.tab, page.frame if page.asks_page else None)
            self._lines(asked[0])
            true.append(asked[1])
        return " && ".join(true)

    def _repeat(self, step: Step, until: Condition) -> None:
        """`while` it is not so yet. What changes each time is read before it, and waited for after it."""
        asked = self._asking.asked(until)
        if asked is None:
            self._note(step, "until when it is repeated cannot be asked by Selenium, so that it is left out")
            return
        looks, _, not_so = asked
        frame = until.frame if until.asks_page else None
        self._be_at(step.tab, frame)
        self._lines(looks)
        self._put("while", not_so, str(step.most))
        self._be_at(step.tab, step.target.fingerprint.frame if step.target is not None else None)
        changes = self._asking.ways(step.changes)
        name = f"before_{next(self._numbers)}"
        if changes:
            self._put("storeText", changes[0].written, name)
        self._once(step)
        self._be_at(step.tab, frame)
        self._lines(looks)
        self._put("end")
        if step.turn is not None:
            self._note(step, "it turns forwards alone, from the month that the page begins with")

    def _once(self, step: Step) -> None:
        if step.wait is not None:
            self._wait(step.id, step.wait)
        if step.action in ("wait", "assert"):
            return
        self._read_backs(step)
        if not self._act(step):
            return
        if step.dialog is not None:
            self._dialog(step)
        if step.downloads:
            self._note(step, "the file that comes is left where the browser puts it")
        if step.effect == "irreversible":
            self._note(step, "nobody is asked before it: whoever plays the file does it")
        if step.postcondition is not None:
            self._wait(step.id, step.postcondition)

    def _act(self, step: Step) -> bool:
        """The step's own command. False: there is none, and it is noted."""
        target = self._ways(step, step.target) if step.target is not None else ()
        if step.target is not None and not target:
            self._note(step, "its element cannot be named by Selenium, so that it is left out")
            return False
        at = target[0].written if target else ""
        value = self._variables.text(step.value)
        match step.action:
            case "goto":
                self._go(step)
            case "click" | "double_click" | "check" | "uncheck" | "hover":
                self._put(_COMMANDS[step.action], at, targets=target, opens=self._opens(step))
            case "middle_click":
                self._put("sendKeys", at, "${KEY_CONTROL}${KEY_ENTER}", targets=target, opens=self._opens(step))
            case "fill":
                self._fill(step, at, value, target)
            case "select":
                self._select(at, step.value, target)
            case "press":
                return self._press(step, at, target)
            case "upload":
                self._put("type", at, value, targets=target)
                self._note(step, "put the whole path of the file in place of its name")
            case "drag" if step.onto is not None:
                return self._drag(step, at, target, step.onto)
            case "scroll" if step.target is None:
                self._put("runScript", scroll_by(value))
            case "close":
                self._put("close")
                self._tab, self._frame = None, ()
            case "read":
                self._put("storeText", at, step.saves, targets=target)
                if step.many:
                    self._note(step, "only the first of what it reads is read")
            case _:
                self._note(step, f"Selenium IDE has no command for {step.action.replace('_', ' ')}")
                return False
        return True

    def _go(self, step: Step) -> None:
        if not step.opens:
            self._open(step.value)
            return
        url = self._variables.known(step.value)
        self._put("executeScript", f"window.open({_js(url)})", opens=self._opens(step))

    def _fill(self, step: Step, at: str, value: str, target: tuple[Way, ...]) -> None:
        looks = step.target.fingerprint.attributes.get("type", "") if step.target is not None else ""
        selectors = [way.written.removeprefix("css=") for way in target if way.written.startswith("css=")]
        selectors += [f"#{way.written[3:]}" for way in target if way.written.startswith("id=")]
        selectors += [f'[name="{way.written[5:]}"]' for way in target if way.written.startswith("name=")]
        plain = next((one for one in selectors if "${" not in one), None)
        if looks in _PICKED and plain is not None:
            script = field_set(plain, self._variables.pattern(step.value))
            if script is not None:
                self._put("executeScript", script)
                return
        if looks in _PICKED:
            self._note(step, "type it in the order of the browser's own language, month or day first")
        if value != value.strip():
            self._note(step, "the player leaves out the spaces at the ends of a text")
        self._put("type", at, self._secret(step) if step.secret else value, targets=target)

    def _select(self, at: str, value: str, target: tuple[Way, ...]) -> None:
        options = [self._variables.text(one) for one in value.split("\n")]
        for option in options:
            self._put("select" if len(options) == 1 else "addSelection", at, f"label={option}", targets=target)

    def _press(self, step: Step, at: str, target: tuple[Way, ...]) -> bool:
        code = code_of(self._variables.known(step.value))
        if code is None:
            self._note(step, f"Selenium has no code for the key {step.value!r}")
            return False
        self._put("sendKeys", at or "css=:focus", code, targets=target, opens=self._opens(step))
        return True

    def _drag(self, step: Step, at: str, target: tuple[Way, ...], onto: Target) -> bool:
        to = self._ways(step, onto)
        if not to:
            self._note(step, "what it is dragged onto cannot be named by Selenium, so that it is left out")
            return False
        self._put("dragAndDropToObject", at, to[0].written, targets=target, fallbacks=to)
        return True

    def _secret(self, step: Step) -> str:
        name = self._variables.secret(step.secret)
        code = ", a code of the moment," if step.one_time else ""
        self._note(step, f"the secret {step.secret!r}{code} is in no file: put it in place of what ${{{name}}} holds")
        return f"${{{name}}}"

    def _opens(self, step: Step) -> str:
        return step.opens.replace("-", "_") if step.opens else ""

    def _dialog(self, step: Step) -> None:
        answer = step.dialog
        if answer is None:
            return
        if answer.message:
            self._put("assertConfirmation", self._variables.text(answer.message))
        if answer.text:
            self._put("answerPrompt", self._variables.text(answer.text))
        else:
            self._put("acceptConfirmation" if answer.accept else "dismissConfirmation")

    def _read_backs(self, step: Step) -> None:
        """What the site says before an act, where a later sentence tells it."""
        for confirm in step.confirms:
            ways = self._asking.ways(confirm.locators) if confirm.name in self._told else ()
            if ways:
                self._be_at(step.tab, confirm.frame)
                self._put("storeText", ways[0].written, confirm.name, targets=ways)
        if step.confirms and step.target is not None:
            self._be_at(step.tab, step.target.fingerprint.frame)

    def _ways(self, step: Step, target: Target | None) -> tuple[Way, ...]:
        return self._asking.ways(target.locators) if target is not None else ()

    def _wait(self, step: str, condition: Condition) -> None:
        if condition.asks_page and self._tab is not None:
            self._be_at(self._tab, condition.frame)
        lines = self._asking.waited_for(condition)
        if lines is None:
            self.notes.append(Note(0, step, "what is waited for cannot be named by Selenium, and is left out"))
            return
        self._lines(lines)

    # where it is done

    def _be_at(self, tab: str, frame: tuple[str, ...] | None) -> None:
        """Turns to a tab and a frame; None: any frame."""
        if tab != self._tab:
            self._put("selectWindow", f"handle=${{{tab.replace('-', '_') if tab else _ROOT}}}")
            self._tab, self._frame = tab, ()
        if frame is None or frame == self._frame:
            return
        if self._frame:
            self._put("selectFrame", "relative=top")
        for address in frame:
            self._put("selectFrame", frame_locator(address))
        self._frame = frame

    def _answer(self) -> None:
        if not self._skill.read_back:
            return

        def part(match: re.Match[str]) -> str:
            if match[1] is None:
                return match[0][0]
            there = all(self._variables.values.get(name, "?") not in ("", ()) for name in names_in(match[1]))
            return match[1] if there else ""

        self._put("echo", self._variables.text(_PART.sub(part, self._skill.read_back)))

    def _put(self, command: str, target: str = "", value: str = "", **more: Any) -> None:
        self._written.append(Written(command, target, value, **more))

    def _lines(self, lines: Sequence[Line]) -> None:
        self._written += [Written(*line) for line in lines]

    def _note(self, step: Step, words: str) -> None:
        self.notes.append(Note(0, step.id, words))


def _js(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _sentences(skill: Skill) -> list[str]:
    return [skill.read_back, *(step.value for step in skill.steps)]
