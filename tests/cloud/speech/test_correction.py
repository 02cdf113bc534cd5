from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.lam.toolbox import Phrase, Phrasebook
from cloud.speech.correction import PhoneticCorrector, understood
from cloud.speech.phonetics import distance
from cloud.speech.writing import spellings
from language.entities import Choice, Slot

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
DURATION = Slot(name="duration", kind="duration", least=1, most=86_400)
PEOPLE = Slot(name="people", kind="integer", least=1, most=10)
WHEN = Slot(name="when", kind="when")
SIZE = Slot(name="size", kind="choice", choices=(Choice("small"), Choice("medium"), Choice("large")))
KIND = Slot(name="kind", kind="choice", choices=(Choice("margherita"), Choice("pepperoni"), Choice("funghi")))
TEXT = Slot(name="text", kind="text")


def phrases(tool: str, slots: tuple[Slot, ...], *templates: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(tool=tool, template=template, slots=slots) for template in templates)


BOOK = Phrasebook(
    version=1,
    phrases=(
        *phrases("set_timer", (DURATION,), "(set|start) a timer for {duration}"),
        *phrases("book_table", (PEOPLE, WHEN), "book [me] a table for {people} [at] {when}", "book a table"),
        *phrases("order_pizza", (SIZE, KIND), "order a [{size}] {kind} pizza"),
        *phrases("take_note", (TEXT,), "take a note {text}"),
        *phrases("time", (), "what time is it"),
    ),
)


@pytest.fixture(scope="module")
def corrector() -> PhoneticCorrector:
    return PhoneticCorrector()


@pytest.mark.parametrize(
    ("heard", "tool", "values"),
    [
        ("Set a timer for 15 minutes.", "set_timer", {"duration": 900}),
        ("Said a timer four twelve minute", "set_timer", {"duration": 720}),
        ("Book me a table for two at seven tonight.", "book_table", {"people": 2, "when": "2026-11-23T19:00"}),
        ("Order a large pepper only pizza.", "order_pizza", {"size": "large", "kind": "pepperoni"}),
        ("What time is it?", "time", {}),
        ("book a table", "book_table", {}),
    ],
)
def test_what_sounds_like_a_command_is_that_command(
    corrector: PhoneticCorrector, heard: str, tool: str, values: dict[str, object]
) -> None:
    decided = corrector.correct(heard, (), BOOK, NOW, spoken=True)
    assert decided.decision == "accept"
    assert [(reading.tool, reading.values) for reading in decided.readings] == [(tool, values)]


@pytest.mark.parametrize(
    "heard",
    [
        "My sister moved to Portland last summer.",
        "We waited almost an hour for a table.",
        "Where did you buy that jacket?",
        "He took a boat to the island.",
        "...",
        "",
    ],
)
def test_everyday_sentences_are_refused(corrector: PhoneticCorrector, heard: str) -> None:
    assert corrector.correct(heard, (), BOOK, NOW, spoken=True).decision == "refuse"


def test_two_intents_in_one_sentence_are_two_readings(corrector: PhoneticCorrector) -> None:
    decided = corrector.correct(
        "Order a large pepperoni pizza, and set a timer for twenty minutes.", (), BOOK, NOW, spoken=True
    )
    assert [(reading.tool, reading.values) for reading in decided.readings] == [
        ("order_pizza", {"size": "large", "kind": "pepperoni"}),
        ("set_timer", {"duration": 1200}),
    ]


def test_two_intents_badly_heard_are_still_two(corrector: PhoneticCorrector) -> None:
    candidates = corrector.candidates(["Or the large pepperoni pieces and sat a time for twenty minutes"], BOOK, NOW)
    assert [intent.tool for intent in candidates[0].intents] == ["order_pizza", "set_timer"]


def test_values_that_stand_close_are_asked_back(corrector: PhoneticCorrector) -> None:
    decided = corrector.correct("Set a timer for fiftin minutes", (), BOOK, NOW, spoken=True)
    assert decided.decision == "ask"
    (reading,) = decided.readings
    values = [each.values["duration"] for each in (reading, *reading.rivals)]
    assert 900 in values
    assert len(values) in (2, 3)


def test_typed_words_are_taken_as_they_are_spelled(corrector: PhoneticCorrector) -> None:
    decided = corrector.correct("set a timer for fifty minutes", (), BOOK, NOW, spoken=False)
    assert decided.decision == "accept"
    assert (decided.readings[0].values, decided.readings[0].distance) == ({"duration": 3000}, 0.0)


