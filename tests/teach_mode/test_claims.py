"""What still says the same, and what only looks as if it did."""

from __future__ import annotations

import pytest

from browser.fingerprint import Fingerprint
from teach_mode.claims import same_claim, says_still
from teach_mode.once import says_nothing
from teach_mode.skill import Confirm

SAME = (
    ("Cart 0", "Basket (0)"),
    ("Your cart is empty.", "Your basket is empty"),
    ("Booking confirmed", "Reservation confirmed"),
    ("Message sent", "Text sent"),
)
OTHER = (
    ("Cart 0", "Basket (2)"),
    ("Your order is placed", "Your order is not placed"),
    ("Order placed", "Order failed"),
    ("Booking confirmed", "Booking cancelled"),
    ("In stock", "Out of stock"),
    ("Sent", "Not sent"),
    ("Available", "Unavailable"),
    ("Signed in", "Signed out"),
    ("Your return was accepted", "Your return wasn't accepted"),
)


@pytest.mark.parametrize(("taught", "said"), SAME)
def test_the_same_claim_in_other_words_is_the_same_also_strictly(taught: str, said: str) -> None:
    assert same_claim(taught, said) and same_claim(taught, said, strictly=True)


@pytest.mark.parametrize(("taught", "said"), OTHER)
def test_another_number_or_a_contrary_is_never_the_same_claim(taught: str, said: str) -> None:
    assert not same_claim(taught, said) and not same_claim(said, taught)


def test_a_word_more_is_the_same_claim_but_not_strictly() -> None:
    assert same_claim("Thank you for your order", "Thanks for your order")
    assert not same_claim("Order placed", "Order placed soon", strictly=True)


def test_what_has_no_words_claims_nothing_strictly_and_its_own_number_otherwise() -> None:
    taught = Fingerprint(role="status", text="0")
    assert not says_still(taught, Fingerprint(text="0"), strictly=True)
    assert says_still(taught, Fingerprint(text="0"), strictly=False)
    assert not says_still(taught, Fingerprint(text="3"), strictly=False)
    assert says_still(taught, Fingerprint(text="3"), strictly=False, numbers=False)


@pytest.mark.parametrize(("text", "says"), [("A-2207", False), ("12 or 14", False), ("17", True), ("EUR 17.50", True)])
def test_an_amount_is_one_number_and_no_code(text: str, says: bool) -> None:
    total = Confirm(name="total", title="Total", locators=(), kind="amount")
    assert says_nothing(total, text) is not says
