from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from cloud.lam.toolbox import Phrase, Phrasebook
from cloud.speech.correction import PhoneticCorrector
from cloud.speech.hearing import weigh
from cloud.speech.moonshine import MoonshineSpeech
from cloud.speech.phonetics import distance
from cloud.speech.stt import Evidence
from cloud.speech.tts import EspeakVoice
from language.entities import Slot

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
PEOPLE = Slot(name="people", kind="integer", least=1, most=10)
TABLE = Phrase(tool="book_table", template="book a table for {people}", slots=(PEOPLE,))
BOOK = Phrasebook(version=1, phrases=(TABLE,))
ANSWERS = Phrasebook(version=-7, phrases=(Phrase(tool="answer", template="for {people}", slots=(PEOPLE,)),))


class SoundOf:
    """Evidence of what was really said: a sentence is the likelier the nearer it sounds. `again` hears it right."""

    def __init__(self, said: str, sharpness: float = 150, *, is_quick: bool = False) -> None:
        self.said = said
        self.sharpness = sharpness
        self.is_quick = is_quick
        self.listened_again = 0

    async def weigh(self, sentences: Sequence[str]) -> list[float]:
        return [-self.sharpness * distance(sentence, self.said) for sentence in sentences]

    async def again(self) -> tuple[tuple[str, ...], Evidence]:
        self.listened_again += 1
        return (self.said,), self


async def test_a_clear_sentence_is_weighed_once() -> None:
    evidence = SoundOf("book a table for nine")
    corrector = PhoneticCorrector()
    weights = await weigh("Book a table for nine.", evidence, corrector, (BOOK,), NOW)
    assert weights[0] == ("Book a table for nine.", 0.0)
    assert weights[1][0] == "book a table for nine"
    assert [weight for _, weight in weights[1:]] == sorted((weight for _, weight in weights[1:]), reverse=True)
    assert evidence.listened_again == 0
    assert corrector.correct(weights[0][0], weights, BOOK, NOW, spoken=True).decision == "accept"


@pytest.mark.parametrize("is_quick", [False, True])
async def test_a_doubtful_one_is_listened_to_again_and_then_understood(is_quick: bool) -> None:
    evidence = SoundOf("book a table for nine", sharpness=40, is_quick=is_quick)
    corrector = PhoneticCorrector()
    heard = "Woke up a mobile pharma sign."
    weights = await weigh(heard, evidence, corrector, (BOOK,), NOW)
    assert evidence.listened_again == 1
    decided = corrector.correct(heard, weights, BOOK, NOW, spoken=True)
    assert decided.readings[0].values == {"people": 9}


async def test_what_was_heard_word_for_word_is_held_against_its_nearest_alone() -> None:
    sizes = [f"a table of size {number}" for number in range(30)]
    book = Phrasebook(version=2, phrases=tuple(Phrase(tool="book", template=each, slots=()) for each in sizes))
    weights = await weigh("A table of size 7.", SoundOf("a table of size 7"), PhoneticCorrector(), (book,), NOW)
    assert weights[1][0] == "a table of size 7"
    assert 2 < len(weights) <= 9


async def test_answers_to_a_question_are_weighed_beside_the_toolbox() -> None:
    weights = await weigh("For ten.", SoundOf("for ten"), PhoneticCorrector(), (BOOK, ANSWERS), NOW)
    assert "for ten" in [words for words, _ in weights]
    decided = PhoneticCorrector().correct("For ten.", weights, ANSWERS, NOW, spoken=True)
    assert decided.readings[0].values == {"people": 10}


async def test_the_engine_itself_says_what_was_meant() -> None:
    engine, corrector = MoonshineSpeech(), PhoneticCorrector()
    stream = engine.open("turn")
    voice = EspeakVoice()
    async for chunk in voice.speak("Book a table for nine."):
        stream.feed(chunk)
    await voice.close()
    transcript = await stream.finish()
    assert transcript.evidence is not None
    weights = await weigh(transcript.text, transcript.evidence, corrector, (BOOK,), NOW)
    await engine.close()
    decided = corrector.correct(transcript.text, weights, BOOK, NOW, spoken=True)
    assert decided.readings[0].values == {"people": 9}
