"""What a person calls an element: "the large button under pepperoni" taken apart. Pure."""

from __future__ import annotations

import re

import msgspec

from language.similarity import words_of

ROLES: dict[str, frozenset[str]] = {
    "button": frozenset({"button"}),
    "link": frozenset({"link"}),
    "field": frozenset({"textbox", "searchbox", "combobox", "spinbutton"}),
    "input": frozenset({"textbox", "searchbox", "combobox", "spinbutton"}),
    "textbox": frozenset({"textbox", "searchbox"}),
    "box": frozenset({"textbox", "searchbox", "checkbox", "combobox", "spinbutton"}),
    "checkbox": frozenset({"checkbox", "switch"}),
    "tick": frozenset({"checkbox", "switch"}),
    "switch": frozenset({"switch", "checkbox"}),
    "toggle": frozenset({"switch", "checkbox", "button"}),
    "radio": frozenset({"radio"}),
    "dropdown": frozenset({"combobox", "listbox"}),
    "menu": frozenset({"combobox", "listbox", "menu", "button"}),
    "list": frozenset({"combobox", "listbox", "list"}),
    "picker": frozenset({"combobox", "listbox", "textbox", "spinbutton"}),
    "option": frozenset({"option", "radio", "menuitem"}),
    "tab": frozenset({"tab", "link"}),
    "heading": frozenset({"heading"}),
    "title": frozenset({"heading"}),
    "image": frozenset({"img"}),
    "picture": frozenset({"img"}),
    "slider": frozenset({"slider"}),
    "row": frozenset({"row", "listitem"}),
    "cell": frozenset({"cell", "gridcell"}),
    "icon": frozenset({"button", "link", "img"}),
}
ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
    "last": -1,
    "bottom": -1,
    "top": 0,
}
_FILLERS = frozenset(
    ("the", "a", "an", "that", "this", "one", "called", "named", "labelled", "labeled", "which", "says", "saying")
    + ("reading", "with", "of", "to", "at", "on", "my", "your")
)
_RELATIONS = {
    "under": "below",
    "below": "below",
    "beneath": "below",
    "underneath": "below",
    "above": "above",
    "over": "above",
    "next to": "beside",
    "beside": "beside",
    "by": "beside",
    "near": "near",
    "left of": "left",
    "to the left of": "left",
    "right of": "right",
    "to the right of": "right",
    "in": "inside",
    "inside": "inside",
    "within": "inside",
    "for": "near",
    "after": "below",
    "before": "above",
    "in the row of": "beside",
}
_SPLIT = re.compile(
    r"\b(" + "|".join(sorted((re.escape(words) for words in _RELATIONS), key=len, reverse=True)) + r")\b", re.IGNORECASE
)


class Phrase(msgspec.Struct, frozen=True):
    """A phrase taken apart: `words` that the element itself should have, the `roles` it may have (empty: any), which
    of several (`ordinal`, -1 the last), and where it stands to what another phrase names."""

    words: tuple[str, ...]
    roles: frozenset[str] = frozenset()
    ordinal: int | None = None
    relation: str = ""
    anchor: str = ""


def take_apart(text: str, *, split: bool = True) -> Phrase:
    """Read a phrase; with `split` false, prepositions are words like any others ("sign in", "search for")."""
    relation = anchor = ""
    core = text
    for match in _SPLIT.finditer(text) if split else ():
        before, after = text[: match.start()], text[match.end() :]
        if _content(before) and _content(after):
            core, anchor, relation = before, after.strip(), _RELATIONS[match.group(1).lower()]
            break
    words = list(words_of(core))
    roles: frozenset[str] = frozenset()
    if words and words[-1] in ROLES:
        roles = ROLES[words.pop()]
    ordinal = next((ORDINALS[word] for word in words if word in ORDINALS), None)
    kept = tuple(word for word in words if word not in _FILLERS and (ordinal is None or word not in ORDINALS))
    return Phrase(words=kept, roles=roles, ordinal=ordinal, relation=relation, anchor=anchor)


def _content(text: str) -> bool:
    return any(word not in _FILLERS for word in words_of(text))
