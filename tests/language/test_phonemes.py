from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.errors import UnknownPhoneme
from language.phonemes import (
    DELETION,
    GROUP,
    INDEX,
    INSERTION,
    OTHER,
    PHONEMES,
    VOWEL,
    distance,
    normalised_distance,
    split_ipa,
    substitution_cost,
    substitution_table,
)

rows = st.lists(st.sampled_from(PHONEMES), max_size=12).map(tuple)


def test_ipa_as_espeak_writes_it_is_split() -> None:
    assert split_ipa("sˈɛvən tənˈaɪt") == ("s", "ɛ", "v", "ə", "n", "t", "ə", "n", "aɪ", "t")
    assert split_ipa("tʃˈɛɹ, bˈʌʔn̩ kwˈɔːɹɾɚ") == ("tʃ", "ɛ", "ɹ", "b", "ʌ", "ʔ", "n", "k", "w", "ɔː", "ɹ", "ɾ", "ɚ")


@given(st.text())
def test_any_text_splits_into_known_sounds(text: str) -> None:
    assert all(sound in INDEX for sound in split_ipa(text))


@given(rows)
def test_a_row_of_sounds_written_together_splits_into_sounds_as_long(row: tuple[str, ...]) -> None:
    assert "".join(split_ipa("".join(row))) == "".join(row)


def test_the_measured_weights_stand() -> None:
    assert substitution_cost("ɛ", "ɑː") == VOWEL == 0.4
    assert substitution_cost("s", "f") == GROUP == 0.35
    assert substitution_cost("s", "ɛ") == OTHER == 1.0
    assert distance(("s",), ()) == DELETION == 0.8
    assert distance((), ("s",)) == INSERTION == 0.8


def test_the_table_is_square_symmetric_and_nought_on_its_diagonal() -> None:
    table = substitution_table()
    assert len(table) == len(PHONEMES) == len(set(PHONEMES))
    for row, costs in enumerate(table):
        assert costs[row] == 0.0
        assert costs == tuple(other[row] for other in table)


@given(rows, rows)
def test_distance_is_symmetric_and_normalised_to_one(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert 0.0 <= normalised_distance(one, other) <= 1.0
    assert (normalised_distance(one, other) == 0.0) == (one == other)


def test_near_words_lie_nearer_than_far_ones() -> None:
    seven, heaven, twenty = split_ipa("sˈɛvən"), split_ipa("hˈɛvən"), split_ipa("twˈɛnti")
    assert normalised_distance(seven, heaven) < 0.1 < normalised_distance(seven, twenty)


def test_an_unknown_sound_is_refused_with_its_name() -> None:
    with pytest.raises(UnknownPhoneme, match="split_ipa"):
        substitution_cost("q", "s")
    with pytest.raises(UnknownPhoneme, match="'q'"):
        distance(("q",), ("s",))
