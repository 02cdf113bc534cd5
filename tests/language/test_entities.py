from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.entities import Choice, Entity, Slot, SlotKind, Value, read, recognise, say, spoken_forms, spoken_grammar
from language.errors import UnsayableValue

NOW = datetime(2026, 11, 23, 14, 3, 40)  # a Monday afternoon

SIZE = Slot(name="size", kind="choice", choices=(Choice("small", ("little",)), Choice("L", ("large", "big"))))
TOPPINGS = Slot(
    name="toppings",
    kind="choice",
    choices=(Choice("ham"), Choice("cheese"), Choice("ham and cheese"), Choice("red_onion", ("onions",))),
    many=True,
)
PEOPLE = Slot(name="people", kind="integer", least=1, most=8)
TABLE = Slot(name="when", kind="when", least=18, most=21)
CLOSED = (
    SIZE,
    TOPPINGS,
    Slot(name="two", kind="choice", choices=TOPPINGS.choices, many=True, least=2, most=2),
    PEOPLE,
    Slot(name="count", kind="integer", least=0, most=5000),
    Slot(name="floor", kind="ordinal", least=1, most=40),
    Slot(name="weight", kind="number", least=0.5, most=20),
    Slot(name="day", kind="date"),
    Slot(name="clock", kind="time"),
    Slot(name="dinner", kind="time", least=18, most=21.5),
    Slot(name="moment", kind="when"),
    TABLE,
    Slot(name="timer", kind="duration", least=10, most=7200),
    Slot(name="length", kind="duration"),
    Slot(name="cap", kind="amount", least=5, most=60),
    Slot(name="tip", kind="amount"),
    Slot(name="friend", kind="name", choices=(Choice("Ann-Marie"), Choice("Bob", ("Bobby",)))),
    Slot(name="days", kind="date", many=True, most=3),
)
slots = st.sampled_from(CLOSED)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31))


def one(kind: SlotKind, **more: object) -> Slot:
    return Slot(name=kind, kind=kind, **more)  # type: ignore[arg-type]


@given(st.data(), slots, moments)
def test_every_sentence_of_the_grammar_reads_as_one_value_that_can_be_said(
    data: st.DataObject, slot: Slot, now: datetime
) -> None:
    path = data.draw(st.sampled_from(spoken_grammar(slot, now)))
    sentence = " ".join(data.draw(st.sampled_from(place)).text for place in path)
    value = read(slot, sentence, now)
    assert value is not None, sentence
    assert read(slot, say(slot, value, now), now) == value, sentence


@pytest.mark.parametrize("slot", CLOSED, ids=lambda slot: slot.name)
def test_every_spoken_form_means_its_value(slot: Slot) -> None:
    forms = spoken_forms(slot, NOW)
    assert forms
    assert len({form.text for form in forms}) == len(forms)
    single = Slot(name=slot.name, kind=slot.kind, choices=slot.choices) if slot.many else slot
    for form in islice(forms, 0, None, 1 + len(forms) // 300):
        assert form.value is not None
        assert read(single, form.text, NOW) == form.value


def test_an_open_slot_has_no_forms() -> None:
    assert spoken_forms(one("text"), NOW) == ()
    assert spoken_grammar(one("text"), NOW) == ()


def values_of(kind: SlotKind) -> st.SearchStrategy[Value]:
    table: dict[str, st.SearchStrategy[Value]] = {
        "integer": st.integers(-1000, 10**6),
        "ordinal": st.integers(0, 5000),
        "number": st.integers(0, 10**6).map(lambda value: value / 100),
        "date": st.dates(NOW.date(), datetime(2040, 1, 1).date()).map(lambda day: day.isoformat()),
        "time": st.times().map(lambda moment: f"{moment:%H:%M}"),
        "when": st.datetimes(NOW, datetime(2040, 1, 1)).map(lambda moment: moment.isoformat(timespec="minutes")),
        "duration": st.integers(0, 10**6),
        "amount": st.decimals(min_value=0, max_value=5000, places=2).map(lambda amount: f"{amount:.2f}"),
    }
    return table[kind]


@pytest.mark.parametrize("kind", ["integer", "ordinal", "number", "date", "time", "when", "duration", "amount"])
@given(data=st.data())
def test_every_value_said_is_read_back(data: st.DataObject, kind: SlotKind) -> None:
    slot = one(kind)
    value = data.draw(values_of(kind))
    assert read(slot, say(slot, value, NOW), NOW) == value


@given(st.lists(st.sampled_from([choice.value for choice in TOPPINGS.choices]), max_size=5).map(tuple))
def test_every_list_said_is_read_back(value: tuple[str, ...]) -> None:
    assert read(TOPPINGS, say(TOPPINGS, value, NOW), NOW) == value


def sentences() -> Iterator[tuple[Slot, str, Value | None]]:
    yield from product([SIZE], ["large", "a large", "Large.", "big please", "um, large"], ["L"])
    yield SIZE, "enormous", None
    yield from product([PEOPLE], ["for 2", "two", "two people", "just two of us", "for two please", "2"], [2])
    yield PEOPLE, "nine", None
    yield PEOPLE, "two at seven", None
    yield PEOPLE, "two and a half", None
    yield TABLE, "tonight at seven", "2026-11-23T19:00"
    yield TABLE, "on saturday at eight", "2026-11-28T20:00"
    yield TABLE, "saturday", None
    yield TABLE, "saturday evening", None
    yield TABLE, "saturday at noon", None
    yield one("time"), "at half past six", "18:30"
    yield one("time"), "7 p.m.", "19:00"
    yield one("date"), "on Saturday", "2026-11-28"
    yield one("date"), "saturday at eight", None
    yield one("duration"), "for 15 mins", 900
    yield one("duration", most=600), "an hour", None
    yield one("ordinal"), "the second one", 2
    yield one("number"), "three point five", 3.5
    yield one("amount"), "fourteen fifty", "14.50"
    yield one("amount", most=10), "$14.50", None
    yield one("text"), "  buy milk, and bread. ", "buy milk, and bread"
    yield one("text"), " ", None
    yield one("name", choices=(Choice("Bob", ("Bobby",)),)), "bobby", "Bob"
    yield one("name"), "Zoë", "Zoë"


@pytest.mark.parametrize(("slot", "text", "value"), list(sentences()), ids=lambda each: str(each)[:24])
def test_answers_as_people_give_them(slot: Slot, text: str, value: Value | None) -> None:
    assert read(slot, text, NOW) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ham and onions", ("ham", "red_onion")),
        ("ham, cheese and red onion please", ("ham", "cheese", "red_onion")),
        ("ham and cheese", ("ham and cheese",)),
        ("ham and cheese and ham", ("ham and cheese", "ham")),
        ("with ham plus onions", ("ham", "red_onion")),
        ("nothing", ()),
        ("ham and gravel", None),
        ("", None),
    ],
)
def test_lists_as_people_say_them(text: str, value: tuple[str, ...] | None) -> None:
    assert read(TOPPINGS, text, NOW) == value


