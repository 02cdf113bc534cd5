"""The words of the device in the person's language: one table a language in `device/languages`."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from device import phrases
from language.durations import say_duration

ENGLISH: Final = "en"
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")
_SENTENCES: Final = re.compile(r"(?<=\.) (?=[A-Z])")
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
        self._own = dict(_flat(english)) | dict(_flat(own))
        # What is counted has its own forms in each language: those of another would not fit its rule.
        counts = own if "counted" in own else english
        self._plurals: list[int] = counts["language"]["plurals"]
        self._forms: dict[str, list[str]] = counts["counted"]

    def __call__(self, key: str, **values: object) -> str:
        """The word under `section.name`, with its values. A key that is nowhere is a KeyError."""
        text = self._own[key]
        return text.format(**values) if values else text

    def said(self, sentence: str) -> str:
        """An English sentence of the device in this language; others as they are."""
        if self.language == ENGLISH or not sentence:
            return sentence
        return self._said(sentence) or " ".join(self._said(one) or one for one in _SENTENCES.split(sentence))

    def _said(self, sentence: str) -> str:
        for key, pattern in _patterns():
            found = pattern.fullmatch(sentence)
            if found is not None:
                values = {name: phrases.value_in(self, name, value) for name, value in found.groupdict().items()}
                return self._own[key].format(**values)
        return ""

    def duration(self, seconds: int) -> str:
        """A length of time as it is read and said."""
        return say_duration(seconds) if self.language == ENGLISH else phrases.say_duration(self, seconds)

    def counted(self, unit: str, count: int) -> str:
        """So many of them, in the form that the language has for this number."""
        at = next((at for at, most in enumerate(self._plurals) if 0 < count <= most), len(self._plurals))
        return self._forms[unit][at].format(count=count)

    def date(self, weekday: int, day: int, month: int) -> str:
        """A day as it is read; `weekday` 0 for Monday, `month` 1 for January."""
        return self._date.format(weekday=self._weekdays[weekday], day=day, month=self._months[month - 1])

    def weekday(self, number: int) -> str:
        """0 is Monday."""
        return self._weekdays[number]

    def of_or(self, section: str, name: str, other: str) -> str:
        """The word of that name; `other` where there is none."""
        return self._own.get(f"{section}.{name}", other)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    sentences = [(key, text) for key, text in _flat(_table(ENGLISH)) if key.startswith("sentences.")]
    return tuple((key, re.compile(_PLACE.sub(_place, re.escape(text)))) for key, text in sentences)


def _place(found: re.Match[str]) -> str:
    """What is said of a time or a length never has a full stop in it: it ends where its sentence ends."""
    kind = r"\w+" if found[1] == "part" else "[^.]+" if found[1] in phrases.READ else ".+"
    return f"(?P<{found[1]}>{kind})"


@lru_cache(maxsize=8)
def _table(language: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((_TABLES / f"{language}.toml").read_text(encoding="utf-8"))


def _flat(table: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (f"{section}.{name}", text)
        for section, names in table.items()
        if section not in ("language", "counted")
        for name, text in names.items()
    ]
