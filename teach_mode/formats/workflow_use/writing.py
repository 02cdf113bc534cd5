"""A skill as a workflow of workflow-use, whose inputs are the skill's parameters.

What its player (0.2.11) can be relied on for decides how elements are named. It clicks by words, and by CSS where it
finds no such words; its XPaths find nothing, and a click without words it repeats. What is typed into and chosen from
it finds by CSS alone where there are no words, and by the likeliest words else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from browser.locators import LocatorKind
from language.entities import Value
from teach_mode.errors import ExportRefused
from teach_mode.formats.looks import words_of_looks
from teach_mode.formats.performing import Performance, Plain, perform
from teach_mode.formats.reports import Exported, Note
from teach_mode.sentences import name_of
from teach_mode.skill import Skill, Step, Target
from teach_mode.templates import names_in

PAUSE_S = 1.0
_NUMBERS = frozenset(("integer", "ordinal", "number"))
_CLICKED = frozenset(("click", "check", "uncheck"))
_PLACES = re.compile(r"\{\{|\}\}|\{[a-z][a-z0-9_]*\}")
_SPOKEN = (LocatorKind.ROLE, LocatorKind.LABEL, LocatorKind.PLACEHOLDER, LocatorKind.TEXT)
_LACKING = {
    "double_click": "a double click",
    "right_click": "a click by the right button",
    "middle_click": "a click by the middle button",
    "hover": "resting on something",
    "drag": "dragging",
    "upload": "an upload",
    "close": "closing a tab",
    "wait": "waiting for something",
    "assert": "that something must be so",
}

HOLDS = {
    "order": "kept, but what it cannot do: that has a note",
    "addresses": "kept",
    "values": "kept, but in frames",
    "role": "as words, for clicks",
    "label": "as words, where no CSS names it",
    "placeholder": "as words, where no CSS names it",
    "text": "as words, for clicks",
    "testid": "as CSS",
    "css": "one of them, without `nth` and `>>`",
    "xpath": "no",
    "shadow": "no",
    "frames": "left out, with a note",
    "tabs": "left out, with a note",
    "dialogs": "no: a note",
    "uploads": "left out, with a note",
    "downloads": "no: a note",
    "waits": "as pauses, with a note",
    "texts": "as pauses, with a note",
    "urls": "as words for a model",
    "optional": "done, with a note",
    "page": "done, with a note",
    "until": "left out, with a note",
    "loops": "written out for the values",
    "rows": "left out, with a note",
    "parameters": "inputs, with the values of now",
    "secrets": "inputs, with a note",
    "reads": "words for a model, with a note",
    "acts": "no: a note that nobody asks, and that it may be done twice",
    "looks": "no",
}


def write_json(skill: Skill, values: Mapping[str, Value]) -> Exported:
    """The skill as a workflow in JSON, with `values` as the defaults of its inputs. Raises ValueRefused,
    ExportRefused."""
    workflow, notes = _write(skill, values)
    return Exported(json.dumps(workflow, indent=2, ensure_ascii=False).encode() + b"\n", notes)


def write_yaml(skill: Skill, values: Mapping[str, Value]) -> Exported:
    """The same in YAML."""
    workflow, notes = _write(skill, values)
    text: str = yaml.safe_dump(workflow, sort_keys=False, allow_unicode=True, width=100)
    return Exported(text.encode(), notes)


def _write(skill: Skill, values: Mapping[str, Value]) -> tuple[dict[str, Any], tuple[Note, ...]]:
    performance = perform(skill, values)
    writer = _Writer(performance)
    steps = writer.steps()
    if all(one["type"] in ("navigation", "extract") for one in steps):
        raise ExportRefused(f"{skill.name}: it has no step that workflow-use can do")
    steps.append({"type": "extract", "extractionGoal": _goal(skill)})
    workflow = {
        "name": skill.name.replace("_", " "),
        "description": skill.description,
        "version": f"{skill.version}.0",
        "default_wait_time": PAUSE_S,
        "steps": steps,
        "input_schema": writer.inputs(),
    }
    return workflow, tuple(dict.fromkeys((*performance.notes, *writer.notes)))


def _goal(skill: Skill) -> str:
    """What is to be read at the end: workflow-use wants every workflow to end with such words."""
    plain = re.sub(r"[{}\[\]]", "", skill.read_back).replace("_", " ").strip()
    return f"Fill this in: {plain}" if plain else "What the page says about how it went"


class _Writer:
    """Of one performance; `notes` tell what of it is not in the file."""

    def __init__(self, performance: Performance) -> None:
        self.notes: list[Note] = []
        self._run = performance
        self._skill = performance.skill
        self._written = {step.id: step for step in performance.skill.all_steps}
        self._used: dict[str, None] = {}
        self._secrets: dict[str, None] = {}

    def steps(self) -> list[dict[str, Any]]:
        """The steps, beginning with where it starts."""
        entry = self._text(self._skill.entry.url, self._run.url)
        begun: list[dict[str, Any]] = [{"type": "navigation", "url": entry}]
        return begun + [made for plain in self._run.steps for made in self._step(plain)]

    def inputs(self) -> list[dict[str, Any]]:
        """What the workflow asks for, with the values of this run as defaults."""
        found: list[dict[str, Any]] = []
        for name in self._used:
            parameter = self._skill.parameter(name)
            kind = "number" if parameter is not None and parameter.kind in _NUMBERS else "string"
            found.append({"name": name, "type": kind, "required": True, "default": self._run.values.get(name)})
        return found + [{"name": name, "type": "string", "required": True} for name in self._secrets]

    def _note(self, step: Step, words: str) -> None:
        self.notes.append(Note(0, step.id, words))

    # values

    def _text(self, template: str, rendered: str) -> str:
        """A text for workflow-use: with places for its inputs where they are all plain ones, else as it is now."""
        names = names_in(template)
        plain = _PLACES.sub("", template)
        scalar = [one for one in names if (known := self._skill.parameter(one)) is not None and not known.many]
        if names and len(scalar) == len(set(names)) and not re.search(r"[{}]", plain):
            self._used.update(dict.fromkeys(scalar))
            return template
        both = "{" in rendered and "}" in rendered
        return rendered.replace("{", "{{").replace("}", "}}") if both else rendered

    # steps

    def _step(self, plain: Plain) -> Iterator[dict[str, Any]]:
        step, written = plain.step, self._written[plain.step.id]
        self._say_lost(step)
        made = self._made(step, written)
        if made is not None:
            if step.postcondition is not None:
                made["expected_outcome"] = f"There is {step.postcondition.described()}."
            yield made

    def _made(self, step: Step, written: Step) -> dict[str, Any] | None:
        if step.until is not None:
            self._note(step, "it is left out: how often it is to be done only the page can tell; do it before, by hand")
            return None
        if step.tab or step.opens or (step.target is not None and step.target.fingerprint.frame):
            where = "a frame" if step.target is not None and step.target.fingerprint.frame else "another tab"
            self._note(step, f"what is done in {where} is left out: workflow-use sees the page alone")
            return None
        if step.action == "goto":
            return {"type": "navigation", "url": self._text(written.value, step.value)}
        if step.action == "scroll" and step.target is None:
            return {"type": "scroll", "scrollX": 0, "scrollY": int(float(step.value or 0))}
        if step.action == "scroll":
            self._note(step, "bringing something into view is left out: what is used comes into view by itself")
            return None
        if step.action == "read":
            called = name_of(step.target) if step.target is not None else step.saves
            goal = f"The text of {called}, and nothing else"
            self._note(step, "what is read is said in words, for a model")
            return {"type": "extract", "extractionGoal": goal, "output": step.saves}
        if step.action in _CLICKED and step.target is not None:
            return self._click(step, step.target)
        if step.action in ("fill", "select", "press"):
            return self._typed(step, written)
        self._note(step, f"{_LACKING.get(step.action, step.action)} is left out: workflow-use cannot do it")
        return None

    def _click(self, step: Step, target: Target) -> dict[str, Any] | None:
        words = next(iter(words_of_looks(target.fingerprint)), "") or _words(target)
        if not words:
            self._note(step, "it is left out: no words name its element, and a click without them is repeated")
            return None
        if step.action != "click" and target.fingerprint.role != "radio":
            self._note(step, "a box is clicked, whether or not it is ticked already")
        css = _css_of(target)
        return {"type": "click", "target_text": words} | ({"cssSelector": css} if css else {})

    def _typed(self, step: Step, written: Step) -> dict[str, Any] | None:
        named: dict[str, Any] = {"cssSelector": ":focus"}
        if step.target is not None:
            css, words = _css_of(step.target), _words(step.target)
            if not css and not words:
                self._note(step, "it is left out: neither CSS nor words name its field")
                return None
            named = {"cssSelector": css} if css else {"target_text": words}
        if step.action == "press":
            return {"type": "key_press", "key": step.value, **named}
        if step.action == "select":
            if "\n" in step.value:
                self._note(step, "several choices of one list are left out: workflow-use makes one")
                return None
            return {"type": "select_change", "selectedText": self._text(written.value, step.value), **named}
        if step.secret:
            name = re.sub(r"\W+", "_", step.secret).strip("_") or "secret"
            self._secrets.setdefault(name)
            self._note(step, f"the secret {step.secret!r} is not in the file: it is asked for as the input {name}")
            return {"type": "input", "value": "{" + name + "}", **named}
        return {"type": "input", "value": self._text(written.value, step.value), **named}

    def _say_lost(self, step: Step) -> None:
        if step.effect == "irreversible":
            self._note(step, "workflow-use does not ask before what cannot be taken back, and may do it twice")
        if step.when is not None:
            self._note(step, "it is done whatever the page is like")
        if step.optional:
            self._note(step, "it is no longer optional: without its element the workflow stops")
        if step.dialog is not None:
            self._note(step, "how the dialog is answered is left out")
        if step.downloads:
            self._note(step, "the file that comes is not kept")
        if step.wait is not None and step.action not in ("wait", "assert"):
            self._note(step, f"it is not waited for {step.wait.described()}, only for {PAUSE_S} s")


def _words(target: Target) -> str:
    """What an element is called by its locators; "" where they do not say."""
    said = (one.name if one.kind is LocatorKind.ROLE else one.value for one in target.locators if one.kind in _SPOKEN)
    return next((words for words in said if words), "")


def _css(target: Target) -> Iterator[str]:
    for locator in target.locators:
        if locator.kind is LocatorKind.CSS and ">>" not in locator.value and locator.nth is None:
            yield locator.value
        if locator.kind is LocatorKind.TESTID:
            yield f"[data-testid={json.dumps(locator.value, ensure_ascii=False)}]"


def _css_of(target: Target) -> str:
    """CSS that names a field: one of its locators, else what stands in its attributes; "" where there is none."""
    if found := next(_css(target), ""):
        return found
    attributes, tag = target.fingerprint.attributes, target.fingerprint.tag
    given = ((key, attributes.get(key, "")) for key in ("id", "name", "placeholder", "aria-label"))
    return next((f"{tag}[{key}={json.dumps(value, ensure_ascii=False)}]" for key, value in given if value), "")
