from __future__ import annotations

import ast
import string
import tomllib
from pathlib import Path
from typing import Any

import pytest

from device.menu import FORGOTTEN
from device.words import languages, words_of
from wire.outcomes import CLOSES, OUTCOMES

DEVICE = Path(__file__).parents[2] / "device"
# Whose sentences are shown to the person.
SPEAKERS = (
    "assistant",
    "answering",
    "away",
    "battery",
    "ears",
    "handheld",
    "menu",
    "modes",
    "news",
    "offline",
    "pages",
    "listening",
    "parts/camera",
    "pictures",
    "settings",
    "sight",
    "stuck",
    "uplink",
)


def table(language: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((DEVICE / "languages" / f"{language}.toml").read_text())


def places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_are_english_german_and_arabic() -> None:
    assert languages() == ("en", "ar", "de")
    assert words_of("ar").rtl and not words_of("de").rtl
    assert words_of("klingon").language == "en"


def test_german_says_all_that_english_says() -> None:
    english, german = table("en"), table("de")
    assert {name: set(words) for name, words in english.items()} == {name: set(words) for name, words in german.items()}


@pytest.mark.parametrize("language", [one for one in languages() if one != "en"])
def test_a_language_says_nothing_that_english_does_not_and_keeps_the_values(language: str) -> None:
    english, other = table("en"), table(language)
    for section, words in other.items():
        assert set(words) <= set(english[section])
        for name, text in words.items():
            if isinstance(text, str):
                assert places(text) == places(english[section][name]), f"{section}.{name}"


def test_the_fixed_words_of_the_screen_are_whole_in_every_language() -> None:
    fixed = ("language", "status", "idle", "listening", "thinking", "ask", "bell", "menu", "own", "part")
    for language in languages():
        for section in fixed:
            assert set(table(language)[section]) == set(table("en")[section]), (language, section)


def test_every_way_to_end_is_said_in_german() -> None:
    words = words_of("de")
    endings = [one.sentence for one in (*OUTCOMES.values(), *CLOSES.values())]
    assert not [sentence for sentence in (*endings, FORGOTTEN) if words.said(sentence) == sentence]


@pytest.mark.parametrize("module", SPEAKERS)
def test_no_sentence_of_the_device_is_in_english_only(module: str) -> None:
    tree = ast.parse((DEVICE / f"{module}.py").read_text())
    shown = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not docstring(node, tree)
        if node.value[:1].isupper() and " " in node.value and node.value.endswith(".")
    ]
    words = words_of("de")
    assert not [sentence for sentence in shown if words.said(sentence) == sentence]


def docstring(node: ast.Constant, tree: ast.Module) -> bool:
    return any(isinstance(one, ast.Expr) and one.value is node for one in ast.walk(tree))


def test_a_sentence_with_a_value_keeps_it() -> None:
    said = words_of("de").said("The battery is low: 9 %. Please charge me.")
    assert said == "Der Akku ist schwach: 9 %. Bitte laden."


def test_a_sentence_that_nobody_knows_is_shown_as_it_is() -> None:
    assert words_of("de").said("The pizzeria is closed.") == "The pizzeria is closed."
    assert words_of("ar").said("") == ""


def test_a_day_is_read_as_the_language_reads_it() -> None:
    assert words_of("en").date(0, 23, 11) == "Monday 23 November"
    assert words_of("de").date(0, 23, 11) == "Montag, 23. November"
