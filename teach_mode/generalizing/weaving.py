"""Literal texts of a demonstration turned into templates: wherever a value is written, its place is put. Pure.

A piece is one way in which the page writes a value (`19:00`, `Quattro Formaggi`), and the place that writes it again
(`{when|time}`, `{kind|title}`). Longer pieces go first. Short ones count only as a whole text: a 2 inside another text
is hardly ever the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from browser.conditions import Condition
from browser.fingerprint import ANY_END, Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.rereading import PRICE, PRICE_END
from teach_mode.skill import Target
from teach_mode.templates import literal

_SELECTORS = frozenset((LocatorKind.CSS, LocatorKind.XPATH))
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_LONG_CHARS = 4
_SHORT_CHARS = 3
_FEW_WORDS = 3
_WORD_CHARS = 4
_BARE_DAY = re.compile(r"\{[^{}|]*\|date:%-?d\}")
# Where a value begins and ends in a text. Blocks that a page writes without a space between ("Market HallBaker Lane")
# are told apart by their case.
_BEGINS = r"(?:(?<![^\W_])|(?<=[a-z])(?=[A-Z]))"
_ENDS = r"(?:(?![^\W_])|(?<=[a-z])(?=[A-Z]))"
_PLACES = re.compile(r"(?<!\{)\{[a-z][^{}]*\}(?!\})")
# What tells one of several like elements from another. They say nothing of the element for another value.
_OWN_ATTRIBUTES = frozenset(("id", "href", "value", "for", "src", "alt", "title", "style"))


class Piece(Struct, frozen=True):
    """A way in which the page writes a value, and its place in a template. `whole`: only where it is the whole text;
    `loose`: the page may write another value in another case ("Brass on the Roof")."""

    written: str
    place: str
    whole: bool = False
    loose: bool = False


def pieces_first(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Without what is written twice, the longest first; too short to stand inside a text, it must be the whole."""
    kept: dict[str, Piece] = {}
    for piece in pieces:
        if piece.written and piece.written not in kept:
            short = sum(char.isalnum() for char in piece.written) < _SHORT_CHARS
            kept[piece.written] = replace(piece, whole=piece.whole or short)
    return tuple(sorted(kept.values(), key=lambda piece: -len(piece.written)))


def weave(text: str, pieces: Sequence[Piece]) -> str:
    """The text as a template that renders to itself with the values shown."""
    for piece in pieces:
        if piece.written == text.strip():
            return literal(text).replace(literal(piece.written), piece.place, 1)
    inside = [piece for piece in pieces if not piece.whole]
    if not inside or not text:
        return literal(text)
    places = {piece.written: piece.place for piece in inside}
    either = "|".join(re.escape(piece.written) for piece in inside)
    parts = re.split(f"{_BEGINS}({either}){_ENDS}", text)
    return "".join(places[part] if number % 2 else literal(part) for number, part in enumerate(parts))


def _standing(written: str) -> str:
    return rf"(?<![^\W_{{]){re.escape(written)}(?![^\W_|}}])"


def weave_selector(selector: str, pieces: Sequence[Piece]) -> str:
    """A selector likewise: values count between quotes, long ones anywhere."""
    long = [piece for piece in pieces if len(piece.written) >= _LONG_CHARS and piece.written.isalpha()]
    woven, at = "", 0
    for quoted in _QUOTED.finditer(selector):
        mark, inner = quoted[0][0], quoted[0][1:-1]
        woven += weave(selector[at : quoted.start()], long) + mark + weave(inner, pieces) + mark
        at = quoted.end()
    return woven + weave(selector[at:], long)


def weave_locator(locator: Locator, pieces: Sequence[Piece]) -> Locator:
    """A locator with its texts as templates."""
    value = weave_selector(locator.value, pieces) if locator.kind in _SELECTORS else weave(locator.value, pieces)
    return replace(locator, value=value, name=weave(locator.name, pieces))


def weave_fingerprint(seen: Fingerprint, pieces: Sequence[Piece]) -> Fingerprint:
    """A fingerprint with its texts as templates."""
    return replace(
        seen,
        name=weave(seen.name, pieces),
        label=weave(seen.label, pieces),
        text=weave(seen.text, pieces),
        attributes={key: weave(value, pieces) for key, value in seen.attributes.items()},
        neighbours=tuple(weave(text, pieces) for text in seen.neighbours),
        role=literal(seen.role),
        tag=literal(seen.tag),
        frame=tuple(map(literal, seen.frame)),
        shadow=tuple(map(literal, seen.shadow)),
        classes=tuple(map(literal, seen.classes)),
        within=tuple(weave(text, pieces) for text in seen.within),
    )


