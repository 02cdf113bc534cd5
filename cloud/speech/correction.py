"""A transcript held against all that can be said: accept, ask back between close readings, or refuse.

Two kinds of proof. By sound alone, sentences are aligned with the transcript's phonemes (`alignment`). Where the
engine could still be asked (`hearing`), each sentence comes with its likelihood given the recording itself: then a
reading is as sure as it is likelier than every other reading, and as near to what the engine heard freely.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from threading import Lock

from msgspec import Struct
from msgspec.structs import replace

from cloud.lam.perception import Heard, Reading
from cloud.lam.toolbox import Phrase, Phrasebook
from cloud.speech.alignment import Candidate, align
from cloud.speech.network import JOINTS, Network, compile_book
from cloud.speech.phonetics import distance, sounds
from language.entities import Slot, Value, read
from language.sums import in_words
from language.templates import match, normalised, parse
from language.tokens import tokenize

CANDIDATES = 16
_BOOKS_KEPT = 8
_MEANINGS_KEPT = 2048
_MOST_CHOICES = 3
_MOST_INTENTS = 4

# Likelihoods of whole sentences are more certain of themselves than they are right; measured on drawn commands.
_TEMPERATURE = 2.0
_SURE = 0.87
_DISTANT = 0.4
_RIVAL = 0.02
# How much less likely (nats) than the free transcript a reading may be, and how much more for each of its sounds.
_FIT, _FIT_EACH = 2.5, 0.2
_ASK_FIT, _ASK_FIT_EACH = 4.0, 0.3
_ALONE, _NEAR_FIT, _NEAR_FIT_EACH = 0.9, 6.0, 0.5
# By sound alone: the distance for each sound.
_NEAR, _FAR, _CLEAR = 0.14, 0.24, 0.035
_FIXED_NEAR, _OPEN_NEAR = 0.3, 0.1


class Meaning(Struct, frozen=True, kw_only=True):
    """What a sentence asks for: tools with their values, in the order said."""

    intents: tuple[tuple[str, dict[str, Value], str], ...]  # tool, values, words
    words: str
    is_open: bool
    dictated: int = 0  # sounds of what stands in its open slots

    @property
    def key(self) -> str:
        """Equal for the same tools with the same values."""
        return repr([(tool, sorted(values.items())) for tool, values, _ in self.intents])


class _Rated(Struct, frozen=True):
    """A meaning in its best wording, its share of all likelihood, and its distance by sound."""

    meaning: Meaning
    share: float
    fit: float
    distance: float


Understand = Callable[[str], Meaning | None]


class PhoneticCorrector:
    """Keeps compiled networks of the last few phrasebooks. Safe to call from any thread."""

    def __init__(self) -> None:
        self._networks: dict[tuple[str, int, str], Network] = {}
        self._meanings: OrderedDict[tuple[str, str, int, str], Meaning | None] = OrderedDict()
        self._lock = Lock()

    def correct(
        self, text: str, alternatives: Sequence[tuple[str, float]], book: Phrasebook, now: datetime, *, spoken: bool
    ) -> Heard:
        """What was meant by `text`. `alternatives`: sentences, and the transcript itself, with their log likelihood."""
        heard = self._decided(text, alternatives, book, now, spoken=spoken)
        dictated = {phrase.tool: {slot.name for slot in phrase.slots if slot.kind == "text"} for phrase in book.phrases}
        return replace(heard, readings=tuple(_as_dictated(each, dictated, text) for each in heard.readings))

    def _decided(
        self, text: str, alternatives: Sequence[tuple[str, float]], book: Phrasebook, now: datetime, *, spoken: bool
    ) -> Heard:
        exact = self.understood(text, book, now)
        if exact is not None and (not spoken or not alternatives):
            return Heard(decision="accept", readings=_readings(_Rated(exact, 1.0, 0.0, 0.0), ()), text=exact.words)
        if spoken and alternatives:
            return self.judge(text, alternatives, book, now)
        return judge_aligned(self.candidates([text], book, now), text)

    def expect(self, book: Phrasebook, now: datetime) -> None:
        """Compiles what an utterance of this minute will be held against, so that it does not wait for that."""
        self._network(book, now)

    def candidates(self, texts: Sequence[str], book: Phrasebook, now: datetime) -> list[Candidate]:
        """The sentences that sound most like any of the transcripts, best first."""
        network = self._network(book, now)
        best: dict[str, Candidate] = {}
        for text in texts:
            for candidate in align(network, plain_words(text), CANDIDATES):
                known = best.get(candidate.words)
                if known is None or candidate.distance < known.distance:
                    best[candidate.words] = candidate
        return sorted(best.values(), key=lambda candidate: candidate.distance)

    def judge(self, text: str, alternatives: Sequence[tuple[str, float]], book: Phrasebook, now: datetime) -> Heard:
        """Decide by the likelihoods of sentences given the recording; the transcript's own is among them."""
        return judge_weighed(text, alternatives, lambda words: self.understood(words, book, now))

    def understood(self, words: str, book: Phrasebook, now: datetime) -> Meaning | None:
        """`understood` of the module, remembered: a sentence is judged where it is heard and where it is acted upon."""
        key = (words, *_moment_of(book, now))
        with self._lock:
            if key in self._meanings:
                self._meanings.move_to_end(key)
                return self._meanings[key]
        meaning = understood(words, book, now)
        with self._lock:
            self._meanings[key] = meaning
            while len(self._meanings) > _MEANINGS_KEPT:
                self._meanings.popitem(last=False)
        return meaning

    def _network(self, book: Phrasebook, now: datetime) -> Network:
        key = _moment_of(book, now)
        with self._lock:
            network = self._networks.get(key)
            if network is None:
                network = self._networks[key] = compile_book(book, now)
                while len(self._networks) > _BOOKS_KEPT:
                    self._networks.pop(next(iter(self._networks)))
        return network


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a transcript in lower case; signs between figures are words, too."""
    return tuple(normalised(in_words(text)))


def _moment_of(book: Phrasebook, now: datetime) -> tuple[str, int, str]:
    """What decides how a book is understood: its phrases, and the minute. Versions of unlike books may be equal."""
    first = book.phrases[0] if book.phrases else None
    return (f"{first.tool} {first.template}" if first else "", book.version, now.isoformat(timespec="minutes"))


def understood(text: str, book: Phrasebook, now: datetime) -> Meaning | None:
    """The meaning of a sentence that templates say word for word, one or several joined by "and" or "then"."""
    words = " ".join(plain_words(text))
    return _understood(words, book, now, _MOST_INTENTS) if words else None


def _understood(words: str, book: Phrasebook, now: datetime, most: int) -> Meaning | None:
    for phrase in book.phrases:
        values = _match(words, phrase, now)
        if values is not None:
            dictated = [str(values[slot.name]) for slot in phrase.slots if slot.is_open and slot.name in values]
            return Meaning(
                intents=((phrase.tool, values, words),),
                words=words,
                is_open=bool(dictated),
                dictated=sum(len(sounds(each)) for each in dictated),
            )
    for joint in JOINTS if most > 1 else ():
        first_words, found, rest_words = words.partition(f" {joint} ")
        first = _understood(first_words, book, now, 1) if found else None
        rest = _understood(rest_words, book, now, most - 1) if first else None
        if first and rest:
            return Meaning(
                intents=first.intents + rest.intents,
                words=words,
                is_open=first.is_open or rest.is_open,
                dictated=first.dictated + rest.dictated,
            )
    return None


def _match(words: str, phrase: Phrase, now: datetime) -> dict[str, Value] | None:
    slots: dict[str, Slot] = {slot.name: slot for slot in phrase.slots}
    return match(words, parse(phrase.template), slots, now, read)


def judge_weighed(text: str, alternatives: Sequence[tuple[str, float]], understand: Understand) -> Heard:
    """Decide by the likelihoods of sentences given the recording; the transcript's own is among them."""
    heard = next((weight for words, weight in alternatives if words == text), None)
    weighed = [(words, weight) for words, weight in alternatives if words != text]
    if heard is not None:
        # What the engine heard of itself is not less likely for being spelled otherwise here ("Hawaii").
        plain = " ".join(plain_words(text))
        weighed = [(words, max(weight, heard) if words == plain else weight) for words, weight in weighed]
    best = max((weight for _, weight in weighed), default=-math.inf)
    free = best if heard is None else heard
    # What is e^-16 times as likely as the best can be no rival of it.
    likely = [(understand(words), weight) for words, weight in weighed if weight > best - 16 * _TEMPERATURE]
    rated = _rated([(meaning, weight) for meaning, weight in likely if meaning is not None], free, text)
    if not rated:
        return Heard(decision="refuse", text=text)
    first = rated[0]
    length = len(sounds(first.meaning.words))
    if first.meaning.is_open and _fixed_distance(first, text) > _OPEN_NEAR:
        return Heard(decision="refuse", text=text)
    strict = 0.5 if first.meaning.is_open else 1.0
    rivals = [other for other in rated[1:] if other.share >= _RIVAL][: _MOST_CHOICES - 1]
    if first.share >= _SURE and first.distance <= _DISTANT and first.fit >= -strict * (_FIT + _FIT_EACH * length):
        return Heard(decision="accept", readings=_readings(first, ()), text=first.meaning.words)
    if first.fit >= -strict * (_ASK_FIT + _ASK_FIT_EACH * length) or (_is_near(first) and strict == 1.0):
        return _asked(first, rivals or rated[1:2], text)
    return Heard(decision="refuse", text=text)


