"""What a field asks for, by what its page says of it: facts about the person, quantities, moments, amounts. Pure."""

from __future__ import annotations

import re

from language.similarity import words_of
from language.synonyms import same_meaning
from teach_mode.demonstration import Shown

# The tokens of HTML's `autocomplete` that ask for a fact about the person.
_AUTOCOMPLETE = {
    "name": "name",
    "given-name": "first_name",
    "family-name": "last_name",
    "email": "email",
    "tel": "phone",
    "tel-national": "phone",
    "street-address": "address",
    "address-line1": "address",
    "postal-code": "postal_code",
    "address-level2": "city",
    "country-name": "country",
    "organization": "company",
    "bday": "birthday",
}
_TYPES = {"email": "email", "tel": "phone"}
_LABELS = {
    "name": ("name", "full name", "your name"),
    "first_name": ("first name", "given name"),
    "last_name": ("last name", "surname", "family name"),
    "email": ("email", "your email"),
    "phone": ("phone", "your phone"),
    "address": ("address", "street address", "your address"),
    "postal_code": ("zip",),
    "city": ("city", "town"),
}
NAMES = frozenset(("name", "first_name", "last_name"))
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_AMOUNT = re.compile(r"[$€£¥]?\s?\d+[.,]\d\d\s?[$€£¥]?|[$€£¥]\s?\d+")


def fact_of(shown: Shown) -> str:
    """The fact about the person that a field asks for, "" when it asks for none."""
    seen = shown.target.fingerprint
    for token in seen.attributes.get("autocomplete", "").lower().split():
        if token in _AUTOCOMPLETE:
            return _AUTOCOMPLETE[token]
    kind = shown.kind or seen.attributes.get("type", "")
    if kind in _TYPES:
        return _TYPES[kind]
    for label in labels_of(shown):
        for fact, names in _LABELS.items():
            if any(same_meaning(label, name) for name in names):
                return fact
    return ""


def labels_of(shown: Shown) -> tuple[str, ...]:
    """What a field is called: its label, name and placeholder, then the names of its attributes."""
    seen = shown.target.fingerprint
    named = (seen.label, seen.name, seen.attributes.get("placeholder", ""), seen.attributes.get("name", ""))
    texts = (" ".join(words_of(text)) for text in (*named, seen.attributes.get("id", "")))
    return tuple(dict.fromkeys(text for text in texts if text))


def asks_quantity(shown: Shown) -> bool:
    """Whether a field asks how many."""
    return any(same_meaning(label, "quantity") for label in labels_of(shown)[:2])


def asks_amount(shown: Shown, value: str) -> bool:
    """Whether a field takes an amount of money."""
    priced = any(same_meaning(label, "price") or label == "amount" for label in labels_of(shown)[:2])
    return _AMOUNT.fullmatch(value.strip()) is not None and (priced or any(sign in value for sign in "$€£¥"))
