"""Demonstrations cut into beats, and several of them laid side by side. Pure.

A beat is one thing done once, the same done to several of its like (boxes of one list), or turning a page until it
shows what is wanted (the next month, and the next). Beats of several demonstrations are aligned by Needleman and
Wunsch's algorithm (J. Mol. Biol. 48, 1970, pp. 443-453), a further demonstration against the columns found so far.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from browser.fingerprint import similarity
from language.similarity import label_similarity, words_of
from language.synonyms import same_meaning
from teach_mode.demonstration import Shown, ShownStep
from teach_mode.generalizing.rounds import Round, Stretch, value_of
from teach_mode.generalizing.sameness import bare, called, same_element

_FORWARD = frozenset(("next", "forward", "later"))
_BACK = frozenset(("prev", "previous", "back", "earlier"))
_ARROWS = frozenset("‹›«»<>←→")
_ARROWS_BACK = frozenset("‹«<←")
_CHECKING = frozenset(("check", "uncheck"))
_CLICKING = frozenset(("click", "check", "uncheck"))
_NAMED = frozenset(("button", "link", "tab", "menuitem"))
_GAP = -0.4
_UNLIKE = 0.55


class Beat(Struct, frozen=True):
    """Steps that belong together. `turn`: the last of them shows what the next beat needs. A beat of a round was done
    again in each further one: `again` is how."""

    steps: tuple[ShownStep, ...]
    way: Literal["once", "each", "turn"] = "once"
    round: Round | None = None
    again: tuple[ShownStep, ...] = ()

    @property
    def first(self) -> ShownStep:
        return self.steps[0]

    @property
    def varies(self) -> bool:
        """Whether each further round did it with another value."""
        return any(value_of(step) != value_of(self.first) for step in self.again)


class Column(Struct, frozen=True):
    """The same beat in each demonstration, None where it was not done."""

    beats: tuple[Beat | None, ...]

    @property
    def shown(self) -> tuple[tuple[int, Beat], ...]:
        """The beats that were done, with the number of their demonstration."""
        return tuple((number, beat) for number, beat in enumerate(self.beats) if beat is not None)

    @property
    def base(self) -> tuple[int, Beat]:
        """The first of them."""
        return self.shown[0]

    @property
    def round(self) -> Round | None:
        """The rounds that it is a part of, in the first demonstration that has any."""
        return next((beat.round for _, beat in self.shown if beat.round is not None), None)

    @property
    def varies(self) -> bool:
        """Whether rounds did it with values of their own."""
        return any(beat.varies for _, beat in self.shown)


Alike = Callable[[ShownStep, ShownStep], bool]
"""Whether two steps of two demonstrations, that look unlike, are the same with two values that each sentence says."""


def beats_of(steps: Sequence[ShownStep], rounds: Sequence[Stretch] = ()) -> list[Beat]:
    """The beats of one demonstration; of what was done in rounds, those of the first."""
    beats: list[Beat] = []
    at = 0
    for stretch in rounds:
        beats += _plain_beats(steps[at : stretch.start])
        for place in range(stretch.start, stretch.start + stretch.period):
            again = steps[place + stretch.period : stretch.end : stretch.period]
            beats.append(Beat((steps[place],), round=stretch.round, again=tuple(again)))
        at = stretch.end
    return beats + _plain_beats(steps[at:])


def _plain_beats(steps: Sequence[ShownStep]) -> list[Beat]:
    beats: list[Beat] = []
    for step in steps:
        last = beats[-1] if beats else None
        if (last and last.way == "turn" and _is_same(last.first, step)) or (
            last and last.way == "each" and _is_box(step) and _of_one_list(last.first, step)
        ):
            beats[-1] = replace(last, steps=(*last.steps, step))
        elif _is_box(step):
            beats.append(Beat((step,), "each"))
        else:
            beats.append(Beat((step,), "turn" if _is_turning(step) else "once"))
    after: list[Beat | None] = [*beats[1:], None]
    return [
        flat
        for beat, then in zip(beats, after, strict=False)
        for flat in ([beat] if _holds(beat, then) else _flat(beat))
    ]


def _flat(beat: Beat) -> list[Beat]:
    return [Beat((step,)) for step in beat.steps]


def _holds(beat: Beat, then: Beat | None) -> bool:
    """Turning is turning only before something with a number on it, such as a day, is chosen."""
    if beat.way != "turn":
        return True
    chosen = then.first.shown if then is not None and then.way == "once" and then.first.action == "click" else None
    return chosen is not None and any(char.isdigit() for text in called(chosen) for char in text)


def signing_in(columns: Sequence[Column]) -> frozenset[int]:
    """The columns that sign in: all that was done on a page on which a password or a code was typed. Where nothing else
    was done, signing in is what it is about."""
    firsts = [column.base[1].first for column in columns]
    doors = {_page(step) for step in firsts if step.secret in ("password", "one_time_code")}
    there = {index for index, step in enumerate(firsts) if step.shown is not None}
    door = frozenset(index for index in there if _page(firsts[index]) in doors)
    return door if door < there else frozenset()


def _page(step: ShownStep) -> tuple[str, str, str]:
    parts = urlsplit(step.url)
    return step.tab, parts.netloc, parts.path


def _is_box(step: ShownStep) -> bool:
    return step.action in _CHECKING and step.shown is not None and _kind(step.shown) == "checkbox"


def _kind(shown: Shown) -> str:
    return shown.kind or shown.target.fingerprint.attributes.get("type", "") or shown.target.fingerprint.role


def _of_one_list(one: ShownStep, other: ShownStep) -> bool:
    if one.shown is None or other.shown is None or one.action != other.action or one.url != other.url:
        return False
    if one.shown.options or other.shown.options:
        return set(one.shown.options) == set(other.shown.options)
    return similarity(bare(one.shown), bare(other.shown)) >= _UNLIKE


def _is_turning(step: ShownStep) -> bool:
    if step.action != "click" or step.shown is None:
        return False
    words, signs = _said(step.shown)
    return bool(words & (_FORWARD | _BACK)) or bool(signs & _ARROWS)


def turns_back(shown: Shown) -> bool:
    """Whether what turns a page turns it to what was before."""
    words, signs = _said(shown)
    return bool(words & _BACK) or bool(signs & _ARROWS_BACK)


def _said(shown: Shown) -> tuple[set[str], set[str]]:
    """The words of an element's texts, and the signs of those that can be seen."""
    attributes = shown.target.fingerprint.attributes
    texts = (*called(shown), *(attributes.get(key, "") for key in ("class", "title", "aria-label")))
    return {word for text in texts for word in words_of(text)}, {sign for text in texts[:3] for sign in text}


