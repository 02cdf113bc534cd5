"""What comes of a script while it is read: steps of an assembly, and notes by line."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from teach_mode.errors import TemplateError
from teach_mode.formats.acts import commits_by_looks
from teach_mode.formats.assembling import Assembly, slug_of
from teach_mode.formats.playwright.carrying import Carrying
from teach_mode.formats.playwright.scripts.values import Items, Number, Text, Unknown, Value
from teach_mode.skill import Action, DialogAnswer, Parameter, Step, Target
from teach_mode.templates import literal, places_in, render_all

_ANSWERED: frozenset[Action] = frozenset(("click", "double_click", "press", "check", "uncheck", "select", "upload"))


# Around a part of a sentence that is left out when a value in it is empty.
MAYBE = ("\ue000", "\ue001")


MOST_TEXT_CHARS = 20_000


def made_text(template: str) -> Text | Unknown:
    """A text that a script makes, if it is not too long: what doubles itself again and again has no end."""
    if len(template) > MOST_TEXT_CHARS:
        return Unknown(f"it has more than {MOST_TEXT_CHARS:,} characters")
    return Text(template)


class Args:
    """What a call is given, read already."""

    def __init__(self, node: ast.AST, given: tuple[Value, ...] = (), named: Mapping[str, Value] | None = None) -> None:
        self.node = node
        self.given = given
        self.named = dict(named or {})

    @property
    def line(self) -> int:
        """Where the call stands."""
        return int(getattr(self.node, "lineno", 0))

    def at(self, number: int, name: str = "") -> Value | None:
        """The argument at a place, or of a name."""
        if number < len(self.given):
            return self.given[number]
        return self.named.get(name) if name else None

    def text(self, number: int, name: str = "") -> str | None:
        """The same as a template, if it is a text or a number."""
        return as_text(self.at(number, name))

    def number(self, number: int, name: str) -> int | None:
        """The same as a whole number."""
        value = self.at(number, name)
        return value.value if isinstance(value, Number) and isinstance(value.value, int) else None

    def is_true(self, name: str) -> bool:
        """Whether an argument is True."""
        value = self.named.get(name)
        return isinstance(value, Number) and value.value is True

    def without_first(self) -> Args:
        """The arguments after the first."""
        return Args(self.node, self.given[1:], self.named)


def as_text(value: Value | None) -> str | None:
    """A value as a template; None: it is no text, or a part of it may be left out."""
    if isinstance(value, Text):
        return value.template if MAYBE[0] not in value.template else None
    if isinstance(value, Number) and not isinstance(value.value, bool) and value.value is not None:
        return str(value.value)
    return None


def texts_of(value: Value | None) -> list[str] | None:
    """A text, or a list of texts, as templates; None: something else."""
    if isinstance(value, Items):
        found = [as_text(one) for one in value.items]
        return [one for one in found if one is not None] if None not in found else None
    one = as_text(value)
    return [one] if one is not None else None


class Telling:
    """The assembly of one test, how many steps its script has so far, and what waits for the next step."""

    def __init__(self, made: Assembly) -> None:
        self.made = made
        self.carry = Carrying(made)
        self.steps = 0
        self.added = 0  # Steps of the skill, by what is done to a page.
        self.dialog: DialogAnswer | None = None
        self.tabs = 0
        self.first_tab = False  # Whether the script has its first page yet.
        self.unopened: set[str] = set()  # Tabs that it made and shows nothing in yet.
        self.read_back: list[str] = []
        self.optional = 0  # Inside of so many `try`.
        self._defaults: dict[str, str] = {}
        self._saved: dict[str, int] = {}
        self._noted: set[tuple[int, str]] = set()

    def note(self, node: ast.AST | Args, words: str, step: str = "") -> None:
        """Say what could not be carried, once a line."""
        line = node.line if isinstance(node, Args) else int(getattr(node, "lineno", 0))
        if (line, words) not in self._noted:
            self._noted.add((line, words))
            self.made.note(words, line=line, step=step)

    @property
    def first_note(self) -> tuple[int, str] | None:
        """What was noted of the first line that was left out, and that line."""
        return min(self._noted, default=None)

    @property
    def noted(self) -> int:
        """How many notes there are."""
        return len(self._noted)

    def left_out(self, node: ast.AST | Args, step: str, why: str) -> Value:
        """A step of the script that is none of the skill."""
        self.steps += 1
        self.note(node, f"left out: {why}", step)
        return Unknown(why)

    def variable(self, name: str, default: str | None = None, *, required: bool = True) -> Text:
        """A parameter of the skill, as a text."""
        place = self.made.variable(name, default)
        if not required:
            self.made.parameter(Parameter(name=place[1:-1], kind="text", required=False))
        if default is not None:
            self._defaults.setdefault(place[1:-1], default)
        return Text(place)

    def listed(self, name: str, *, required: bool = True) -> str:
        """A list parameter; its name."""
        slug = slug_of(name) or "values"
        question = f"Which {slug.replace('_', ' ')}?" if required else ""
        self.made.parameter(Parameter(name=slug, kind="text", many=True, question=question, required=required))
        return slug

    def saved(self, name: str) -> str:
        """A name for what is read from the page, unlike all others."""
        slug = slug_of(name) or "text"
        self._saved[slug] = self._saved.get(slug, 0) + 1
        return slug if self._saved[slug] == 1 else f"{slug}_{self._saved[slug]}"

    def typed(self, value: Value | None, node: ast.AST | Args, step: str, called: str) -> tuple[str, str]:
        """What is typed, a template, or else the secret that is. What only running the script would tell is asked."""
        if isinstance(value, Text) and value.env:
            if is_secret(value.env):
                return "", literal(value.env.lower())
            return self.variable(value.env, value.template or None).template, ""
        text = as_text(value)
        if text is not None:
            return text, ""
        why = value.why if isinstance(value, Unknown) else "it is no text"
        place = self.variable(called).template
        self.note(node, f"{place} is asked for in place of what the script makes up: {why}", step)
        return place, ""

    def add(self, action: Action, args: Args, *, target: Target | None = None, **fields: Any) -> Step:
        """The next step. What a `try` stands around is done only if it can be."""
        self.added += 1
        if self.dialog is not None and action in _ANSWERED:
            fields["dialog"], self.dialog = self.dialog, None
        if self.optional and target is not None and action not in ("read", "goto"):
            fields["optional"] = True
        if target is not None and action in ("click", "double_click", "press") and self._commits(target):
            fields["effect"] = "irreversible"
        return self.made.add(action, line=args.line, target=target, **fields)

    def _commits(self, target: Target) -> bool:
        """Whether what is pressed commits with the values that the script has, where its name is made of them."""
        looks = target.fingerprint
        if not any(places_in(text) for text in (looks.name, looks.text, looks.label)):
            return False
        try:
            return commits_by_looks(render_all(looks, self._defaults))
        except TemplateError:
            return True


def is_secret(name: str) -> bool:
    """Whether a variable of the environment holds what nobody should see, by its name."""
    words = name.lower().replace("-", "_").split("_")
    return bool({"password", "passwd", "pwd", "pass", "secret", "token", "pin", "otp", "totp", "key"} & {*words})
