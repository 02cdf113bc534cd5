"""Steps that cannot be taken back: how they are known, and what the person should see before each. Pure.

A button commits by its words (`language.commitments`). What stands near it on the page is proposed as read-backs: an
amount with the label before it, and every value of the request that the page repeats there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from string import ascii_lowercase, ascii_uppercase

from msgspec.structs import replace

from browser.bystanders import bystanders
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from browser.traits import marks
from language.commitments import commits, may_commit
from language.entities import SlotKind
from language.similarity import words_of
from language.synonyms import synonyms_of
from teach_mode.demonstration import ShownStep
from teach_mode.generalizing.menus import unpriced
from teach_mode.generalizing.sameness import called
from teach_mode.generalizing.weaving import Piece, weave, weave_target
from teach_mode.rereading import LABEL_WORDS, MONEY, after
from teach_mode.skill import Confirm
from teach_mode.templates import literal

_PRESSING = frozenset(("click", "double_click", "press"))
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)[^{}]*\}")
# How a site says that something was done, and the end of an address that bears the number of what was.
_DONE = re.compile(
    r"\b(?:thank you|thanks|(?:is|are|was|been|application|booking|order|payment|request|reservation)"
    r" (?:accepted|booked|complete|completed|confirmed|placed|received|reserved|sent|submitted)|on its way)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"/[A-Z]{1,4}-?\d{2,}(?=[/?#]|$)")
_TOTAL = re.compile(r"\b(?:total|amount|sum|price|cost|to pay|fare)\b", re.IGNORECASE)
MOST_CONFIRMS = 6
_LABEL_CHARS = 40
# A date of which only the month, or less, is written.
_MONTH = re.compile(r"\{[^{}|]*\|date:(?!(?:[^}]*%-?[dejxcDFu]))[^}]*\}")
_LAST_LABEL = re.compile(r"(?<![^\s.,;:])[^\W\d_a-z][^\W\d_]*(?: [a-z]+){0,2}$")


def is_committing(step: ShownStep) -> bool:
    """Whether a step presses a button that commits whoever presses it. A button with no name is judged by its id; one
    that may only lead on, by what the page said then."""
    if step.action not in _PRESSING or step.shown is None:
        return False
    seen = step.shown.target.fingerprint
    named = [text for text in called(step.shown) if text]
    if named:
        link = seen.role == "link"
        return any(commits(text, link=link) or (not link and may_commit(text) and _was_done(step)) for text in named)
    return any(commits(word) for key in ("id", "title") for word in words_of(seen.attributes.get(key, "")))


def _was_done(step: ShownStep) -> bool:
    """Whether the page then thanked, or showed what was done under its number."""
    said = " ".join(one.name or one.value for one in step.change.appeared)
    return _DONE.search(said) is not None or _NUMBERED.search(step.change.url) is not None


def confirms_of(step: ShownStep, pieces: Sequence[Piece], filled: Sequence[ShownStep]) -> tuple[Confirm, ...]:
    """The read-backs to propose for a step, the amount last. `filled` are fields of the same page, filled before."""
    if step.shown is None:
        return ()
    seen = step.shown.target.fingerprint
    found = [*_of_button(step), *_of_prices(step.shown.prices)]
    found += [*_of_neighbours(seen, pieces), *_of_fields(filled, pieces)]
    found = found or [*_of_what_is_there(step)]
    kept: dict[str, Confirm] = {}
    for confirm in found:
        if confirm.expect and any(confirm.expect == other.expect for other in kept.values()):
            continue
        if confirm.capped and any(other.capped for other in kept.values()):
            continue
        kept.setdefault(confirm.name, confirm)
    amounts = [one for one in kept.values() if one.capped]
    return (*[one for one in kept.values() if not one.capped][: MOST_CONFIRMS - 1], *amounts)


def _of_prices(prices: Sequence[str]) -> Iterator[Confirm]:
    """What the page calls a total, else what it names last."""
    told = [text for text in prices if _TOTAL.search(text)] or prices
    for text in told[-1:]:
        yield _amount(text[: list(MONEY.finditer(text))[-1].start()].strip())


def _of_neighbours(seen: Fingerprint, pieces: Sequence[Piece]) -> Iterator[Confirm]:
    totals = sorted(seen.neighbours, key=lambda text: not _TOTAL.search(text))
    for text in totals:
        money = list(MONEY.finditer(text))
        if money and (label := label_of(text[: money[-1].start()])):
            yield _amount(label)
    for text in seen.neighbours:
        yield from _values_in(text, pieces, seen)


def _amount(label: str) -> Confirm:
    others = sorted(words for words in synonyms_of(label) if words != label.lower())
    locators = _after(label) + (_after_any(others) if others else ())
    return Confirm(name="total", title=label, locators=locators, kind="amount", capped=True)


def _after(label: str) -> tuple[Locator, ...]:
    return tuple(replace(one, value=literal(one.value)) for one in after(label))


def _after_any(labels: Sequence[str]) -> tuple[Locator, ...]:
    """What stands beside a label that means the same, in any case."""
    plain = f"translate(normalize-space(.), '{ascii_uppercase}', '{ascii_lowercase}')"
    called = f"//*[contains('|{'|'.join(labels)}|', concat('|', {plain}, '|')) and normalize-space(.) != '']"
    return (Locator(kind=LocatorKind.XPATH, value=f"{called}/following-sibling::*[1]"),)


def _values_in(text: str, pieces: Sequence[Piece], seen: Fingerprint) -> Iterator[Confirm]:
    """Labels and values of a text such as "Delivered to Elm Street 5 Name Ada": a value, and the words before it. What
    is pressed is no label, as above a calendar ("Previous month December 2026 Next month"), and a month is no day."""
    woven, at = weave(text, [replace(piece, whole=False) for piece in pieces if _tells(piece, text)]), 0
    for place in _PLACE.finditer(woven):
        label = label_of(woven[at : place.start()])
        label = "" if _ends_in_a_button(label, seen) else label
        again, at = bool(at) and not label, place.end()
        if again or _MONTH.fullmatch(place[0]):
            continue  # The text as a whole was named for the value before it.
        name = _slug(label) if _is_label(label) else f"{place[1]}_there"
        by_text = tuple(Locator(kind=LocatorKind.TEXT, value=place[0], exact=exact) for exact in (True, False))
        labelled = _after(label)[:1] if _is_label(label) else ()
        title = label if _is_label(label) else place[1].replace("_", " ").capitalize()
        yield Confirm(name=name, title=title, locators=(*labelled, *by_text), kind=_kind(place[0]), expect=place[0])


def _ends_in_a_button(label: str, seen: Fingerprint) -> bool:
    """Whether the last words of a label are those of something else that is pressed on the element's page."""
    words = label.split()
    endings = {marks(Fingerprint(name=" ".join(words[start:])))[0] for start in range(len(words))}
    return any(one.work == "pressed" and one.says in endings for one in bystanders(seen.others).all)