def _fixed_distance(rated: _Rated, text: str) -> float:
    """The distance of a sentence with dictated words for each sound of its own words: the others are as heard."""
    meaning = rated.meaning
    said = len(sounds(meaning.words))
    return rated.distance * max(said, len(sounds(text))) / max(1, said - meaning.dictated)


def _is_near(rated: _Rated) -> bool:
    """No rival, and it sounds like what was heard: foreign words are unlikely to the engine even when said well."""
    least = -(_NEAR_FIT + _NEAR_FIT_EACH * len(sounds(rated.meaning.words)))
    return rated.share >= _ALONE and rated.distance <= _NEAR and rated.fit >= least


def _rated(weighed: Sequence[tuple[Meaning, float]], free: float, text: str) -> list[_Rated]:
    """Each meaning once, the likeliest first."""
    best: dict[str, tuple[Meaning, float]] = {}
    for meaning, weight in weighed:
        if meaning.key not in best or weight > best[meaning.key][1]:
            best[meaning.key] = (meaning, weight)
    top = max((weight for _, weight in best.values()), default=0.0)
    total = sum(math.exp((weight - top) / _TEMPERATURE) for _, weight in best.values())
    rated = [
        _Rated(
            meaning,
            math.exp((weight - top) / _TEMPERATURE) / total,
            weight - free,
            distance(meaning.words, text),
        )
        for meaning, weight in best.values()
    ]
    return sorted(rated, key=lambda each: -each.share)


