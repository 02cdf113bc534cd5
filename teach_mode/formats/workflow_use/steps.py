"""The steps of a workflow, one after the other, handed to an `Assembly`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urldefrag, urlsplit

from browser.conditions import Condition
from teach_mode.formats.assembling import Assembly, slug_of
from teach_mode.formats.looks import looks_of
from teach_mode.formats.source import Located
from teach_mode.formats.workflow_use.elements import named
from teach_mode.skill import Action, Step, Target, When
from teach_mode.templates import literal
from teach_mode.verbatim import pattern

KINDS = frozenset(
    (
        *("navigation", "click", "button", "input", "select_change", "key_press", "scroll", "go_back", "go_forward"),
        *("extract", "extract_page_content", "agent"),
    )
)
# The words of the oldest workflows, which have an `action` with its `target` in place of a type.
_FORMER = {
    "navigate": "navigation",
    "goto": "navigation",
    "go_to_url": "navigation",
    "open": "navigation",
    "type": "input",
    "fill": "input",
    "input_text": "input",
    "click_element": "click",
    "select": "select_change",
    "press": "key_press",
    "send_keys": "key_press",
}
# A page that came so soon after an act came of it.
_CAME_OF_IT_MS = 5_000
# Places as Python's `str.format` has them, which is what fills them: a doubled brace stands for one.
_PLACE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][\w -]{0,60})\}")
_JUDGED = ("expected_outcome", "verification_checks")


def kind_of(step: Located) -> str:
    """What a step does, in the words of today's workflows; "" where it does not say."""
    said = step.get("type") or step.get("action")
    if not isinstance(said, str):
        return ""
    return _FORMER.get(said, said)


