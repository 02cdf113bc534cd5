"""What is read back says something else each time, so that a redesign leaves little to know it by but what kind of text
it is: the title of a row of results, the word that something was done, the text of a letter. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from browser.fingerprint import ANY_END, Fingerprint
from browser.locators import Locator
from browser.snapshot import Element
from browser.wording import words_alike
from language.entities import Value
from language.similarity import words_of
from teach_mode.claims import denies
from teach_mode.rereading import MONEY
from teach_mode.skill import Target
from teach_mode.templates import places_in, render

PROSE_WORDS = 6
HEADED_ALIKE = 0.9
_ROWS = ("listitem", "row", "article")
_NTH_ROW = re.compile(r"\b(?:li|tr|article)\b[^>]*?:nth-of-type\((\d+)\)")
_SENTENCE = re.compile(r"[.!?…][\"'”’)]*$")
_APART = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "dialog", "alertdialog", "search", "form"}
    | {"list", "listitem", "table", "row", "cell", "button", "link"}
)
_PARTICIPLES = (
    "accepted|added|approved|booked|changed|completed?|confirmed|created|filed|finished|moved|ordered|paid|placed"
    "|published|received|registered|renewed|reserved|saved|scheduled|sent|stored|submitted|updated|uploaded"
)
_SO_IT_IS = r"\b(?:is|are|was|were|been|being|has|have|successfully)\b[^.!?]{0,40}?"
_DONE = re.compile(
    rf"\b(?:thank you|thanks)\b|{_SO_IT_IS}\b(?:{_PARTICIPLES})\b|^(?:{_PARTICIPLES})(?=\W*$| successfully)",
    re.IGNORECASE,
)


def retold(taught: Target, values: Mapping[str, Value], asked: Sequence[str], elements: Sequence[Element]) -> str:
    """The ref of what is to be read now, "" when nothing is it for sure. `taught` is a template; `asked` are values by
    which the run found the way here; `elements` are a snapshot's, in reading order."""
    looks = taught.fingerprint
    here = [at for at, one in enumerate(elements) if one.visible and one.frame == looks.frame]
    row = next((text for text in looks.within if text.startswith(_ROWS)), "")
    if row:
        found = _titles(taught, row, values, here, elements) if looks.role == "heading" else []
    elif looks.role in ("status", "alert") or ANY_END in (looks.text, looks.name):
        found = [at for at in here if _tells_of_an_end(at, elements)]
    elif _is_prose(looks.text) and not looks.role:
        found = _letters(looks, asked, here, elements)
    else:
        found = []
    return elements[found[0]].ref if len(found) == 1 else ""


def _said(one: Element) -> str:
    return one.text or one.name


def _above(at: int, elements: Sequence[Element]) -> Iterator[int]:
    while (at := elements[at].parent) >= 0:
        yield at


def _is_apart(at: int, elements: Sequence[Element]) -> bool:
    """Whether a text is a part of a control, a list, or of what stands around the page's matter."""
    return any(elements[one].acted or elements[one].role in _APART for one in (at, *_above(at, elements)))


def _tells_of_an_end(at: int, elements: Sequence[Element]) -> bool:
    said = _said(elements[at])
    return _DONE.search(said) is not None and not denies(said) and not _is_apart(at, elements)


def _is_prose(text: str) -> bool:
    return len(words_of(text)) >= PROSE_WORDS and _SENTENCE.search(text.strip()) is not None


def _letters(looks: Fingerprint, asked: Sequence[str], here: Sequence[int], elements: Sequence[Element]) -> list[int]:
    """The only texts in sentences, under what was asked for, or under the heading that it was taught under."""
    under = [text.removeprefix("under ") for text in looks.within if text.startswith("under ")]
    found = [at for at in here if _is_prose(_said(elements[at])) and not _is_apart(at, elements)]
    if len(found) != 1:
        return []
    before = [_said(elements[at]) for at in here if at < found[0] and not elements[at].acted]
    headed = [*asked[-1:], *under] if asked else under
    return found if any(words_alike(text, said) >= HEADED_ALIKE for text in headed for said in before) else []


def _titles(
    taught: Target, row: str, values: Mapping[str, Value], here: Sequence[int], elements: Sequence[Element]
) -> list[int]:
    """The title of the row of the same number, of the only rows that have titles; each says the values, and has a
    price, as the one that was taught did."""
    rank = _rank(taught.locators)
    said = {render(place, values) for place in places_in(row)}
    priced = MONEY.search(" ".join((row, *taught.fingerprint.neighbours))) is not None
    if rank < 1 or not (said or priced):
        return []
    rows = []
    for tag in sorted({elements[at].tag for at in here if elements[at].role == "heading"}):
        titles = [at for at in here if elements[at].tag == tag and elements[at].role == "heading"]
        rows += [titles] if _each_has_a_row(titles, said, priced, elements) else []
    return [rows[0][rank - 1]] if len(rows) == 1 and len(rows[0]) >= rank else []


def _rank(locators: Sequence[Locator]) -> int:
    """Which of the rows it was, from 1 on; 0 where that is not told."""
    found = {int(number) for one in locators for number in _NTH_ROW.findall(one.value)}
    return found.pop() if len(found) == 1 else 0


def _each_has_a_row(titles: Sequence[int], said: set[str], priced: bool, elements: Sequence[Element]) -> bool:
    """Whether titles stand each in a row of its own, side by side, that says what it must."""
    if len(titles) < 2:
        return False
    shared = set(_above(titles[0], elements)).intersection(*(_above(at, elements) for at in titles[1:]))
    holder = max(shared, default=-1)
    rows = {next((one for one in (at, *_above(at, elements)) if elements[one].parent == holder), -1) for at in titles}
    if len(rows) != len(titles):
        return False
    return all(_row_says(row, said, priced, elements) for row in rows)


def _row_says(row: int, said: set[str], priced: bool, elements: Sequence[Element]) -> bool:
    inside = [at for at in range(row, len(elements)) if at == row or row in _above(at, elements)]
    text = " ".join(_said(elements[at]) for at in inside)
    words = set(words_of(text))
    return all(set(words_of(one)) <= words for one in said) and (not priced or MONEY.search(text) is not None)