def test_the_length_of_a_list_is_bounded() -> None:
    two = Slot(name="two", kind="choice", choices=TOPPINGS.choices, many=True, least=2, most=2)
    assert read(two, "ham", NOW) is None
    assert read(two, "ham and cheese", NOW) == ("ham", "cheese")
    assert read(two, "ham, ham and ham", NOW) is None
    assert read(two, "none", NOW) is None


def test_values_are_found_in_a_sentence_with_their_places() -> None:
    text = "book a table for two people at seven tonight for twenty minutes, at most $30"
    assert recognise(PEOPLE, text, NOW) == [Entity(2, 17, 20, "two")]
    assert [each.text for each in recognise(TABLE, text, NOW)] == ["seven tonight"]
    assert [each.value for each in recognise(one("duration"), text, NOW)] == [1200]
    assert [each.value for each in recognise(one("amount"), text, NOW)] == ["30.00"]
    assert recognise(one("text"), text, NOW) == []


def test_an_early_moment_is_found_as_the_morning() -> None:
    found = recognise(one("when", early=True), "wake me at seven and not later", NOW)
    assert [each.value for each in found] == ["2026-11-24T07:00"]


def test_choices_are_found_the_longest_first_and_lists_together() -> None:
    text = "a large pizza with ham and cheese, onions and a small one with ham"
    assert [each.value for each in recognise(SIZE, text, NOW)] == ["L", "small"]
    found = recognise(TOPPINGS, text, NOW)
    assert [each.value for each in found] == [("ham and cheese", "red_onion"), ("ham",)]
    assert found[0].text == "ham and cheese, onions"


def test_numbers_and_words_name_the_same_choice() -> None:
    slot = one("choice", choices=(Choice("12 inch"), Choice("size_two")))
    assert read(slot, "a twelve inch", NOW) == "12 inch"
    assert read(slot, "size 2", NOW) == "size_two"


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        (SIZE, "huge"),
        (SIZE, ("small",)),
        (SIZE, 3),
        (PEOPLE, "two"),
        (PEOPLE, True),
        (PEOPLE, 2.5),
        (one("date"), "someday"),
        (one("when"), "2026-11-23 at seven"),
        (one("amount"), "lots"),
        (one("integer", many=True), ("x",)),
    ],
)
def test_a_value_of_another_kind_has_no_words(slot: Slot, value: Value) -> None:
    with pytest.raises(UnsayableValue):
        say(slot, value, NOW)


def test_values_sound_natural() -> None:
    assert say(SIZE, "L", NOW) == "large"
    assert say(TOPPINGS, ("ham", "red_onion"), NOW) == "ham and red onion"
    assert say(TABLE, "2026-11-23T19:00", NOW) == "seven tonight"
    assert say(one("amount"), "14.50", NOW) == "fourteen fifty"
    assert say(one("duration"), 1200, NOW) == "twenty minutes"