class Walk:
    """Of one workflow. `inputs`: the places of what it asks for, "?{name}" for what may be missing."""

    def __init__(self, made: Assembly, inputs: dict[str, str]) -> None:
        self._made = made
        self._inputs = inputs
        self._outputs: set[str] = set()
        self._tabs: dict[Any, str] = {}
        self._at = ""  # the address shown, where it is known
        self._been: list[str] = []  # addresses before it
        self._acted_ms: float | None = None
        self._pauses = 0
        self._pause_line = 0
        self._ways: dict[str, Callable[[Located, str], None]] = {
            "navigation": self._navigate,
            "click": self._click,
            "button": self._click,
            "input": self._fill,
            "select_change": self._select,
            "key_press": self._press,
            "scroll": self._scroll,
            "go_back": self._back,
            "go_forward": self._forward,
            "extract": self._extract,
            "extract_page_content": self._extract,
            "agent": self._agent,
        }

    def take(self, step: Located, number: int) -> None:
        """The step of this number, from 1."""
        kind = kind_of(step)
        called = f"{number}: {kind or 'a step without a type'}"[:60]
        way = self._ways.get(kind)
        if way is None:
            self._note(step, called, "what it does is not known to workflow-use")
            return
        way(step, called)
        self._say_extras(step, called)

    def end(self, workflow: Located) -> None:
        """The workflow is at its end."""
        default = workflow.get("default_wait_time")
        if self._pauses or (isinstance(default, (int, float)) and default > 0.1):
            words = "pauses between steps are not kept: each step waits until its element is there"
            self._made.note(words, line=self._pause_line or workflow.line)

    def _note(self, step: Located, called: str, words: str) -> None:
        self._made.note(words, line=step.line, step=called)

    def _say_extras(self, step: Located, called: str) -> None:
        if any(step.get(key) for key in _JUDGED):
            self._note(step, called, "what a model was to judge of its outcome is not kept")
        if step.get("wait_time"):
            self._pauses += 1
            self._pause_line = self._pause_line or step.line
        output = step.get("output")
        if isinstance(output, str) and output.strip():
            self._outputs.add(output.strip())
            if kind_of(step) not in ("extract", "extract_page_content", "agent"):
                self._note(step, called, f"what it puts out as {output.strip()[:40]!r} is no value of a page")

    # values

    def _text(self, step: Located, called: str, given: Any) -> tuple[str, When | None]:
        """A text of the file as a template, and when it is there: what may be missing is used only if it is given."""
        text = given if isinstance(given, str) else "" if given is None else str(given)
        parts: list[str] = []
        maybe = ""
        at = 0
        for place in _PLACE.finditer(text):
            name = place[1]
            if name is None:
                parts += [literal(text[at : place.start()]), place[0]]
                at = place.end()
                continue
            found = self._inputs.get(name)
            if found is None and name in self._outputs:
                self._note(step, called, f"{name!r} comes of an earlier step that no skill has; the person is asked")
            elif found is None:
                self._note(step, called, f"{name!r} is not among the inputs of the workflow; the person is asked")
            if found is None:
                found = self._inputs[name] = self._made.variable(name) if slug_of(name) else literal(place[0])
            if found.startswith("?"):
                found, maybe = found[1:], found[2:-1]
            parts += [literal(text[at : place.start()]), found]
            at = place.end()
        template = "".join([*parts, literal(text[at:])])
        return template, When(given=maybe) if maybe else None

    # steps

    def _navigate(self, step: Located, called: str) -> None:
        given = step.get("url") or step.get("target")
        url = given.strip() if isinstance(given, str) else ""
        if not url:
            self._note(step, called, "it names no address")
            return
        tab, opens = self._tab(step, called, goes=True)
        if not opens and self._came_of_an_act(step, url):
            self._note(step, called, "the page came of the step before it, so that it is waited for, not gone to")
            self._expect(url)
            return
        if not opens and not tab and url == self._at and self._is_recorded(step):
            self._note(step, called, "that page is shown already")
            return
        template, when = self._text(step, called, url)
        if self._made.goto(template, line=step.line, tab=tab, opens=opens, when=when) is not None:
            self._arrive(url)
        self._acted_ms = None

    def _came_of_an_act(self, step: Located, url: str) -> bool:
        """Recorders write down each page that loads; what an act brought is not gone to a second time."""
        now = _number(step, "timestamp")
        if self._acted_ms is None or now is None or not 0 <= now - self._acted_ms <= _CAME_OF_IT_MS:
            return False
        last = self._made.last
        return last is not None and last.action in ("click", "press", "select", "fill") and "{" not in url

    def _is_recorded(self, step: Located) -> bool:
        return _number(step, "timestamp") is not None

    def _expect(self, url: str) -> None:
        last = self._made.last
        if url != self._at and last is not None and last.postcondition is None:
            self._made.may_go_to(url)
            self._made.amend(postcondition=Condition(url=pattern(urldefrag(url).url, "")))
            self._arrive(url)
        self._acted_ms = None

    def _arrive(self, url: str) -> None:
        if self._at and self._at != url:
            self._been.append(self._at)
        self._at = url

    def _click(self, step: Located, called: str) -> None:
        self._on_element(step, called, "click")

    def _fill(self, step: Located, called: str) -> None:
        kind = _input_type(step)
        value = step.get("value")
        value = step.get("default_value") if value in (None, "") else value
        if kind in ("checkbox", "radio"):
            on = str(value).strip().lower() not in ("false", "off", "no", "0", "")
            self._on_element(step, called, "check" if on or kind == "radio" else "uncheck")
            return
        if _tag(step) == "select":
            self._note(step, called, "typing into a list of choices does nothing; its choice is a step of its own")
            return
        if kind == "file":
            self._note(step, called, "the file that was chosen is not in the workflow; add it in the portal")
            return
        template, when = self._text(step, called, value)
        last = self._made.last
        target = self._target(step, called, "fill")
        if target is None:
            self._note(step, called, "it names no element that could be found")
            return
        if last is not None and last.action == "fill" and last.target == target and not last.secret:
            self._made.drop_last()  # the same field, typed on
        self._add(step, called, "fill", target, value=template, when=when)

    def _select(self, step: Located, called: str) -> None:
        chosen = step.get("selectedText") or step.get("selectedValue") or step.get("value")
        template, when = self._text(step, called, chosen)
        self._on_element(step, called, "select", value=template, when=when)

    def _press(self, step: Located, called: str) -> None:
        key = step.get("key") or step.get("value")
        if not isinstance(key, str) or not key.strip():
            self._note(step, called, "it names no key")
            return
        self._add(step, called, "press", self._target(step, called, "press"), value=literal(_chord(key)))

    def _scroll(self, step: Located, called: str) -> None:
        across, down = _number(step, "scrollX") or 0.0, _number(step, "scrollY") or 0.0
        if across:
            self._note(step, called, "a page is not scrolled sideways; an element comes into view by itself")
        if not down:
            if not across:
                self._note(step, called, "it scrolls nowhere")
            return
        last = self._made.last
        if last is not None and last.action == "scroll" and last.target is None and self._is_recorded(step):
            self._made.drop_last()  # a recorder writes down how far it is from the top, again and again
        self._add(step, called, "scroll", None, value=str(int(down)))

    def _back(self, step: Located, called: str) -> None:
        if not self._been:
            self._note(step, called, "which page came before is not known, so that there is no way back to it")
            return
        url = self._been.pop()
        self._note(step, called, f"in place of the way back, {url[:80]} is gone to by its address")
        template, when = self._text(step, called, url)
        if self._made.goto(template, line=step.line, tab=self._tab(step, called)[0], when=when) is not None:
            self._at = url

    def _forward(self, step: Located, called: str) -> None:
        self._note(step, called, "there is no way forward in a skill; go there by its address")

    def _extract(self, step: Located, called: str) -> None:
        goal = next((str(step[key]) for key in ("goal", "extractionGoal") if step.get(key)), "")
        what = f": {' '.join(goal.split())[:120]!r}" if goal.strip() else ""
        self._note(step, called, f"a model was to read something{what}; show what to read back in the portal")

    def _agent(self, step: Located, called: str) -> None:
        task = step.get("task")
        what = f": {' '.join(task.split())[:120]!r}" if isinstance(task, str) else ""
        self._note(step, called, f"a model was to find a way by itself{what}; teach this part in the portal")

    # elements

    def _on_element(self, step: Located, called: str, action: Action, **fields: Any) -> None:
        target = self._target(step, called, action)
        if target is None:
            self._note(step, called, "it names no element that could be found")
            return
        self._add(step, called, action, target, **fields)

    def _target(self, step: Located, called: str, action: Action) -> Target | None:
        if "action" in step and isinstance(step.get("target"), str) and kind_of(step) != "navigation":
            step = _modern(step)
        found = named(step, action)
        for words in found.notes:
            self._note(step, called, words)
        if not found.locators:
            return None
        return self._made.target(
            found.locators, frame=(frame := self._frame(step, called)), looks=looks_of(found.sure, frame)
        )

    def _frame(self, step: Located, called: str) -> tuple[str, ...]:
        """The frame that it stands in: of a path "0.2.1" the numbers after the first count frames from the outside in,
        and the innermost one is known by its address."""
        path, url = step.get("frameIdPath"), step.get("frameUrl")
        plain = isinstance(url, str) and urlsplit(url).scheme in ("http", "https")
        address = f"url={literal(url.split('?')[0].split('#')[0])}" if plain and isinstance(url, str) else ""
        if isinstance(path, str) and re.fullmatch(r"\d{1,3}(\.\d{1,3}){0,8}", path):
            around = tuple(f"index={int(one)}" for one in path.split(".")[1:])
            frame = (*around[:-1], address or around[-1]) if around else ()
        elif plain and isinstance(step.get("url"), str) and url != step["url"]:
            frame = (address,)
        else:
            frame = ()
        if frame and address and isinstance(url, str):
            self._made.may_go_to(url)
        return frame

    def _add(self, step: Located, called: str, action: Action, target: Target | None, **fields: Any) -> Step:
        tab, _ = self._tab(step, called)
        self._acted_ms = _number(step, "timestamp")
        return self._made.add(action, line=step.line, target=target, tab=tab, **fields)

    def _tab(self, step: Located, called: str, *, goes: bool = False) -> tuple[str, str]:
        """The tab that a step is done in, and the one that it opens."""
        number = step.get("tabId")
        if number is None or isinstance(number, (dict, list)):
            return "", ""
        if number in self._tabs:
            return self._tabs[number], ""
        name = f"tab-{len(self._tabs) + 1}" if self._tabs else ""
        self._tabs[number] = name
        if not name:
            return "", ""
        last = self._made.last
        if last is not None and last.action in ("click", "middle_click", "press") and not last.opens:
            self._made.amend(opens=name)
            self._note(step, called, "it is another tab, which the step before it is taken to have opened")
            return name, ""
        if goes:
            return "", name
        self._note(step, called, "it is another tab, and nothing before it can have opened one; the first is used")
        self._tabs[number] = ""
        return "", ""


def _modern(step: Located) -> Located:
    """A step of the oldest form with its target where today's have it."""
    target = str(step["target"]).strip()
    found = Located(step)
    found.line = step.line
    found["xpath" if target.startswith(("/", "(", "xpath=")) else "cssSelector"] = target
    return found


def _chord(key: str) -> str:
    """A key as the browser names it: "ctrl+a" and "Enter" alike."""
    names = {"ctrl": "Control", "cmd": "Meta", "command": "Meta", "option": "Alt", "return": "Enter", "esc": "Escape"}
    parts = [part.strip() for part in key.split("+")] if len(key) > 1 else [key]
    return "+".join(names.get(part.lower(), part) for part in parts if part) or key


def _input_type(step: Located) -> str:
    said = step.get("inputType") or step.get("elementType")
    if isinstance(said, str):
        return said.lower()
    found = re.search(r"""\[type=["']?(\w+)""", str(step.get("cssSelector") or ""))
    return found[1].lower() if found else ""


def _tag(step: Located) -> str:
    tag = step.get("elementTag")
    return tag.strip().lower() if isinstance(tag, str) else ""


def _number(step: Located, key: str) -> float | None:
    value = step.get(key)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not -1e15 < value < 1e15:
        return None
    return float(value)