def _is_same(one: ShownStep, other: ShownStep) -> bool:
    if one.action != other.action or one.shown is None or other.shown is None:
        return False
    return same_element(one.shown, other.shown)


def align(demonstrations: Sequence[Sequence[Beat]], alike: Sequence[Alike]) -> list[Column]:
    """The beats side by side. `alike` judges, for each demonstration after the first, its steps against the first's."""
    columns = [Column((beat,)) for beat in demonstrations[0]]
    for beats, judge in zip(demonstrations[1:], alike, strict=True):
        columns = _with(columns, beats, judge)
    return columns


def _with(columns: Sequence[Column], beats: Sequence[Beat], alike: Alike) -> list[Column]:
    scores = [[_score(column, beat, alike) for beat in beats] for column in columns]
    rows, places = len(columns), len(beats)
    best = [[0.0] * (places + 1) for _ in range(rows + 1)]
    for row in range(1, rows + 1):
        best[row][0] = row * _GAP
    for place in range(1, places + 1):
        best[0][place] = place * _GAP
    for row in range(1, rows + 1):
        for place in range(1, places + 1):
            both = best[row - 1][place - 1] + scores[row - 1][place - 1]
            best[row][place] = max(both, best[row - 1][place] + _GAP, best[row][place - 1] + _GAP)
    return _traced(columns, beats, scores, best)


def _traced(
    columns: Sequence[Column], beats: Sequence[Beat], scores: list[list[float]], best: list[list[float]]
) -> list[Column]:
    width = len(columns[0].beats) if columns else 1
    row, place, found = len(columns), len(beats), list[Column]()
    while row or place:
        together = row and place and best[row][place] == best[row - 1][place - 1] + scores[row - 1][place - 1]
        if together:
            row, place = row - 1, place - 1
            found.append(Column((*columns[row].beats, beats[place])))
        elif row and best[row][place] == best[row - 1][place] + _GAP:
            row -= 1
            found.append(Column((*columns[row].beats, None)))
        else:
            place -= 1
            found.append(Column((*[None] * width, beats[place])))
    return found[::-1]


def _score(column: Column, beat: Beat, alike: Alike) -> float:
    """From -2, never the same, to 1, surely the same."""
    return max(_likeness(other, beat, alike) for _, other in column.shown)


def _likeness(one: Beat, other: Beat, alike: Alike) -> float:
    left, right = one.first, other.first
    if one.way != other.way or left.tab != right.tab or not _acts_alike(left, right):
        return -2.0
    if left.shown is None or right.shown is None:
        same = left.shown is None and right.shown is None and _path(left) == _path(right)
        return 1.0 if same else -2.0
    if len(left.shown.options) > 1 and set(left.shown.options) == set(right.shown.options):
        return 1.0
    if _called_alike(left.shown, right.shown):
        like = similarity(
            replace(left.shown.target.fingerprint, box=None), replace(right.shown.target.fingerprint, box=None)
        )
        return 2 * like - 1 if like >= _UNLIKE else -2.0
    return 0.6 if alike(left, right) else -2.0


def _acts_alike(left: ShownStep, right: ShownStep) -> bool:
    return left.action == right.action or {left.action, right.action} <= _CLICKING


def _path(step: ShownStep) -> str:
    return urlsplit(step.value).path if step.action == "goto" else step.value


def _called_alike(left: Shown, right: Shown) -> bool:
    one, other = called(left)[0], called(right)[0]
    if left.target.fingerprint.role not in _NAMED and not (one and other):
        return True
    bare = [re.sub(r"[\d.,$€£]+", "", text).strip() for text in (one, other)]
    return bare[0] == bare[1] or same_meaning(*bare) or label_similarity(*bare) >= 0.8
