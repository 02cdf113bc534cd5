"""The words of the device in the person's language: one table a language in `device/languages`."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

ENGLISH: Final = "en"
_TABLES: Final = Path(__file__).parent / "languages"


def languages() -> tuple[str, ...]:
    """The languages there are, English first."""
    others = sorted(path.stem for path in _TABLES.glob("*.toml") if path.stem != ENGLISH)
    return (ENGLISH, *others)


@lru_cache(maxsize=8)
def words_of(language: str) -> Words:
    """The words of a language; English for one that is not there."""
    return Words(language if language in languages() else ENGLISH)


class Words:
    """One table. `name` is the language's own name for itself; `rtl`: it is written from right to left."""

    def __init__(self, language: str) -> None:
        english, own = _table(ENGLISH), _table(language)
        about = english["language"] | own["language"]
        self.language = language
        self.name: str = about["name"]
        self.rtl: bool = about["rtl"]
        self._date: str = about["date"]
        self._weekdays: list[str] = about["weekdays"]
        self._months: list[str] = about["months"]
        self._english = dict(_flat(english))
        self._own = self._english | dict(_flat(own))

    def __call__(self, key: str, **values: object) -> str:
        """The word under `section.name`, with its values. A key that is nowhere is a KeyError."""
        text = self._own[key]
        return text.format(**values) if values else text

    def said(self, sentence: str) -> str:
        """An English sentence of the device in this language; others as they are."""
        if self.language == ENGLISH or not sentence:
            return sentence
        for key, pattern in _patterns():
            found = pattern.fullmatch(sentence)
            if found is not None:
                return self._own[key].format(**found.groupdict())
        return sentence

    def date(self, weekday: int, day: int, month: int) -> str:
        """A day as it is read; `weekday` 0 for Monday, `month` 1 for January."""
        return self._date.format(weekday=self._weekdays[weekday], day=day, month=self._months[month - 1])


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    sentences = [(key, text) for key, text in _flat(_table(ENGLISH)) if key.startswith("sentences.")]
    return tuple((key, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(text)))) for key, text in sentences)


@lru_cache(maxsize=8)
def _table(language: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((_TABLES / f"{language}.toml").read_text(encoding="utf-8"))


def _flat(table: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (f"{section}.{name}", text)
        for section, names in table.items()
        if section != "language"
        for name, text in names.items()
    ]