def judge_aligned(candidates: Sequence[Candidate], text: str) -> Heard:
    """Decide by distances of sounds alone."""
    rated: dict[str, _Rated] = {}
    for candidate in candidates:
        meaning = Meaning(
            intents=tuple((intent.tool, intent.values, intent.words) for intent in candidate.intents),
            words=candidate.words,
            is_open=any(intent.is_open for intent in candidate.intents),
        )
        fixed = max(intent.fixed_cost / max(1, intent.fixed_sounds) for intent in candidate.intents)
        if fixed <= (_OPEN_NEAR if meaning.is_open else _FIXED_NEAR):
            rated.setdefault(meaning.key, _Rated(meaning, 0.0, 0.0, candidate.distance))
    order = sorted(rated.values(), key=lambda each: each.distance)
    if not order or order[0].distance > _FAR:
        return Heard(decision="refuse", text=text)
    first = order[0]
    rivals = [other for other in order[1:] if other.distance < first.distance + _CLEAR][: _MOST_CHOICES - 1]
    if first.distance <= _NEAR and not rivals:
        return Heard(decision="accept", readings=_readings(first, ()), text=first.meaning.words)
    return _asked(first, rivals or order[1:2], text)


def _asked(first: _Rated, rivals: Sequence[_Rated], text: str) -> Heard:
    """A question needs at least two things to choose from."""
    if not rivals:
        return Heard(decision="refuse", text=text)
    return Heard(decision="ask", readings=_readings(first, rivals), text=first.meaning.words)


def _readings(first: _Rated, rivals: Sequence[_Rated]) -> tuple[Reading, ...]:
    """One for each intent. A rival of several intents belongs to the one in which it differs."""
    found = []
    for at, (tool, values, words) in enumerate(first.meaning.intents):
        others = tuple(
            _reading(other.meaning.intents[at], other)
            for other in rivals
            if len(other.meaning.intents) == len(first.meaning.intents)
            and other.meaning.intents[at][:2] != (tool, values)
        )
        found.append(_reading((tool, values, words), first, others))
    return tuple(found)


def _as_dictated(reading: Reading, dictated: Mapping[str, set[str]], text: str) -> Reading:
    """Open slots get back the capitals and stops that the transcript has."""
    names = dictated.get(reading.tool, set())
    values = {
        name: as_written(value, text) if name in names and isinstance(value, str) else value
        for name, value in reading.values.items()
    }
    rivals = tuple(_as_dictated(rival, dictated, text) for rival in reading.rivals)
    return replace(reading, values=values, rivals=rivals)


def as_written(words: str, text: str) -> str:
    """The stretch of the text that has these words, as it stands there; the words themselves when it has none."""
    wanted = tuple(normalised(words))
    tokens = [token for token in tokenize(text) if token.text not in (",", ".")]
    for at in range(len(tokens) - len(wanted) + 1):
        if wanted and tuple(token.text for token in tokens[at : at + len(wanted)]) == wanted:
            return text[tokens[at].start : tokens[at + len(wanted) - 1].end]
    return words


def _reading(intent: tuple[str, dict[str, Value], str], rated: _Rated, rivals: tuple[Reading, ...] = ()) -> Reading:
    tool, values, words = intent
    margin = min((rival.distance - rated.distance for rival in rivals), default=1.0)
    return Reading(
        tool=tool, values=dict(values), text=words, distance=rated.distance, margin=max(0.0, margin), rivals=rivals
    )
