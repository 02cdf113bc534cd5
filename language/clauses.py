"""Sentences that say what to do when something is not to be had: "… and if none is free, try half past seven"."""

from __future__ import annotations

import re

from msgspec import Struct

from language.comparisons import Comparison, parse_comparison

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


# What is compared: "if it costs less than ten euros", "if the total is over 20".
_COMPARED = (
    r"(?:if|as long as|provided(?: that)?) "
    r"(?:(?:it|that|this)(?:'s)?|the (?P<what>[\w-]+(?: (?!is\b|are\b|was\b|costs?\b|comes\b)[\w-]+)?))"
    r"(?: (?:is|are|was|costs?|comes to|amounts to|will be))?"
)
_HOW = (
    r"(?:no more|not more|no less|not less|less|lower|fewer|cheaper|smaller|more|higher|greater|larger) than"
    r"|at (?:the )?(?:most|least)|under|below|over|above|up to|exactly"
)
# In the end of a request, of which it is the price: "order a pizza, but only if it costs less than ten euros".
_IN_THE_END = re.compile(rf"{_PAUSE}(?:(?:but|and)\s+)?(?:only\s+)?{_COMPARED} (?P<how>(?:{_HOW}) .+)$", re.IGNORECASE)
# Before a request: "…, and if it is over 20, …".
_BEFORE_IT = re.compile(rf"(?:^|{_PAUSE}(?:(?:and|but)\s+)?){_COMPARED} (?P<how>(?:{_HOW}) .+)$", re.IGNORECASE)
_MOST_FIGURE_WORDS = 8


# "All unread mails", "each of my mails".
SEVERAL = re.compile(r"\b(?:all|every|each)\b(?: (?:one )?of)?(?: (?:the|my|these|those))?\s", re.IGNORECASE)
_FOR_EACH = re.compile(
    r"^(?:please\s+)?for (?:all|every|each)\b(?: (?:one )?of)?(?: (?:the|my|these|those))?\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_MOST_NAME_WORDS = 6


class Clause(Struct, frozen=True):
    """A part of a sentence. `instead`: done only in place of the one before, which came to nothing; with `strict` only
    where it is not to be had ("if none is free"), else for whatever reason ("otherwise").

    `only_if`: done only if that holds, for `what` ("total", "" for "it") that the one before read, or, in the first
    clause, for what it costs itself.
    """

    words: str
    instead: bool = False
    strict: bool = False
    only_if: Comparison | None = None
    what: str = ""


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


def compared(text: str) -> tuple[Clause, ...]:
    """The sentence as it stands; or with a comparison, taken apart: what is done only if it holds, and what comes
    before it. "order a pizza if it costs less than ten euros" is one clause, "…, and if it is over 20, …" are two."""
    plain = text.strip().rstrip(".!?").rstrip()
    end = _IN_THE_END.search(plain)
    if end is not None and end.start() and (comparison := parse_comparison(end["how"])) is not None:
        return (Clause(_trimmed(plain[: end.start()]), only_if=comparison, what=end["what"] or ""),)
    for cut in _BEFORE_IT.finditer(plain):
        words = cut["how"].split()
        for count in range(min(len(words) - 1, _MOST_FIGURE_WORDS), 1, -1):
            comparison = parse_comparison(" ".join(words[:count]).strip(","))
            if comparison is not None:
                rest = re.sub(r"^(?:then|please)\s+", "", " ".join(words[count:]), flags=re.IGNORECASE)
                before = _trimmed(plain[: cut.start()])
                what = cut["what"] or ""
                after = re.sub(r"^and (?:then )?", "", rest, flags=re.IGNORECASE)
                if before and after != rest:
                    return (Clause(before, only_if=comparison, what=what), Clause(_trimmed(after)))
                then = Clause(_trimmed(rest), only_if=comparison, what=what)
                return (Clause(before), then) if before else (then,)
    return (Clause(text),)


def for_each(text: str) -> tuple[tuple[str, str], ...]:
    """ "for each unread mail, star it" as ("unread mail", "star it"): where a comma stands, else at each place where
    the two could be parted, the shortest name first."""
    found = _FOR_EACH.match(text.strip().rstrip(".!").rstrip())
    if found is None:
        return ()
    name, comma, rest = found["rest"].partition(",")
    if comma:
        return ((name.strip(), rest.strip()),)
    words = found["rest"].split()
    most = min(len(words) - 1, _MOST_NAME_WORDS)
    return tuple((" ".join(words[:count]), " ".join(words[count:])) for count in range(1, most + 1))


def bare_list(words: str) -> str:
    """The name of several things without the word that says it: "all unread mails" as "unread mails"."""
    found = SEVERAL.match(words.strip() + " ")
    return words.strip()[found.end() :].strip() if found is not None else words.strip()


def _trimmed(words: str) -> str:
    while (shorter := _TAIL.sub("", words).strip(" ,;")) != words:
        words = shorter
    return words
