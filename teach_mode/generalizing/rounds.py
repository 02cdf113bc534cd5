"""Rounds: several steps that were done again and again, each time for another value. Pure.

"put milk, eggs and bread on the list": type and press *Add*, three times; "archive every message": open, press
*Archive*, for each row of the page. Steps that were done only once, or whose values nobody says together, are no
rounds: they stay one after the other, as they were shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from browser.fingerprint import similarity
from browser.locators import Locator
from language.tokens import tokenize
from teach_mode.demonstration import Rows, Shown, ShownStep
from teach_mode.generalizing.sameness import bare, called, same_element
from teach_mode.generalizing.sentence import Mention, Sentence

_BETWEEN = frozenset(("and", ",", "&", "+", "plus", "then", "or"))
_ALL = re.compile(r"\b(?:all|each|every|both|everything|everyone|everybody)\b", re.IGNORECASE)
_TICKING = frozenset(("check", "uncheck"))
_CHOOSING = _TICKING | {"click", "double_click", "right_click"}
_TYPING = frozenset(("fill", "select"))
_UNLIKE = 0.55
MOST_STEPS = 20


class Round(Struct, frozen=True):
    """What one stretch of steps goes over: `values` by round, which `mention` says, or `rows`, all of the page's.
    `first` is the id of its first step."""

    first: str
    values: tuple[str, ...]
    mention: Mention | None = None
    rows: Rows | None = None


class Stretch(Struct, frozen=True):
    """Where rounds stand among the steps: from `start`, each `period` steps long."""

    start: int
    period: int
    count: int
    round: Round

    @property
    def end(self) -> int:
        return self.start + self.period * self.count


def stretches_of(steps: Sequence[ShownStep], sentence: Sentence) -> list[Stretch]:
    """All rounds, one after the other, the longest first where they could overlap."""
    found: list[Stretch] = []
    at = 0
    while at < len(steps) - 1:
        best = max(
            (one for period in _periods(steps, at) if (one := _stretch(steps, at, period, sentence))),
            key=lambda one: (one.period * one.count, -one.period),
            default=None,
        )
        if best is None:
            at += 1
        else:
            found.append(best)
            at = best.end
    return found


def _periods(steps: Sequence[ShownStep], at: int) -> range:
    return range(1, min(MOST_STEPS, (len(steps) - at) // 2) + 1)


def _stretch(steps: Sequence[ShownStep], at: int, period: int, sentence: Sentence) -> Stretch | None:
    first = steps[at : at + period]
    if period == 1 and first[0].action not in _CHOOSING:
        return None
    rounds = [first]
    while True:
        start = at + period * len(rounds)
        following = steps[start : start + period]
        if len(following) < period or not all(map(_alike, first, following)):
            break
        rounds.append(following)
    varying = [index for index in range(period) if len({value_of(each[index]) for each in rounds}) > 1]
    if len(rounds) < 2 or not varying:
        return None
    columns = [tuple(value_of(each[index]) for each in rounds) for index in varying]
    if len(set(columns)) > 1 or "" in columns[0] or len(set(columns[0])) < len(rounds):
        return None
    over = _over(columns[0], first[varying[0]], sentence)
    if over is None:
        return None
    mention, rows = over
    if rows is None and period == 1 and first[0].action in _TICKING:
        return None  # Boxes that are named are one choice of several.
    made = Round(first=first[0].id, values=columns[0], mention=mention, rows=rows)
    return Stretch(at, period, len(rounds), made)


def _over(values: tuple[str, ...], step: ShownStep, sentence: Sentence) -> tuple[Mention | None, Rows | None] | None:
    """Where the sentence says the values together; else the rows of the page, when it speaks of all of them."""
    mention = said_together(values, sentence)
    if mention is not None:
        return mention, None
    rows = step.shown.rows if step.shown is not None else None
    if rows is not None and set(values) == set(rows.texts) and _ALL.search(sentence.text):
        return None, rows
    return None


def said_together(values: Sequence[str], sentence: Sentence) -> Mention | None:
    """The words of a sentence that say all values in a row, in whatever order: "milk, eggs and bread"."""
    each = [sentence.says_words(value) for value in values]
    if not all(each):
        return None
    mentions = sorted((mentions[0] for mentions in each), key=lambda one: one.start)
    for one, other in pairwise(mentions):
        between = tokenize(sentence.text[one.end : other.start])
        if one.overlaps(other) or not between or any(token.text not in _BETWEEN for token in between):
            return None
    start, end = mentions[0].start, mentions[-1].end
    return Mention(start, end, sentence.text[start:end])


def value_of(step: ShownStep) -> str:
    """What tells a step from the same one in another round: what was typed or chosen."""
    if step.action in _TYPING or step.shown is None:
        return step.value.strip()
    rows = step.shown.rows
    if rows is not None:
        return rows.own
    return next((text for text in called(step.shown) if text), "") if step.shown.options else ""


def _alike(one: ShownStep, other: ShownStep) -> bool:
    """Whether two steps are the same one in two rounds."""
    if one.action != other.action or one.tab != other.tab or one.secret or other.secret:
        return False
    if one.shown is None or other.shown is None:
        return one.shown is None and other.shown is None and one.value == other.value and one.action != "goto"
    if one.action in _CHOOSING and _one_of_several(one.shown) and _one_of_several(other.shown):
        if _in_rows(one.shown) and _in_rows(one.shown) == _in_rows(other.shown):
            return True  # Of one list, though in another column of the page.
        return similarity(bare(one.shown), bare(other.shown)) >= _UNLIKE
    return same_element(one.shown, other.shown)


def _one_of_several(shown: Shown) -> bool:
    return shown.rows is not None or len(shown.options) > 1


def _in_rows(shown: Shown) -> tuple[str, Locator] | None:
    return (shown.target.fingerprint.role, shown.rows.locator) if shown.rows is not None else None
