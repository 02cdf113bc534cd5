"""Labels, identifiers and addresses of a redesigned page: what still says the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser.wording import addresses_alike, identifiers_alike, is_made_up, tokens, words_alike

texts = st.text(alphabet="abcdefg XYZ019.-_/#", max_size=30)


@given(texts, texts)
def test_likeness_of_words_is_a_symmetric_fraction(one: str, other: str) -> None:
    assert words_alike(one, other) == pytest.approx(words_alike(other, one))
    assert 0 <= words_alike(one, other) <= 1


@pytest.mark.parametrize(
    "one, other",
    [
        *(("Submit", "Send"), ("Inbox (3)", "Inbox (12)"), ("Preview order", "Preview your order")),
        *(("Log in", "Sign in:"), ("Phone", "Your telephone number")),
    ],
)
def test_the_same_thing_in_other_words_is_alike(one: str, other: str) -> None:
    assert words_alike(one, other) >= 0.8


@pytest.mark.parametrize(
    "one, other",
    [
        ("Row B7", "Row C9"),
        ("Edit", "Delete"),
        ("18:00", "19:00"),
        ("Preview order", "Confirm purchase"),
        ("Save", "Cancel"),
        ("", "Go"),
    ],
)
def test_another_thing_is_not_alike(one: str, other: str) -> None:
    assert words_alike(one, other) <= 0.5


def test_what_a_build_tool_made_up_says_nothing() -> None:
    assert [one for one in ("3f9a1c", "r12", "x7Kq", "42") if not is_made_up(one)] == []
    assert tokens("btn-placeOrder_3f9a1c") == tokens("btn place order")
    assert identifiers_alike(":r3:", ":r7:") is None
    assert identifiers_alike("submit-3f9a1c", "submit-77c0de") == pytest.approx(0.98)


def test_an_address_that_moved_to_another_folder_is_alike_and_no_address_says_nothing() -> None:
    assert (addresses_alike("/docs/v1/intro.html", "/v2/guide/intro.html") or 0) > 0.6
    assert addresses_alike("/about", "/contact") == 0
    assert addresses_alike("#", "/contact") is None and addresses_alike("javascript:void(0)", "/x") is None
