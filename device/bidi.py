"""Right-to-left lines for a Pillow without raqm: letters joined, and put in the order in which they stand. Pure.

This is the plain part of Unicode's algorithm: runs of one direction, numbers kept whole, brackets mirrored, no nesting.
With raqm (and FriBiDi) Pillow does all of it, and marks above the letters, too.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_MIRRORED: Final = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_LAM: Final = "\u0644"


def is_rtl(text: str) -> bool:
    """Whether any letter in it is written from right to left."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def visual(text: str, *, rtl: bool) -> str:
    """The line as it stands from left to right; `rtl`: the line as a whole reads from right to left."""
    runs = _runs(_joined(text), rtl)
    if rtl:
        runs.reverse()
    return "".join(run[::-1].translate(_MIRRORED) if backwards else run for run, backwards in runs)


def _runs(text: str, rtl: bool) -> list[tuple[str, bool]]:
    """Pieces of one direction, and whether that is right to left."""
    ways = [_way(letter) for letter in text]
    # What has no direction takes that of its neighbours where they agree, else the line's.
    for at, way in enumerate(ways):
        if way is None:
            before = next((one for one in reversed(ways[:at]) if one is not None), rtl)
            after = next((one for one in ways[at + 1 :] if one is not None), rtl)
            number = text[at] in ".,:/" and 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit()
            ways[at] = False if number else (before if before == after else rtl)
    runs: list[tuple[str, bool]] = []
    for letter, way in zip(text, ways, strict=True):
        if runs and runs[-1][1] == bool(way):
            runs[-1] = (runs[-1][0] + letter, bool(way))
        else:
            runs.append((letter, bool(way)))
    return runs


def _way(letter: str) -> bool | None:
    kind = unicodedata.bidirectional(letter)
    if kind in ("R", "AL"):
        return True
    return False if kind in ("L", "EN", "AN") else None


def _joined(text: str) -> str:
    """Arabic letters in the form that their neighbours ask for."""
    letters = list(text)
    found: list[str] = []
    at = 0
    while at < len(letters):
        letter = letters[at]
        before = _joins_on(letters[at - 1]) if at else False
        pair = letter + letters[at + 1] if letter == _LAM and at + 1 < len(letters) else ""
        forms = _forms().get(pair) or _forms().get(letter, {})
        at += 2 if pair in _forms() else 1
        after = at < len(letters) and "<final>" in _forms().get(letters[at], {})
        found.append(_form(forms, before, after) or pair or letter)
    return "".join(found)


def _form(forms: dict[str, str], before: bool, after: bool) -> str:
    both, left, right = forms.get("<medial>"), forms.get("<initial>"), forms.get("<final>")
    if before and after and both:
        return both
    if before and right:
        return right
    if after and left:
        return left
    return forms.get("<isolated>", "")


def _joins_on(letter: str) -> bool:
    """Whether the letter is joined to the one after it."""
    return "<initial>" in _forms().get(letter, {})


@lru_cache(maxsize=1)
def _forms() -> dict[str, dict[str, str]]:
    """The forms of each Arabic letter (and of lam with alef), from Unicode's own table."""
    forms: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFBFE), *range(0xFE80, 0xFEFD)):
        kind, *letters = unicodedata.decomposition(chr(code)).split()[:3] or [""]
        whole = "".join(chr(int(letter, 16)) for letter in letters)
        one_or_pair = len(whole) == 1 or (len(whole) == 2 and whole[0] == _LAM and code >= 0xFEF5)
        if kind in ("<isolated>", "<initial>", "<medial>", "<final>") and one_or_pair:
            forms.setdefault(whole, {})[kind] = chr(code)
    return forms
