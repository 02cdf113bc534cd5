"""Our templates as texts with `${variables}`, and the commands that give those their values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

from msgspec.structs import replace

from browser.locators import Locator
from language.entities import Value
from teach_mode.formats.selenium_ide import scripts
from teach_mode.skill import Skill
from teach_mode.templates import render

ITEM = "item"
_PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
Line = tuple[str, str, str]


class Variables:
    """Of one exported test. `values` are those of the run. What texts ask for is remembered, so that `given` stores it.

    In a loop, `{item}` is the loop's own variable, and what is made of it is worked out in the loop: `of_item`.
    """

    def __init__(self, skill: Skill, values: Mapping[str, Value]) -> None:
        self.values = dict(values)
        self.of_item: dict[str, Line] = {}
        self.fixed: dict[str, str] = {}
        self._lists = {one.name for one in skill.parameters if one.many}
        self._parameters = [one.name for one in skill.parameters]
        read = (name for step in skill.all_steps for name in (step.saves, *(one.name for one in step.confirms)))
        self._read = {name for name in read if name}
        self.lost: dict[str, None] = {}
        self._asked: dict[str, None] = {}
        self._made: dict[str, Line] = {}
        self._secrets: dict[str, str] = {}

    def text(self, template: str) -> str:
        """A text as the player reads it."""
        return self._filled(template, lambda name, filters: f"${{{self._variable(name, filters)}}}")

    def address(self, template: str) -> str:
        """An address, relative to the site where it is on it; values in it are percent-encoded."""

        def variable(name: str, filters: tuple[str, ...]) -> str:
            if name == "site":
                return ""
            place = "{" + "|".join((name, *filters)) + "}"
            plain = render(place, self.values)
            if name in self._read or quote(plain, safe="") == plain or name == ITEM:
                return f"${{{self._variable(name, filters)}}}"
            return f"${{{self._constant(f'{name}_in_address', quote(plain, safe=''), place)}}}"

        return self._filled(template, variable) or "/"

    def known(self, template: str) -> str:
        """A text with its places filled by the values of the run."""
        return render(template, self.values)

    def pattern(self, template: str) -> tuple[str | tuple[str], ...]:
        """The pieces of a glob: texts, and the names of variables, each in a tuple of its own."""
        pieces: list[str | tuple[str]] = []
        at = 0
        for match in _PLACE.finditer(template):
            pieces.append(template[at : match.start()])
            at = match.end()
            name, *filters = (match[1] or "").split("|")
            if match[1] is None:
                pieces.append(match[0][0])
            elif name == "site":
                pieces.append(str(self.values["site"]))
            else:
                pieces.append((self._variable(name, tuple(filters)),))
        return (*pieces, template[at:])

    def locator(self, locator: Locator) -> Locator:
        """A locator with variables in place of its templates."""
        return replace(locator, value=self.text(locator.value), name=self.text(locator.name))

    def name(self, name: str) -> str:
        """A value's variable, where nothing is made of it."""
        return self._variable(name, ())

    def is_list(self, name: str) -> bool:
        """Whether a value is a list."""
        return name in self._lists

    def secret(self, name: str) -> str:
        """The variable for a secret: the file has a placeholder for it."""
        variable = "secret_" + re.sub(r"\W+", "_", name.lower()).strip("_")
        self._secrets[variable] = name
        return variable

    def given(self) -> list[Line]:
        """The commands at the beginning of the test that store what its texts ask for."""
        lines: list[Line] = [("store", f"put the {name} here", one) for one, name in self._secrets.items()]
        for name in self._parameters:
            if name in self._asked and name in self._lists:
                lines.append(("storeJson", json.dumps(list(self._items(name)), ensure_ascii=False), name))
            elif name in self._asked:
                lines.append(("store", render("{" + name + "}", self.values), name))
        return [*lines, *self._made.values()]

    def _items(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name, ())
        return value if isinstance(value, tuple) else (str(value),)

    def _filled(self, template: str, variable: Callable[[str, tuple[str, ...]], str]) -> str:
        def fill(match: re.Match[str]) -> str:
            if match[1] is None:
                return match[0][0]
            name, *filters = match[1].split("|")
            return variable(name, tuple(filters))

        return _PLACE.sub(fill, template)

    def _variable(self, name: str, filters: tuple[str, ...]) -> str:
        """The variable of a place."""
        known = name in self._parameters or name in self._read or name == ITEM
        if known and not filters:
            self._asked.setdefault(name)
            return name
        called = "_".join((name, *(re.sub(r"\W+", "_", one).strip("_").lower() or "as_it_is" for one in filters)))
        script = scripts.filtering(name, filters) if name not in self._lists else None
        if name == ITEM or name in self._read:
            if script is None or name != ITEM:
                self.lost.setdefault("{" + "|".join((name, *filters)) + "}")
                return name
            self.of_item[called] = ("executeScript", script, called)
            return called
        if script is not None:
            self._asked.setdefault(name)
            self._made[called] = ("executeScript", script, called)
            return called
        place = "{" + "|".join((name, *filters)) + "}"
        return self._constant(called, render(place, self.values), place)

    def _constant(self, name: str, text: str, place: str) -> str:
        self._made[name] = ("store", text, name)
        self.fixed[name] = place
        return name