def test_an_open_slot_keeps_the_words_and_is_judged_by_its_template(corrector: PhoneticCorrector) -> None:
    taken = corrector.correct("Take a note buy milk and eggs.", (), BOOK, NOW, spoken=True)
    assert (taken.readings[0].tool, taken.readings[0].values) == ("take_note", {"text": "buy milk and eggs"})
    assert corrector.correct("Make a boat of milk and eggs.", (), BOOK, NOW, spoken=True).decision == "refuse"


def test_dictation_keeps_its_capitals_and_stops(corrector: PhoneticCorrector) -> None:
    taken = corrector.correct("Take a note Call Anna, then Bob.", (), BOOK, NOW, spoken=True)
    assert taken.readings[0].values == {"text": "Call Anna, then Bob"}


def test_a_very_long_dictation_is_taken_whole(corrector: PhoneticCorrector) -> None:
    words = "the meeting went better than expected and " * 12 + "that is all"
    taken = corrector.correct(f"Take a note {words}", (), BOOK, NOW, spoken=True)
    assert [(reading.tool, reading.values) for reading in taken.readings] == [("take_note", {"text": words})]
    assert corrector.correct(words, (), BOOK, NOW, spoken=True).decision == "refuse"


def test_the_likelier_of_two_sentences_wins_over_the_nearer_sound(corrector: PhoneticCorrector) -> None:
    heard = "Set a timer for fifty minute."
    weights = ((heard, -4.0), ("set a timer for fifteen minutes", -4.5), ("set a timer for fifty minutes", -20.0))
    decided = corrector.correct(heard, weights, BOOK, NOW, spoken=True)
    assert decided.decision == "accept"
    assert decided.readings[0].values == {"duration": 900}


def test_what_was_heard_word_for_word_is_no_less_likely_for_its_spelling(corrector: PhoneticCorrector) -> None:
    heard = "Order a Pepperoni pizza."
    weights = ((heard, -1.0), ("order a pepperoni pizza", -9.0), ("order a funghi pizza", -22.0))
    assert corrector.correct(heard, weights, BOOK, NOW, spoken=True).decision == "accept"


def test_sentences_that_are_equally_likely_are_asked_back(corrector: PhoneticCorrector) -> None:
    heard = "Set a timer for fifth in minutes."
    weights = ((heard, -4.0), ("set a timer for fifteen minutes", -5.0), ("set a timer for fifty minutes", -5.5))
    decided = corrector.correct(heard, weights, BOOK, NOW, spoken=True)
    assert decided.decision == "ask"
    (reading,) = decided.readings
    assert [each.values["duration"] for each in (reading, *reading.rivals)] == [900, 3000]


def test_a_sentence_much_less_likely_than_what_was_heard_is_refused(corrector: PhoneticCorrector) -> None:
    heard = "The tide comes in at six."
    weights = ((heard, -1.0), ("what time is it", -25.0))
    assert corrector.correct(heard, weights, BOOK, NOW, spoken=True).decision == "refuse"


def test_a_sentence_that_no_template_says_is_not_understood() -> None:
    assert understood("set a timer for fifteen bananas", BOOK, NOW) is None
    found = understood("what time is it and then book a table", BOOK, NOW)
    assert found is not None
    assert [tool for tool, _, _ in found.intents] == ["time", "book_table"]


@given(st.text(max_size=60))
@settings(max_examples=25)
def test_no_text_breaks_it(text: str) -> None:
    assert CORRECTOR.correct(text, (), BOOK, NOW, spoken=True).decision in ("accept", "ask", "refuse")


CORRECTOR = PhoneticCorrector()
WORDS = st.lists(st.sampled_from(["set", "a", "timer", "for", "two", "ten", "pizza", "minutes"]), max_size=6).map(
    " ".join
)


@given(WORDS, WORDS)
def test_distance_is_none_to_itself_and_the_same_both_ways(first: str, second: str) -> None:
    assert distance(first, first) == 0
    assert distance(first, second) == pytest.approx(distance(second, first))


def test_sentences_are_spelled_as_engines_write_them() -> None:
    assert spellings("set an alarm for seven ten a m on friday") == (
        "Set an alarm for 7:10 a.m. on Friday.",
        "Set an alarm for seven ten am on Friday.",
    )
    assert spellings("what time is it") == ("What time is it?",)
