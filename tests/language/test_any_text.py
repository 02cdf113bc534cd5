"""No text whatever makes a reader fail: what recognisers and people write is not ours to choose."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from language.amounts import find_money, find_quantities, parse_money, parse_quantity
from language.choices import choice_named, choices_in
from language.dates import find_dates, find_times, find_whens, parse_date, parse_time, parse_when, say_when
from language.durations import find_durations, parse_duration, say_duration
from language.entities import Choice, Slot, SlotKind, read, recognise, say
from language.numbers import find_numbers, find_ordinals, parse_number, parse_ordinal, say_number
from language.similarity import label_similarity, stems_of
from language.synonyms import is_stop, same_meaning, yes_or_no

_WORDS = (
    "zero one two five twelve thirteen twenty forty hundred thousand million a an the half quarter "
    "quarters point and past to oh o'clock o clock pm p.m. am noon midnight morning afternoon evening "
    "night tonight today tomorrow this next coming week monday sat sun november may of on at by in from "
    "now day after before days weeks month minutes mins hour hours seconds h 1 2 7 19 30 45 1930 99 6:30 "
    "25:61 6.30 14,50 1,000 2026 2026-11-23 2026-99-99 31/12 0/0 1/2 ½ 23rd 0th first second third "
    "thirty-first $ € dollars cents 20p fifty kilos dozen couple minus - , . ? & year christmas eve large "
    "ham cheese please um 99999999999999999999 next ninth 29 february "
)

texts = st.one_of(st.text(), st.lists(st.sampled_from(_WORDS.split()), max_size=9).map(" ".join))
moments = st.datetimes(datetime(2, 1, 1))
slots = st.builds(
    Slot,
    name=st.just("slot"),
    kind=st.sampled_from(get_args(SlotKind)),
    choices=st.just((Choice("ham"), Choice("large", ("big one",)), Choice("ham and cheese"))),
    least=st.none() | st.integers(-3, 30),
    most=st.none() | st.integers(-3, 30),
    many=st.booleans(),
)


@given(texts)
def test_numbers_durations_and_amounts_are_read_from_any_text(text: str) -> None:
    number, seconds = parse_number(text), parse_duration(text)
    assert number is None or say_number(number)
    assert seconds is None or say_duration(seconds)
    parse_ordinal(text), parse_money(text), parse_quantity(text)
    for found in (
        find_numbers(text),
        find_ordinals(text),
        find_durations(text),
        find_money(text),
        find_quantities(text),
    ):
        places = [(each.start, each.end) for each in found]
        assert places == sorted(places)
        assert all(0 <= start < end <= len(text) for start, end in places)


@given(texts, moments)
def test_moments_are_read_from_any_text_at_any_time(text: str, now: datetime) -> None:
    when = parse_when(text, now)
    assert when is None or say_when(when, now)
    parse_date(text, now), parse_time(text, now)
    for found in (find_whens(text, now), find_dates(text, now), find_times(text, now)):
        assert all(0 <= each.start < each.end <= len(text) for each in found)


@given(slots, texts, moments)
def test_slots_are_read_from_any_text_and_what_was_read_can_be_said(slot: Slot, text: str, now: datetime) -> None:
    value = read(slot, text, now)
    assert value is None or isinstance(say(slot, value, now), str)
    for entity in recognise(slot, text, now):
        assert entity.text == text[entity.start : entity.end]
        assert isinstance(say(slot, entity.value, now), str)


@given(texts, texts)
def test_likeness_and_meaning_are_known_of_any_text(one: str, other: str) -> None:
    label_similarity(one, other), stems_of(one), same_meaning(one, other), yes_or_no(one), is_stop(one)
    choices_in((Choice(one), Choice(other)), one + other), choice_named((Choice(one),), other)
