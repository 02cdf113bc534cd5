"""Sentences that say what to do when something is not to be had: "… and if none is free, try half past seven"."""

from __future__ import annotations

import re

from msgspec import Struct

MOST_CLAUSES = 5

_HAD = r"(?:free|available|left|possible|there|open|on offer|to be had|to be found)"
_FULL = r"(?:full|taken|booked|fully booked|booked out|booked up|sold out|gone|unavailable|out of stock|closed)"
_IS = r"(?:is|are|was|were)"
_IT = r"(?:it|that|this|they|those|the [\w'-]+|one)"
_NO_X = r"(?:none(?: of (?:them|those))?|nothing|no [\w'-]+(?: [\w'-]+)?)"
_AT = r"(?: (?:then|at that time|any more|anymore|at all|either|too))*"
# What says that something is not to be had, as a site would say it.
_NOT_THERE = (
    rf"{_NO_X} (?:{_IS} )?{_HAD}",
    rf"(?:there {_IS}|there's) (?:none|nothing|no [\w'-]+(?: [\w'-]+)?)(?: {_HAD})?",
    rf"(?:there (?:isn't|aren't|wasn't)) (?:any|one|anything|a [\w'-]+)(?: {_HAD})?",
    rf"(?:{_IT} (?:{_IS} not|{_IS} no longer|isn't|aren't|wasn't)|it's not|they're not) {_HAD}",
    rf"(?:{_IT} {_IS}|it's|that's|they're) (?:already |all )?{_FULL}",
    r"(?:they|it) (?:have|has) (?:none|nothing|no [\w'-]+)(?: (?:free|left))?",
)
# What says that it came to nothing, for whatever reason.
_CAME_TO_NOTHING = (
    rf"{_IT} (?:does not|doesn't|did not|didn't|won't|will not) work(?: out)?",
    rf"{_IT} (?:fails|failed)",
    r"(?:you|we|i) (?:can't|cannot|can not|could not|couldn't)"
    r"(?: (?:do|get|book|order|have|find)(?: (?:it|that|one))?)?",
    r"(?:that|it) (?:is not|isn't) possible",
    r"not",
)
_LEAD = r"(?:please )?(?:(?:then )?(?:try|take|make it|go for|ask for)(?: it)?(?: (?:for|with))? |then )?"
_PAUSE = r"\s*[,;.]?\s+"
_LINK = r"(?:(?:and|but|or)\s+)?"
_STRICT = re.compile(
    rf"{_PAUSE}{_LINK}if (?:{'|'.join(_NOT_THERE)}){_AT}\s*[,;]?\s+{_LEAD}(?P<rest>\S.*)", re.IGNORECASE
)
_BROAD = re.compile(
    rf"{_PAUSE}{_LINK}(?:if (?:{'|'.join(_CAME_TO_NOTHING)}){_AT}|or else|otherwise|failing that)"
    rf"\s*[,;]?\s+{_LEAD}(?P<rest>\S.*)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[\s,]*\b(?:instead|then|please)[.!]?$|[.!]+$", re.IGNORECASE)


class Clause(Struct, frozen=True):
    """A part of a sentence. `instead`: done only in place of the one before, which came to nothing; with `strict` only
    where it is not to be had ("if none is free"), else for whatever reason ("otherwise")."""

    words: str
    instead: bool = False
    strict: bool = False


def clauses(text: str) -> tuple[Clause, ...]:
    """The sentence as it stands, or what is to be done and each thing to be done in place of the one before."""
    found: list[Clause] = []
    rest, instead, strict = text.strip(), False, False
    while len(found) + 1 < MOST_CLAUSES:
        cuts = [(match.start(), match) for match in (_STRICT.search(rest), _BROAD.search(rest)) if match]
        if not cuts:
            break
        _, cut = min(cuts, key=lambda each: each[0])
        found.append(Clause(_trimmed(rest[: cut.start()]), instead, strict))
        rest, instead, strict = cut["rest"], True, cut.re is _STRICT
    found.append(Clause(_trimmed(rest) if found else rest, instead, strict))
    return tuple(found) if all(clause.words for clause in found) else (Clause(text),)


def _trimmed(words: str) -> str:
    while (shorter := _TAIL.sub("", words).strip(" ,;")) != words:
        words = shorter
    return words
