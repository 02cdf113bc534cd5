from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.past import parse_past, parse_span

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("today", "2026-11-23/2026-11-23"),
        ("yesterday", "2026-11-22/2026-11-22"),
        ("the day before yesterday", "2026-11-21/2026-11-21"),
        ("last tuesday", "2026-11-17/2026-11-17"),
        ("on Friday", "2026-11-20/2026-11-20"),
        ("monday", "2026-11-16/2026-11-16"),
        ("three days ago", "2026-11-20/2026-11-20"),
        ("a week ago", "2026-11-16/2026-11-16"),
        ("last week", "2026-11-16/2026-11-22"),
        ("this week", "2026-11-23/2026-11-23"),
        ("last month", "2026-10-01/2026-10-31"),
        ("last year", "2025-01-01/2025-12-31"),
        ("in March", "2026-03-01/2026-03-31"),
        ("in December", "2025-12-01/2025-12-31"),
        ("the third of march", "2026-03-03/2026-03-03"),
        ("December 24th", "2025-12-24/2025-12-24"),
        ("christmas", "2025-12-25/2025-12-25"),
        ("2026-10-01", "2026-10-01/2026-10-01"),
    ],
)
def test_days_gone_by_are_understood(words: str, span: str) -> None:
    found = parse_past(words, MONDAY)
    assert found is not None
    assert found.iso == span
    assert parse_span(span) == found


NO_DAYS = ("", "tomorrow", "in three days", "next week", "my cat", "2030-01-01", "yesterday evening we")


@pytest.mark.parametrize("words", NO_DAYS)
def test_what_is_no_day_gone_by_is_none(words: str) -> None:
    assert parse_past(words, MONDAY) is None


@given(st.text(max_size=40), st.dates())
def test_any_text_is_a_day_gone_by_or_none(text: str, today: date) -> None:
    span = parse_past(text, today)
    assert span is None or span.first <= span.last
    assert span is None or span.first <= today
