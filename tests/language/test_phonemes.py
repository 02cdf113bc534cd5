from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.errors import UnknownPhoneme
from language.phonemes import DROP, INDEX, PHONEMES, SUBSTITUTE, distance, normalised_distance, split_ipa

rows = st.lists(st.sampled_from(range(len(PHONEMES))), max_size=12).map(tuple)


def named(ipa: str) -> tuple[str, ...]:
    return tuple(PHONEMES[index] for index in split_ipa(ipa))


def cost(one: str, other: str) -> float:
    return SUBSTITUTE[INDEX[one]][INDEX[other]]


def test_ipa_as_espeak_writes_it_is_split() -> None:
    assert named("sˈɛvən tənˈaɪt") == ("s", "ɛ", "v", "ə", "n", "t", "ə", "n", "aɪ", "t")
    assert named("tʃˈɛɹ, bˈʌʔn̩ kwˈɔːɹɾɚ") == ("tʃ", "ɛ", "ɹ", "b", "ʌ", "ʔ", "n", "k", "w", "ɔ", "ɹ", "ɾ", "ɚ")


@given(st.text())
def test_any_text_splits_into_known_sounds(text: str) -> None:
    assert all(0 <= sound < len(PHONEMES) for sound in split_ipa(text))


@given(rows)
def test_a_row_of_sounds_written_together_splits_into_sounds_as_long(row: tuple[int, ...]) -> None:
    written = "".join(PHONEMES[index] for index in row)
    assert "".join(named(written)) == written


def test_sounds_that_are_said_alike_cost_least() -> None:
    assert cost("p", "b") < cost("p", "k") < cost("p", "m") < cost("p", "ɛ")
    assert cost("ɪ", "i") < cost("ɪ", "ɑ") < cost("ɪ", "s")
    assert DROP[INDEX["ə"]] < DROP[INDEX["t"]] < DROP[INDEX["s"]]


def test_the_table_is_square_symmetric_and_nought_on_its_diagonal() -> None:
    assert len(SUBSTITUTE) == len(PHONEMES) == len(set(PHONEMES))
    for row, costs in enumerate(SUBSTITUTE):
        assert costs[row] == 0.0
        assert costs == tuple(other[row] for other in SUBSTITUTE)


@given(rows, rows)
def test_distance_is_symmetric_and_nought_only_for_the_same(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert (normalised_distance(one, other) == 0.0) == (one == other)


def test_near_words_lie_nearer_than_far_ones() -> None:
    seven, heaven, twenty = split_ipa("sˈɛvən"), split_ipa("hˈɛvən"), split_ipa("twˈɛnti")
    assert normalised_distance(seven, heaven) < 0.1 < normalised_distance(seven, twenty)


def test_an_unknown_sound_is_refused() -> None:
    with pytest.raises(UnknownPhoneme, match="split_ipa"):
        distance((len(PHONEMES),), (0,))
