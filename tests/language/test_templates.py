from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.entities import Choice, Slot, read, say
from language.templates import MalformedTemplate, Place, check, draw, fixed_words, match, needed_words, parse, paths

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
PEOPLE = Slot(name="people", kind="integer", least=1, most=8)
SIZE = Slot(name="size", kind="choice", choices=(Choice("small"), Choice("large", ("big",))))
TEXT = Slot(name="text", kind="text")
SLOTS = {slot.name: slot for slot in (PEOPLE, SIZE, TEXT)}
TABLE = "(book|reserve) [me] a table [for {people} [people]] [please]"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("book a table", {}),
        ("Reserve me a table, please!", {}),
        ("book a table for two", {"people": 2}),
        ("book a table for 4 people please", {"people": 4}),
    ],
)
def test_a_sentence_matches_with_its_values(text: str, values: dict[str, int]) -> None:
    assert match(text, parse(TABLE), SLOTS, NOW, read) == values


@pytest.mark.parametrize("text", ["book a table for", "book table", "book a table for nine", "a table", "", "please"])
def test_what_is_not_said_word_for_word_does_not_match(text: str) -> None:
    assert match(text, parse(TABLE), SLOTS, NOW, read) is None


def test_what_is_dictated_keeps_its_case_and_its_marks() -> None:
    said = match("Note: call Dr. McKnight, then Ada!", parse("note {text}"), SLOTS, NOW, read)
    assert said == {"text": "call Dr. McKnight, then Ada"}


def test_a_comma_does_not_end_what_is_dictated_while_another_word_can() -> None:
    slots = {"town": Slot(name="town", kind="text"), "day": Slot(name="day", kind="date")}
    template = parse("go to {town} [[(on|for)] {day}]")
    said = match("go to Cincinnati, OH on the third of december", template, slots, NOW, read)
    assert said == {"town": "Cincinnati, OH", "day": "2026-12-03"}
    assert match("go to Cincinnati, tomorrow", template, slots, NOW, read) is not None


@pytest.mark.parametrize("quotes", ['""', "“”", "''"])
def test_what_is_dictated_in_quotes_is_meant_to_the_letter(quotes: str) -> None:
    said = match(f"note {quotes[0]}Is it done? Yes.{quotes[1]}", parse("note {text}"), SLOTS, NOW, read)
    assert said == {"text": "Is it done? Yes."}


def test_an_apostrophe_or_a_quote_within_what_is_dictated_is_a_mark_like_others() -> None:
    said = match('note call "Dr. No" at the children\'s party.', parse("note {text}"), SLOTS, NOW, read)
    assert said == {"text": 'call "Dr. No" at the children\'s party'}


def test_an_open_slot_takes_all_words_that_are_left() -> None:
    assert match("note that the milk is out", parse("note [down] that {text}"), SLOTS, NOW, read) == {
        "text": "the milk is out"
    }


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "empty"),
        ("book [a table", "not closed with ']'"),
        ("book a) table", "closes nothing"),
        ("book|reserve", "outside of parentheses"),
        ("book {People}", "names no slot"),
        ("Book a table", "no lower-case word"),
        ("book {people", "without its partner"),
        ("book () table", "nothing stands in it"),
    ],
)
def test_a_malformed_template_says_where_and_why(source: str, reason: str) -> None:
    with pytest.raises(MalformedTemplate, match=r"character|empty") as error:
        parse(source)
    assert reason in str(error.value)


def test_a_template_must_fit_its_slots() -> None:
    with pytest.raises(MalformedTemplate, match="'when'"):
        check(parse("book for {when}"), (PEOPLE,))
    with pytest.raises(MalformedTemplate, match="twice"):
        check(parse("from {people} to {people}"), (PEOPLE,))
    with pytest.raises(MalformedTemplate, match="no word"):
        check(parse("[please]"), ())
    check(parse(TABLE), (PEOPLE,))


def test_a_template_with_too_many_ways_is_refused() -> None:
    slots = tuple(Slot(name=letter, kind="integer") for letter in "abcdefghij")
    with pytest.raises(MalformedTemplate, match="split it"):
        check(parse("go " + " ".join(f"[{{{slot.name}}}]" for slot in slots)), slots)


def test_paths_keep_together_what_holds_no_slot() -> None:
    ways = paths(parse(TABLE))
    assert len(ways) == 2
    assert sorted(sum(isinstance(piece, Place) for piece in way) for way in ways) == [0, 1]


def test_words_of_a_template_and_those_that_it_needs() -> None:
    assert fixed_words(parse(TABLE)) == {"book", "reserve", "me", "a", "table", "for", "people", "please"}
    assert needed_words(parse(TABLE)) == {"a", "table"}


def test_words_of_the_persons_own_end_where_the_template_goes_on() -> None:
    slots = {"to": Slot(name="to", kind="text"), "when": Slot(name="when", kind="when")}
    template = parse("ride to {to} [[(on|at)] {when}]")
    assert match("ride to the town library on sunday at ten", template, slots, NOW, read) == {
        "to": "the town library",
        "when": read(slots["when"], "sunday at ten", NOW),
    }


NODES = st.recursive(
    st.sampled_from(["book", "a", "table", "please", "{people}", "{size}"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join).map("[{}]".format),
        st.lists(inner, min_size=2, max_size=3).map("|".join).map("({})".format),
    ),
    max_leaves=6,
)


@given(st.lists(NODES, min_size=1, max_size=4).map(" ".join), st.integers(0, 2**32))
def test_every_drawn_sentence_matches_its_template(source: str, seed: int) -> None:
    template = parse(f"go {source}")
    rng = Random(seed)
    values = {"people": 3, "size": "large"}
    words = draw(template, lambda name: say(SLOTS[name], values[name], NOW), rng)
    found = match(words, template, SLOTS, NOW, read)
    assert found is not None
    assert all(values[name] == value for name, value in found.items())
