"""How schedules are called: by their request, and by whatever words of it tell them from the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cloud.schedules.deciding import Schedule
from language.entities import Choice
from language.tokens import tokenize

NAME_CHARS = 80
_MOST_WORDS = 4
_MOST_NAMES = 12
_LINKS = frozenset(
    ("a", "an", "and", "at", "by", "for", "from", "in", "is", "me", "my", "of", "on", "please", "the", "then", "to")
    + ("what", "whats", "what's", "with", "your", "are", "do", "i", "it", "that", "this", "schedule")
)


def names_of(request: str) -> str:
    """The name of a schedule: its request, without marks at its end, and not too long."""
    name = " ".join(request.split()).rstrip(".,!?")
    if len(name) <= NAME_CHARS:
        return name[:1].lower() + name[1:] if name[1:2].islower() else name
    return name[: NAME_CHARS - 1].rpartition(" ")[0] + "…"


def spoken_names(schedules: Sequence[Schedule]) -> dict[str, Choice]:
    """By the id of a schedule, the ways in which it can be called, none of which may mean another one, too."""
    ways = {one.id: _ways(one.text) for one in schedules}
    counts = Counter(words for found in ways.values() for words in found)
    made: dict[str, Choice] = {}
    for number, one in enumerate(schedules, 1):
        whole, *shorter = ways[one.id] or [one.name]
        value = whole if counts[whole] < 2 else f"{whole} number {number}"
        made[one.id] = Choice(value, tuple(words for words in shorter if counts[words] == 1)[:_MOST_NAMES])
    return made


def _ways(text: str) -> list[str]:
    """The whole request, then stretches of it that begin and end with a telling word, the shortest first."""
    words = [token.text for token in tokenize(text) if token.text not in (",", ".")]
    found = [" ".join(words)] if words else []
    for length in range(1, _MOST_WORDS + 1):
        for start in range(len(words) - length, -1, -1):
            stretch = words[start : start + length]
            if stretch[0] not in _LINKS and stretch[-1] not in _LINKS and not all(word.isdigit() for word in stretch):
                found.append(" ".join(stretch))
    return list(dict.fromkeys(found))
