"""Recordings of real people, from Debian's `pocketsphinx-testdata`, and word errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.speakers import read_wav
from cloud.speech.sound import Floats
from language.numbers import say_number

FOLDER = Path("/usr/share/pocketsphinx/test/data")
_LINE = re.compile(r"<s>\s*(?P<text>.*?)\s*</s>\s*\((?P<name>[^)]+)\)")
_SPELLED = {"mr": "mister", "mrs": "missus", "dr": "doctor"}


def recordings() -> Iterator[tuple[str, Floats]]:
    """What was said, and the sound."""
    for transcripts in (FOLDER / "librivox" / "transcription", FOLDER / "cards" / "cards.transcription"):
        if not transcripts.exists():
            raise SystemExit(f"{transcripts} is missing: apt-get install pocketsphinx-testdata")
        for line in transcripts.read_text(encoding="utf-8").splitlines():
            found = _LINE.search(line)
            if found:
                yield found["text"], read_wav(transcripts.parent / f"{found['name']}.wav")


def word_errors(said: str, heard: str) -> tuple[int, int]:
    """Substitutions, insertions and deletions by the least count, and the number of words said."""
    wanted, found = _words(said), _words(heard)
    row = list(range(len(found) + 1))
    for at, word in enumerate(wanted, start=1):
        above, row = row, [at]
        for place, other in enumerate(found, start=1):
            row.append(min(above[place - 1] + (word != other), above[place] + 1, row[-1] + 1))
    return row[-1], len(wanted)


def _words(text: str) -> list[str]:
    plain = re.findall(r"[a-z0-9']+", text.lower().replace("-", " "))
    spelled = (say_number(int(word)) if word.isdigit() else _SPELLED.get(word, word) for word in plain)
    return [part for word in spelled for part in word.split()]
