"""The words around a request that say when it is to be done, and how the request is taken out and put back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from language.recurrences.reading import split_recurrence
from language.templates import normalised


class Frame(Struct, frozen=True):
    """The words before a request, or after it, in lower case and without marks; one of them is empty."""

    before: str
    after: str

    def inner(self, text: str) -> str:
        """The request in a sentence, in lower case and without marks; "" when the sentence has not this frame."""
        words = f" {' '.join(normalised(text))} "
        before, after = (f" {each} " if each else "" for each in (self.before, self.after))
        if not (words.startswith(before) and words.endswith(after)):
            return ""
        return words[len(before) : len(words) - len(after) if after else None].strip()

    def around(self, words: str) -> str:
        """The sentence with this request."""
        return " ".join(filter(None, (self.before, words, self.after)))

    def weights(self, text: str, alternatives: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
        """What the sound says of sentences with this frame, as said of their requests. That of the transcript comes
        under the words of its request."""
        return tuple((inner, weight) for words, weight in alternatives if (inner := self.inner(words)))


def frame_of(text: str, now: datetime) -> Frame | None:
    """The likeliest frame of a sentence; None when it says nothing of when it is to be done again."""
    splits = split_recurrence(text, now)
    return frame_around(text, splits[0][1]) if splits else None


def frame_around(text: str, request: str) -> Frame:
    """The frame of a sentence around a request that stands in it."""
    whole, inner = (" ".join(normalised(each)) for each in (text, request))
    at = f" {whole} ".find(f" {inner} ")
    return Frame(whole[:at].strip(), whole[at + len(inner) :].strip())
