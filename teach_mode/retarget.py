"""A target for an element found elsewhere: what must still stand on it, and its texts as templates again. Pure.

A step serves many values: "Choose {kind|title}" may be healed to "Order {kind|title}", never to another pizza's button.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from browser.traits import TOGGLED, TYPED
from browser.wording import is_made_up
from language.entities import Value
from language.similarity import words_of
from teach_mode.skill import Step, Target
from teach_mode.templates import literal, places_in, render

_FIELD_TAGS = frozenset({"input", "textarea"})
_TEST_IDS = ("data-testid", "data-test", "data-test-id", "data-qa", "data-cy")
_PRICE = re.compile(r"(?<!\d)[$€£¥]?\d+[.,]\d\d(?!\d)[$€£¥]?")
_PRESSED_INPUTS = frozenset({"submit", "button", "reset", "image", "checkbox", "radio", "file"})


def texts_in(thing: Any) -> Iterator[str]:
    """Every text of a struct, tuple or dict."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for one in thing.values():
            yield from texts_in(one)
    elif isinstance(thing, (list, tuple)):
        for one in thing:
            yield from texts_in(one)
    elif isinstance(thing, msgspec.Struct):
        for name in thing.__struct_fields__:
            yield from texts_in(getattr(thing, name))


def places_of(target: Target, values: Mapping[str, Value]) -> dict[str, str]:
    """The places in a target's texts with what stands in them now; empty ones are left out."""
    found = {place: render(place, values) for text in texts_in(target) for place in places_in(text)}
    return {place: said for place, said in found.items() if said.strip()}


def still_says(seen: Fingerprint, target: Target, values: Mapping[str, Value]) -> bool:
    """Whether an element still bears the values that `target`, a template, has in it: in its own texts, or its row's.

    What only a neighbour said may stand with a neighbour, and a price may run on after a value ("Tent49.00").
    """
    own = _words((seen.name, seen.label, seen.text, *seen.attributes.values(), *seen.within))
    around = own | _words(seen.neighbours)
    own_texts = tuple(texts_in(_bare(target)))
    for place, said in places_of(target, values).items():
        mine = any(place in text for text in own_texts)
        if not set(words_of(said)) <= (own if mine else around):
            return False
    return True


def bears(seen: Fingerprint, target: Target, values: Mapping[str, Value]) -> bool:
    """Whether an element bears, in its own words, the values that stand in those of `target`, a template: "Sunday 6
    December" is no "Friday 6 November", however like it is."""
    said = " ".join((seen.name, seen.label, seen.text, *seen.attributes.values())).lower()
    words = (target.fingerprint.name, target.fingerprint.label, target.fingerprint.text)
    places = {place for text in words for place in places_in(text)}
    return all(word in said for place in places for word in words_of(render(place, values)))


def value_of(target: Target, values: Mapping[str, Value]) -> str:
    """The one value that stands in the element's own words; "" when there is none, or more than one."""
    seen = target.fingerprint
    said = {render(place, values) for text in (seen.name, seen.label, seen.text) for place in places_in(text)}
    return said.pop() if len(said) == 1 else ""


def is_named(target: Target) -> bool:
    """Whether a value stands in the element's own words, so that it tells the element from its like."""
    seen = target.fingerprint
    return any(True for text in (seen.name, seen.label, seen.text) for _ in places_in(text))


def _bare(target: Target) -> Target:
    """The target without what only stood around it."""
    bare = msgspec.structs.replace(target.fingerprint, neighbours=(), within=())
    return msgspec.structs.replace(target, fingerprint=bare)


def _words(texts: Any) -> set[str]:
    return {word for text in texts for said in (text, _PRICE.sub(" ", text)) for word in words_of(said)}


def can_take(step: Step, seen: Fingerprint) -> bool:
    """Whether an element is of a kind that the step can be done on. A password is never filled but by its name."""
    kind = seen.attributes.get("type", "")
    if kind == "password":
        return False
    match step.action:
        case "fill":
            return (seen.tag in _FIELD_TAGS and kind not in _PRESSED_INPUTS) or (
                seen.role in TYPED and seen.tag != "select"
            )
        case "select":
            return seen.tag == "select" or seen.role in ("combobox", "listbox")
        case "check" | "uncheck":
            return seen.role in TOGGLED
        case "upload":
            return kind == "file"
        case _:
            return True


def as_template(thing: Any, places: Mapping[str, str]) -> Any:
    """Every text of a struct as a template: braces doubled, and what stands in `places` a place again, whole words."""
    if isinstance(thing, str):
        return _templated(thing, places)
    if isinstance(thing, tuple):
        return tuple(as_template(one, places) for one in thing)
    if isinstance(thing, dict):
        return {key: as_template(one, places) for key, one in thing.items()}
    if isinstance(thing, msgspec.Struct):
        fields = {name: getattr(thing, name) for name in thing.__struct_fields__}
        return msgspec.structs.replace(thing, **{name: as_template(one, places) for name, one in fields.items()})
    return thing


def _templated(text: str, places: Mapping[str, str]) -> str:
    by_text = {said: place for place, said in places.items()}
    if not by_text:
        return literal(text)
    longest = sorted(by_text, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(" + "|".join(re.escape(said) for said in longest) + r")(?!\w)")
    parts = pattern.split(text)
    return "".join(by_text[part] if number % 2 else literal(part) for number, part in enumerate(parts))


def ways(seen: Fingerprint, path: str) -> tuple[Locator, ...]:
    """Locators that may name an element, best first; which of them find it alone is for the page to say."""
    attributes = seen.attributes
    found = [
        Locator(kind=LocatorKind.CSS, value=f"[{key}={_quoted(attributes[key])}]")
        for key in _TEST_IDS[1:]
        if key in attributes
    ]
    if "data-testid" in attributes:
        found.insert(0, Locator(kind=LocatorKind.TESTID, value=attributes["data-testid"]))
    if seen.role and seen.name:
        found.append(Locator(kind=LocatorKind.ROLE, value=seen.role, name=seen.name, exact=True))
    if seen.label:
        found.append(Locator(kind=LocatorKind.LABEL, value=seen.label, exact=True))
    if "placeholder" in attributes:
        found.append(Locator(kind=LocatorKind.PLACEHOLDER, value=attributes["placeholder"], exact=True))
    if seen.text and not seen.role:
        found.append(Locator(kind=LocatorKind.TEXT, value=seen.text, exact=True))
    for key in ("id", "name", "href"):
        value = attributes.get(key, "")
        if value and not any(is_made_up(piece) for piece in re.split(r"[^0-9A-Za-z]+", value) if piece):
            found.append(Locator(kind=LocatorKind.CSS, value=f"{seen.tag}[{key}={_quoted(value)}]"))
    if path:
        found.append(Locator(kind=LocatorKind.CSS, value=path))
    return tuple(found)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def retargeted(
    seen: Fingerprint, locators: tuple[Locator, ...], old: Target, values: Mapping[str, Value]
) -> Target | None:
    """The new target as a template. None: none of its locators would serve other values, as those of `old` do."""
    places = places_of(old, values)
    new: Target = as_template(Target(locators=locators, fingerprint=seen), places)
    if any(places_in(text) for text in texts_in(_bare(old))):
        kept = tuple(one for one in new.locators if places_in(one.value) or places_in(one.name))
        return msgspec.structs.replace(new, locators=kept) if kept else None
    return new