def label_of(text: str) -> str:
    """What a value after this text is called: the text, or the last words of a long one that begin with a capital
    ("Order A-2207 Items Scarf, mustard Reason" calls what follows Reason). "" when it is not called anything."""
    plain = text.strip(" :·,-\n")
    if len(plain.split()) <= LABEL_WORDS and not re.search(r"\d", plain):
        return plain
    last = _LAST_LABEL.search(plain)
    return last[0] if last and last[0] not in ("AM", "PM") else ""


def _tells(piece: Piece, text: str) -> bool:
    """Whether a value can be told in a text: a short one only if it stands there once, and no day without its month."""
    standing = re.findall(rf"(?<![^\W_]){re.escape(piece.written)}(?![^\W_])", text)
    return not piece.whole or (len(standing) == 1 and "|date" not in piece.place)


def _is_label(text: str) -> bool:
    """Whether words may stand before any value: few, and nothing of one."""
    plain = re.fullmatch(r"[^\W\d][^\d{\"|·•;]*", text) is not None
    return plain and len(text) <= _LABEL_CHARS and len(text.split()) <= LABEL_WORDS


def _kind(place: str) -> SlotKind:
    return "time" if "|time" in place else "text"


def _of_fields(filled: Sequence[ShownStep], pieces: Sequence[Piece]) -> Iterator[Confirm]:
    """What was typed on the same page, read from its fields."""
    for step in filled:
        woven = weave(step.value, pieces)
        if step.shown is None or step.secret or not _PLACE.fullmatch(woven):
            continue
        label = next((text for text in called(step.shown) if text), "")
        name = _PLACE.fullmatch(woven)
        title = label or (name[1].replace("_", " ").capitalize() if name else "")
        target = weave_target(step.shown.target, pieces)
        named = tuple(one for one in target.locators if not _is_place(one)) or target.locators
        looks = target.fingerprint
        yield Confirm(name=_slug(title), title=title, locators=named, frame=looks.frame, expect=woven, looks=looks)


def _is_place(locator: Locator) -> bool:
    """Whether a locator says where a field stands and nothing of what it is: another one may stand there."""
    return locator.kind is LocatorKind.CSS and ":nth-of-type(" in locator.value


def _of_button(step: ShownStep) -> Iterator[Confirm]:
    """The button's own words: with its price, or, when nothing else is known, as they are."""
    if step.shown is None:
        return
    text = next((text for text in called(step.shown) if text), "")
    money = bool(MONEY.search(text))
    locators = tuple(
        Locator(kind=one.kind, value=literal(one.value), name=literal(one.name), exact=one.exact, nth=one.nth)
        for one in step.shown.target.locators
    )
    if money:
        frame = step.shown.target.fingerprint.frame
        yield Confirm(name="price", title="Price", locators=locators, frame=frame, kind="amount", capped=True)


def _of_what_is_there(step: ShownStep) -> Iterator[Confirm]:
    """When nothing near the button is known: the button's own words, else the text beside it."""
    if step.shown is None:
        return
    seen = step.shown.target.fingerprint
    text = next((text for text in (*called(step.shown), *seen.neighbours) if text), "")
    if text:
        locators = (Locator(kind=LocatorKind.TEXT, value=literal(text), exact=True),)
        yield Confirm(name="there", title="There", locators=locators, frame=tuple(map(literal, seen.frame)))


def _slug(label: str) -> str:
    slug = re.sub(r"[^a-z0-9_]", "", "_".join(words_of(label)[:3]))
    return slug if slug and slug[0].isalpha() else f"said_{slug}".rstrip("_")


def question_of(step: ShownStep, confirms: Sequence[Confirm], about: str) -> str:
    """What the person is asked: what it is about, a template, what the site says, and which button is meant."""
    says = ", ".join(f"{literal(one.title.lower())} {{{one.name}}}" for one in confirms)
    button = next((text for text in called(step.shown) if text), "it") if step.shown else "it"
    press = literal(unpriced(button)).replace("[", "[[").replace("]", "]]")
    said = f" The site says: {says}." if says else ""
    return f"{about}.{said} Press “{press}”?"
