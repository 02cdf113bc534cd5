"""How Playwright names an element: a chain of parts, each looked for inside what the part before it found. Data only.

Both of its notations come to the same chain: `get_by_role("row", name="A-1").locator("a").first` of a script, and
`internal:role=row[name="A-1"i] >> a >> nth=0` of a recording.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Engine = Literal[
    "css",
    "xpath",
    "role",  # `source` is the role, `text` its accessible name
    "label",
    "placeholder",
    "alt",
    "title",
    "text",
    "testid",
    "has-text",  # of what was found, what has the text anywhere
    "has-not-text",
    "has",  # what has `inner` inside
    "has-not",
    "and",  # what is `inner`, too
    "or",
    "chain",  # `inner`, below what was found
    "nth",  # `nth` of what was found; -1 is the last
    "visible",
    "frame",  # into the frame that was found
]
# A script can make chains of themselves, again and again.
MOST_PARTS = 100


class Words(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A text that is looked for: anywhere and in any case, unless `exact`. `pattern`: it is a regular expression."""

    text: str
    exact: bool = False
    pattern: bool = False


class Part(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One part of a chain. `states` are those that a role is asked for ("checked": "true", "level": "2")."""

    engine: Engine
    source: str = ""
    text: Words | None = None
    states: tuple[tuple[str, str], ...] = ()
    inner: tuple[Part, ...] = ()
    nth: int = 0
    weight: int = 1  # How many parts stand in it, itself among them.


Chain = tuple[Part, ...]


class SelectorUnreadable(ValueError):
    """A selector that Playwright would not take either, or that nothing here knows."""


def weight(chain: Chain) -> int:
    """How many parts a chain has, those within its parts among them."""
    return sum(part.weight for part in chain)


def written(chain: Chain) -> str:
    """The chain in words, for notes."""
    return " > ".join(_part(part) for part in chain)


def _part(part: Part) -> str:
    said = part.source
    if part.text is not None:
        said = f"{said} {part.text.text!r}".strip()
    if part.inner:
        said = f"({written(part.inner)})"
    if part.engine == "nth":
        said = str(part.nth)
    return said if part.engine in ("css", "xpath", "role") else f"{part.engine} {said}".strip()
