"""Which element of one release is which of the next: the answer key's rule. Pure.

Two elements are the same when independent signs agree:

- a *key*: the same `id`; or the same `name` of a field; or the same place that a link leads to. It must be of one
  element only, on both pages.
- the *name*: the same kind and the same accessible name, of one element only, on both pages.

Where key and name point to different elements nothing is claimed. Where both agree (`both`), or there is no key and the
name stands in the same section of the page (`name`), the pages are used as they were shipped. Where only the key agrees
(`key`: the element was renamed), the keys of the whole later page are scrambled, so that no contestant can go by them.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Literal
from urllib.parse import urlsplit

import msgspec

Method = Literal["both", "name", "key"]

KINDS = {
    "link": "link",
    "button": "button",
    "textbox": "field",
    "searchbox": "field",
    "spinbutton": "field",
    "combobox": "choice",
    "listbox": "choice",
    "checkbox": "tick",
    "switch": "tick",
    "radio": "tick",
    "tab": "button",
    "menuitem": "button",
    "treeitem": "button",
}
_SPACE = re.compile(r"\s+")
_COUNT = re.compile(r"[\d.,:%()\[\]+]+")


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the key's rule may look at: an element that is seen and acted on. `path` is its place in the document."""

    path: str
    role: str
    name: str
    id: str = ""
    field: str = ""
    href: str = ""
    section: str = ""


class Same(msgspec.Struct, frozen=True):
    """An element of the page before, the same one of the page after, and what told so."""

    before: Known
    after: Known
    method: Method


def same_elements(before: Sequence[Known], after: Sequence[Known]) -> tuple[Same, ...]:
    """All elements of which the rule is sure, in the order of the page before."""
    names = _pairs(before, after, _name)
    keys = [_pairs(before, after, sign) for sign in (_id, _field, _href)]
    found = []
    for known in before:
        by_key = {match[known.path].path: match[known.path] for match in keys if known.path in match}
        by_name = names.get(known.path)
        if len(by_key) > 1 or (by_key and by_name and by_name.path not in by_key):
            continue
        if by_key and by_name:
            found.append(Same(known, by_name, "both"))
        elif by_name and not _keyed_apart(known, by_name) and _fold(known.section) == _fold(by_name.section):
            found.append(Same(known, by_name, "name"))
        elif by_key:
            (other,) = by_key.values()
            if kind_of(known) == kind_of(other) and _name(known) and _name(other) and _name(known) != _name(other):
                found.append(Same(known, other, "key"))
    taken = Counter(same.after.path for same in found)
    return tuple(same for same in found if taken[same.after.path] == 1)


def kind_of(known: Known) -> str:
    """What an element is for: link, button, field, choice or tick; else nothing."""
    return KINDS.get(known.role, "")


def leads_to(href: str) -> str:
    """The page that a link of a package leads to, whatever folder it moved to: "../pages/charts.html" -> "charts"."""
    parts = urlsplit(href)
    if parts.scheme in ("http", "https") or parts.netloc:
        return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}".lower()
    if not parts.path and not parts.fragment:
        return ""
    name = posixpath.basename(parts.path.rstrip("/"))
    stem = name.removesuffix(".html").removesuffix(".htm")
    return f"{stem}#{parts.fragment}".lower() if parts.fragment else stem.lower()


def _pairs(before: Iterable[Known], after: Iterable[Known], sign: Callable[[Known], str]) -> dict[str, Known]:
    left, right = _only(before, sign), _only(after, sign)
    return {known.path: right[text] for text, known in left.items() if text in right}


def _only(elements: Iterable[Known], sign: Callable[[Known], str]) -> dict[str, Known]:
    found: dict[str, list[Known]] = {}
    for known in elements:
        if text := sign(known):
            found.setdefault(text, []).append(known)
    return {text: known[0] for text, known in found.items() if len(known) == 1}


def _keyed_apart(one: Known, other: Known) -> bool:
    """Whether a key says that these are two elements, though no other one has it."""
    return any(sign(one) and sign(other) and sign(one) != sign(other) for sign in (_field, _href))


def _fold(text: str) -> str:
    return _SPACE.sub(" ", _COUNT.sub(" ", text.lower())).strip()


def _name(known: Known) -> str:
    folded = _fold(known.name)
    return f"{kind_of(known)}:{folded}" if kind_of(known) and any(sign.isalpha() for sign in folded) else ""


def _id(known: Known) -> str:
    return f"{known.id}" if kind_of(known) else ""


def _field(known: Known) -> str:
    return f"{kind_of(known)}:{known.field}" if known.field and kind_of(known) in ("field", "choice") else ""


def _href(known: Known) -> str:
    place = leads_to(known.href) if known.role == "link" else ""
    return place if place not in ("", "#") else ""