def weave_target(target: Target, pieces: Sequence[Piece]) -> Target:
    """An element that is the same one whatever the values are."""
    locators = tuple(weave_locator(one, pieces) for one in target.locators)
    return Target(locators=locators, fingerprint=weave_fingerprint(target.fingerprint, pieces))


def weave_apart(target: Target, pieces: Sequence[Piece]) -> Target:
    """An element that is the same one for all values: what says one around it goes, and so do ways to name it by one,
    unless there is no other by its own words: then it is the one in the row of the value."""
    woven = weave_target(target, pieces)
    own = [new for old, new in zip(target.locators, woven.locators, strict=True) if not _differs(old, new)]
    worded = any(one.kind not in _SELECTORS and one.nth is None for one in own)
    rows = [one for one in woven.locators if one not in own]
    seen = woven.fingerprint
    apart = replace(
        seen,
        neighbours=tuple(text for text in seen.neighbours if not _PLACES.search(text)),
        within=tuple(text for text in seen.within if not _PLACES.search(text)),
    )
    return Target(locators=tuple(own) if worded or not rows else tuple(rows), fingerprint=apart if worded else seen)


def weave_reading(target: Target, pieces: Sequence[Piece]) -> Target | None:
    """An element that is read, whatever it says then: it is known by its place, and not by its words. None when its
    words are one of the values or never change, or nothing else tells where it is."""
    seen = target.fingerprint
    words = seen.text or seen.name
    if not re.search(r"\d", words) and weave(words, pieces) == literal(words):
        return None
    if any(piece.written == words.strip() for piece in pieces):
        return None
    placed = [one for one in target.locators if not _says_own(one, seen)]
    if not placed:
        return None
    woven = weave_apart(Target(locators=tuple(placed), fingerprint=seen), pieces)
    name = ANY_END if seen.name and seen.name == seen.text else woven.fingerprint.name
    looks = replace(woven.fingerprint, text=ANY_END if seen.text else "", name=name)
    return replace(woven, fingerprint=looks)


def _says_own(locator: Locator, seen: Fingerprint) -> bool:
    """Whether a locator goes by what the element itself says."""
    by_name = locator.kind is LocatorKind.ROLE and seen.name == seen.text and locator.name != ""
    return locator.kind is LocatorKind.TEXT or by_name


def names_value(target: Target, pieces: Sequence[Piece]) -> bool:
    """Whether the element is called by one of the values, so that it is another one for other values."""
    seen = target.fingerprint
    return any(weave(text, pieces) != literal(text) for text in (seen.name, seen.label, seen.text) if text)


def weave_one_of_several(target: Target, pieces: Sequence[Piece]) -> Target | None:
    """An element that another value finds among its like. Ways to name this one alone, and what only it has, go.

    None when nothing that is left tells which one is meant.
    """
    woven = weave_target(target, pieces)
    seen = woven.fingerprint
    kept = [new for old, new in zip(target.locators, woven.locators, strict=True) if _differs(old, new)]
    named = seen.name if "{" in seen.name else seen.text if "{" in seen.text else ""
    kept = _telling([_priceless(one) for one in kept if one.nth is None])
    if named and not kept:
        kept = _called(seen, named)
    if not kept:
        return None
    loose = [piece.place for piece in pieces if piece.loose]
    kept = [
        replace(one, exact=False) if any(place in (one.name or one.value) for place in loose) else one for one in kept
    ]
    own = {key for key, value in target.fingerprint.attributes.items() if seen.attributes[key] == literal(value)}
    dropped = {key for key in own if key in _OWN_ATTRIBUTES or key.startswith("data-")}
    attributes = {key: value for key, value in seen.attributes.items() if key not in dropped}
    fingerprint = replace(
        seen,
        attributes=attributes,
        box=None,
        classes=(),
        others="",
        neighbours=_whichever(seen.neighbours),
        within=(),
    )
    return Target(locators=tuple(kept), fingerprint=fingerprint)


def _telling(locators: Sequence[Locator]) -> list[Locator]:
    """Without those that name a day by its number alone, where others name it in full: each month has a sixth."""
    vague = [one for one in locators if _BARE_DAY.search(one.name or one.value)]
    full = [one for one in locators if one not in vague]
    return full if any("|date" in (one.name or one.value) for one in full) else list(locators)


def _priceless(locator: Locator) -> Locator:
    """A way to name an element whose price is another one for another value: by what comes before the price."""
    if locator.kind is LocatorKind.CSS:
        ending = re.search(rf'(?<=[^~|^$*])="([^"]*?){PRICE}"\]', locator.value)
        if ending is None:
            return locator
        return replace(locator, value=f'{locator.value[: ending.start()]}^="{ending[1]}{_gap(ending)}"]')
    text = locator.name if locator.kind is LocatorKind.ROLE else locator.value
    ending = PRICE_END.search(text) if locator.kind is not LocatorKind.XPATH else None
    if ending is None or not ending.start():
        return locator
    begun = text[: ending.start()] + _gap(ending)
    is_role = locator.kind is LocatorKind.ROLE
    return replace(locator, name=begun, exact=False) if is_role else replace(locator, value=begun, exact=False)


