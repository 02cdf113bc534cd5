"""What the names of a script stand for while it is read. Nothing of it is executed; data only."""

from __future__ import annotations

import ast
from typing import Literal

from msgspec import Struct

from browser.conditions import Condition
from teach_mode.formats.playwright.chains import Chain


class Text(Struct, frozen=True):
    """A text, a template. `env`: the name of the environment's variable that holds it."""

    template: str
    env: str = ""


class Number(Struct, frozen=True):
    """A number, a truth or None, as it is written."""

    value: int | float | bool | None


class Items(Struct, frozen=True):
    """A list or tuple whose items are known."""

    items: tuple[Value, ...]


class Pairs(Struct, frozen=True):
    """A dictionary whose keys are known texts."""

    items: tuple[tuple[str, Value], ...]


class ListOf(Struct, frozen=True):
    """A list that is a parameter of the skill."""

    name: str


class Pattern(Struct, frozen=True):
    """A regular expression."""

    source: str
    any_case: bool = False


class Tab(Struct, frozen=True):
    """A page: a tab by the name that a skill gives it."""

    name: str


class Element(Struct, frozen=True):
    """A locator of something on a tab, or, while its chain ends with a frame, that frame."""

    tab: str
    chain: Chain


class Part(Struct, frozen=True):
    """What else of Playwright things are asked of: the keyboard and the mouse of a tab, a context, a browser."""

    kind: Literal["keyboard", "mouse", "context", "browser", "type", "playwright", "tracing", "clock", "request"]
    tab: str = ""


class Awaited(Struct, frozen=True):
    """What `with page.expect_…() as info` brings. `number` tells one that has not come yet from all others."""

    kind: str
    tab: str
    name: str
    number: int = 0


class Download(Struct, frozen=True):
    """A file that came."""

    name: str


class Read(Struct, frozen=True):
    """A text of the page that is looked at: of an element, a tab's address ("url") or its title."""

    what: Literal["text", "value", "url", "title", "count", "attribute", "texts"]
    tab: str
    chain: Chain = ()


class Fact(Struct, frozen=True):
    """Something that is true of a page, or not: what may be asked by `if`, `assert` or `while`."""

    tab: str
    condition: Condition | None = None
    denied: Condition | None = None  # The contrary, where a skill can say it.
    given: str = ""
    equals: tuple[str, str] | None = None


class Dialog(Struct, frozen=True):
    """The dialog that a handler is given."""


class Function(Struct, frozen=True):
    """A function of the script, perhaps of an object."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    of: Thing | None = None


class Kind(Struct, frozen=True):
    """A class of the script."""

    node: ast.ClassDef


class Thing(Struct, eq=False):
    """An object of a class of the script, with what its names stand for."""

    kind: Kind
    names: dict[str, Value]


class Above(Struct, frozen=True):
    """What an object is by the classes that its own is made of, the nearest first: `super()`."""

    thing: Thing
    kinds: tuple[Kind, ...]


class Method(Struct, frozen=True):
    """A method of a value above, not yet called."""

    of: Value
    name: str


class Expected(Struct, frozen=True):
    """`expect(…)` of something, or the contrary."""

    of: Value


class Outside(Struct, frozen=True):
    """A name of another module ("os.environ"), or of nothing known."""

    name: str


class Unknown(Struct, frozen=True):
    """Something that only running the script would tell. `path`: of an address of which only that is said."""

    why: str
    path: str = ""


Value = (
    Text
    | Number
    | Items
    | Pairs
    | ListOf
    | Pattern
    | Tab
    | Element
    | Part
    | Awaited
    | Download
    | Read
    | Fact
    | Dialog
    | Function
    | Kind
    | Thing
    | Above
    | Method
    | Expected
    | Outside
    | Unknown
)
