from __future__ import annotations

import pytest

from language.commitments import commits, may_commit

COMMITTING = """Order and pay | Order & Pay | Pay now | Pay 14.50 | Pay €14.50 | Place order | Place your order
Buy now | Confirm booking | Complete purchase | Submit order | Book now | Confirm and pay | ORDER WITH OBLIGATION TO PAY
Zahlungspflichtig bestellen | Jetzt kaufen | Commander avec obligation de paiement | Send money | Delete my account
Order » | Pay | Send | Donate | Book for $1300 | Book this flight for € 543
Submit application | Send invitation | Send your message"""
HARMLESS = """Add to cart | Checkout | Continue to review | Continue | Next month | Choose Pepperoni | Remove | Search
Change details | Back to the menu | Proceed to payment | Payment methods | Pay at the door | Order history | My orders
Book of the week | Send me the newsletter | Reserved seats | Confirm | 19:00 | Cancel order | Track your order
Buy tickets from $20 | Send me the code | Send code again | Submit password | Submit"""


def each(listed: str) -> list[str]:
    return [words.strip() for line in listed.splitlines() for words in line.split("|")]


@pytest.mark.parametrize("words", each(COMMITTING))
def test_a_button_that_commits_is_known_by_its_words(words: str) -> None:
    assert commits(words)


@pytest.mark.parametrize("words", each(HARMLESS))
def test_a_button_on_the_way_is_not_taken_for_one(words: str) -> None:
    assert not commits(words)


def test_a_link_of_one_word_only_leads_to_where_it_is_done() -> None:
    assert commits("Book") and not commits("Book", link=True) and commits("Order now", link=True)


@pytest.mark.parametrize(("words", "may"), [("Order plants", True), ("Book a table", True), ("Add chore", False)])
def test_a_button_that_may_only_lead_on_is_known_for_one(words: str, may: bool) -> None:
    assert (may_commit(words), commits(words)) == (may, False)