def _gap(ending: re.Match[str]) -> str:
    """The mark between a name and its price, which ends the name."""
    return ending["gap"].rstrip()


def _whichever(texts: Sequence[str]) -> tuple[str, ...]:
    """What stands around one of several whichever is meant: the values themselves, else short texts without numbers."""
    values = [" ".join(_PLACES.findall(text)) for text in texts]
    short = [text for text in texts if len(text.split()) <= _FEW_WORDS and not re.search(r"\d", text)]
    return tuple(dict.fromkeys([text for text in values if text] or short))


def weave_further(condition: Condition, pieces: Sequence[Piece]) -> Condition:
    """A condition whose texts are templates already, with more places."""

    def further(text: str) -> str:
        for piece in pieces:
            if not piece.whole or text == literal(piece.written):
                text = re.sub(_standing(literal(piece.written)), lambda _, place=piece.place: place, text)  # type: ignore[misc]
        return text

    def located(locator: Locator) -> Locator:
        return replace(locator, value=further(locator.value), name=further(locator.name))

    return replace(
        condition,
        url=_loosened(further(condition.url), pieces),
        visible=tuple(map(located, condition.visible)),
        hidden=tuple(map(located, condition.hidden)),
        text=further(condition.text),
        looks=_everywhere(condition.looks, further) if condition.looks is not None else None,
    )


def _everywhere(seen: Fingerprint, change: Callable[[str], str]) -> Fingerprint:
    return replace(
        seen,
        name=change(seen.name),
        label=change(seen.label),
        text=change(seen.text),
        attributes={key: change(value) for key, value in seen.attributes.items()},
        neighbours=tuple(map(change, seen.neighbours)),
        within=tuple(map(change, seen.within)),
    )


def _loosened(url: str, pieces: Sequence[Piece]) -> str:
    """A pattern in which a part that writes a value in a way of its own (`quattro-formaggi`), or a word of it (`bees`
    for "The Bees"), may be any."""
    slugs = [slug for piece in pieces if not piece.whole and (slug := _slug(piece.written)).strip("-")]

    def writes_one(part: str) -> bool:
        own = _slug(part)
        return any(slug in own or (len(own) >= _WORD_CHARS + 2 and own in slug) for slug in slugs)

    return "/".join("*" if "{" not in part and writes_one(part) else part for part in url.split("/"))


def _slug(text: str) -> str:
    return f"-{re.sub(r'[^a-z0-9]+', '-', text.lower()).strip('-')}-"


def _begun(woven: str, place: str) -> str:
    """A text that begins with a value goes on in another way with the next one."""
    return f"{place}{ANY_END}" if woven.startswith(place) and woven != place else woven


def _differs(old: Locator, new: Locator) -> bool:
    return new.value != literal(old.value) or new.name != literal(old.name)


def weave_suggestion(target: Target, piece: Piece) -> Target | None:
    """A suggestion that holds what was typed and says more, which is another's for another value."""
    seen = target.fingerprint
    said = seen.name or seen.text
    if piece.whole or piece.written == said or weave(said, (piece,)) == literal(said):
        return None
    called = [replace(one, exact=False) for one in _called(seen, piece.place)]
    holds = f'//{literal(seen.tag or "*")}[contains(normalize-space(.), "{piece.place}")]'
    own = {key for key in seen.attributes if key in _OWN_ATTRIBUTES or key.startswith("data-")}
    kept = {key: literal(value) for key, value in seen.attributes.items() if key not in own}
    name, text = (_begun(weave(one, (piece,)), piece.place) for one in (seen.name, seen.text))
    looks = replace(
        weave_fingerprint(seen, ()), name=name, text=text, attributes=kept, neighbours=(), box=None, others=""
    )
    first, *others = called
    return Target(locators=(first, Locator(kind=LocatorKind.XPATH, value=holds), *others), fingerprint=looks)


def _called(seen: Fingerprint, words: str) -> list[Locator]:
    """Ways to find an element by what it says: by its name where it has one, else the one of its tag with the text."""
    if seen.role and seen.name:
        return [Locator(kind=LocatorKind.ROLE, value=seen.role, name=words, exact=True)]
    tagged = f'//{literal(seen.tag or "*")}[normalize-space(.)="{words}"]'
    return [
        Locator(kind=LocatorKind.XPATH, value=tagged),
        Locator(kind=LocatorKind.TEXT, value=words, exact=True),
    ]
