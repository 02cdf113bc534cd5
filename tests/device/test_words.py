from __future__ import annotations

import ast
import re
import string
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.clocks import say_moment
from device.menu import FORGOTTEN
from device.words import languages, words_of
from language.durations import say_duration
from wire.outcomes import CLOSES, OUTCOMES

DEVICE = Path(__file__).parents[2] / "device"
# Whose sentences are shown to the person.
SPEAKERS = (
    "assistant",
    "answering",
    "away",
    "battery",
    "clocks",
    "correspondence",
    "alone",
    "ears",
    "handheld",
    "menu",
    "modes",
    "news",
    "offline",
    "pages",
    "listening",
    "parts/camera",
    "parts/microphone",
    "parts/sound_cards",
    "parts/speaker",
    "pictures",
    "settings",
    "sight",
    "stuck",
    "uplink",
    "connections",
    "wireless",
    "provisioning/steps",
    "provisioning/pages",
    "provisioning/reader",
    "provisioning/introduction",
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
    fixed += ("aim", "counted", "duration", "moment")
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
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    told = [spoken(node) for node in ast.walk(tree) if id(node) not in pieces and not docstring(node, tree)]
    shown = [text for text in told if text[:1].isupper() and " " in text and text.endswith((".", "?"))]
    words = words_of("de")
    assert not [sentence for sentence in shown if words.said(sentence) == sentence]


def spoken(node: ast.AST) -> str:
    """A text of the source, with an `x` for each value in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return ""


def docstring(node: ast.AST, tree: ast.Module) -> bool:
    return any(isinstance(one, ast.Expr) and one.value is node for one in ast.walk(tree))


def test_a_sentence_with_a_value_keeps_it() -> None:
    said = words_of("de").said("The battery is low: 9 %. Please charge me.")
    assert said == "Der Akku ist schwach: 9 %. Bitte laden."


@pytest.mark.parametrize(
    ("sentence", "german", "arabic"),
    [
        ("Your timer is set for ten minutes.", "10 Minuten", "10 دقائق"),
        ("Your timer is set for one minute.", "1 Minute.", "دقيقة واحدة"),
        ("Your timer is set for an hour and a half.", "1 Stunde und 30 Minuten", "ساعة واحدة و30 دقيقة"),
        ("Your timer is set for two and a half hours.", "2 Stunden und 30 Minuten", "ساعتان و30 دقيقة"),
        ("Your alarm is set for seven a m tomorrow.", "morgen, 07:00", "غدا، 07:00"),
        ("Your alarm is set for six thirty p m.", "18:30", "18:30"),
        ("Your alarm is set for noon on Saturday.", "Samstag, 12:00", "السبت، 12:00"),
        (
            "Your alarm is set for seven oh five a m on Monday the thirtieth of November.",
            "Montag, 30. November, 07:05",
            "",
        ),
        ("Your pasta timer has two minutes left.", "Timer pasta: noch 2 Minuten.", "دقيقتان"),
        ("Your alarm for seven a m rang, and nobody stopped it.", "Wecker für 07:00 hat geklingelt", "07:00"),
        ("It is two p m, Thursday, the twenty sixth of November.", "Es ist Donnerstag, 26. November, 14:00.", "14:00"),
        ("There is no microphone. Is it plugged in?", "Mikrofon: nicht gefunden.", "ميكروفون"),
        (
            "The speaker USB Audio cannot be opened: busy. Does another program use it?",
            "Lautsprecher: USB Audio lässt",
            "مكبر صوت",
        ),
        ("I go on without: light, battery.", "ohne: Licht, Akku.", "ضوء, بطارية"),
    ],
)
def test_the_values_in_a_sentence_are_of_its_language_too(sentence: str, german: str, arabic: str) -> None:
    assert german in words_of("de").said(sentence)
    assert arabic in words_of("ar").said(sentence) != sentence


def test_each_sentence_of_several_is_said_in_the_language() -> None:
    said = words_of("de").said("Your timer has five minutes left. Your alarm is set for seven a m tomorrow.")
    assert said == "Timer: noch 5 Minuten. Dein Wecker ist gestellt: morgen, 07:00."


@given(st.integers(0, 40 * 86_400))
def test_every_length_of_time_is_said_in_every_language(seconds: int) -> None:
    sentence = f"Your timer is set for {say_duration(seconds)}."
    assert words_of("de").duration(seconds) in words_of("de").said(sentence)
    assert not re.search("[a-z]", words_of("ar").duration(seconds))


@given(st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1)), st.integers(-3 * 86_400, 400 * 86_400))
def test_every_moment_is_said_in_every_language(now: datetime, seconds: int) -> None:
    wall_ms = int(now.timestamp() * 1000)
    sentence = f"Your alarm is set for {say_moment(wall_ms + 1000 * seconds, wall_ms)}."
    assert not re.search(" [ap] m|[Tt]omorrow| the | on ", words_of("de").said(sentence)), sentence
    assert not re.search("[A-Za-z]", words_of("ar").said(sentence)), sentence


def test_a_sentence_that_nobody_knows_is_shown_as_it_is() -> None:
    assert words_of("de").said("The pizzeria is closed.") == "The pizzeria is closed."
    assert words_of("ar").said("") == ""


def test_a_day_is_read_as_the_language_reads_it() -> None:
    assert words_of("en").date(0, 23, 11) == "Monday 23 November"
    assert words_of("de").date(0, 23, 11) == "Montag, 23. November"
