from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.tokens import tokenize


@given(st.text())
def test_tokens_stand_where_they_say_in_order(text: str) -> None:
    tokens = tokenize(text)
    ends = [0, *(token.end for token in tokens)]
    for token, before in zip(tokens, ends, strict=False):
        assert before <= token.start < token.end <= len(text)
        assert token.text


@pytest.mark.parametrize("words", ["7 p.m.", "7 p m", "7pm", "7 PM", "7 p. m."])
def test_every_way_of_writing_p_m_is_one_token(words: str) -> None:
    assert [token.text for token in tokenize(words)] == ["7", "pm"]


def test_hyphens_part_words_and_apostrophes_do_not() -> None:
    assert [token.text for token in tokenize("Twenty-five o’clock")] == ["twenty", "five", "o'clock"]


@pytest.mark.parametrize("text", ["14.50", "1,000", "6:30", "2026-11-23", "23rd", "12/24", "2026-11-23T19:00"])
def test_a_figure_stays_whole(text: str) -> None:
    assert len(tokenize(f"at {text}.")) == 3


def test_i_am_is_no_half_of_the_day_of_its_own_letters() -> None:
    assert [token.kind for token in tokenize("spam a mall")] == ["word", "word", "word"]
