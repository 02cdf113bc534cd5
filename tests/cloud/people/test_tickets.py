"""P3: a copied device is noticed, and no power cut makes a copy of one that is alone. By rules alone, then on disk."""

from __future__ import annotations

import itertools
import stat
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cloud.people.tickets import FRESH_S, Known, Tickets, judge


class Card:
    """A device's disk: the ticket on it, and what was given and is not on it yet."""

    def __init__(self, ticket: str = "") -> None:
        self.ticket = ticket
        self.given = ""


class House:
    """The cloud's side, with a clock and fresh tickets."""

    def __init__(self) -> None:
        self.known = Known()
        self.now = 0.0
        self._fresh = itertools.count()

    def join(self, card: Card, boot: str) -> bool:
        """The device is let in; False: it is taken for a copy."""
        judged = judge(self.known, card.ticket, boot, self.now, f"t{next(self._fresh)}")
        if judged is None:
            return False
        self.known, card.given = judged
        return True

    def keep(self, card: Card) -> None:
        """The device has written its ticket down."""
        if card.given:
            card.ticket = card.given

    def told(self, card: Card) -> None:
        """The cloud hears of it."""
        if self.known.offered and card.ticket == self.known.offered:
            self.known = Known(kept=card.ticket, boot=self.known.boot, at=self.known.at)


# Let in; perhaps it writes the ticket down, perhaps the cloud hears of that; perhaps it starts anew; time passes.
STEP = st.tuples(st.booleans(), st.booleans(), st.booleans(), st.sampled_from([0.0, 5.0, FRESH_S]))


@given(st.lists(STEP, max_size=40))
def test_a_device_that_is_alone_is_never_taken_for_a_copy_wherever_its_power_is_cut(
    life: list[tuple[bool, bool, bool, float]],
) -> None:
    house, card, boot = House(), Card(), 0
    for keeps, tells, restarts, passed in life:
        assert house.join(card, f"boot {boot}")
        if keeps:
            house.keep(card)
            if tells:
                house.told(card)
        boot += restarts
        house.now += passed


@given(st.lists(STEP, max_size=10), st.lists(st.booleans(), min_size=12, max_size=30))
def test_a_copy_is_noticed_once_both_have_come_and_gone_a_few_times(
    life: list[tuple[bool, bool, bool, float]], turns: list[bool]
) -> None:
    house, card, boot = House(), Card(), 0
    for keeps, tells, restarts, passed in [*life, (True, True, True, FRESH_S)]:
        house.join(card, f"boot {boot}")
        if keeps:
            house.keep(card)
            if tells:
                house.told(card)
        boot += restarts
        house.now += passed
    cards = {True: card, False: Card(card.ticket)}
    came = dict.fromkeys(cards, 0)
    for turn, which in enumerate(turns):
        if not house.join(cards[which], f"{which} {turn}"):
            return
        came[which] += 1
        house.keep(cards[which])
        house.told(cards[which])
        house.now += FRESH_S
    assert min(came.values()) == 0, "both were let in again and again"


def test_tickets_are_kept_across_a_restart_for_the_clouds_user_alone(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path / "devices", lambda: 1_000.0)
    ticket = tickets.show("hare", "", "b1")
    assert ticket
    tickets.kept("hare", "another")
    tickets.kept("hare", ticket)
    again = Tickets(tmp_path / "devices", lambda: 2_000.0)
    assert again.known("hare").kept == ticket
    assert again.show("hare", "stolen", "b2") is None
    assert again.show("hare", ticket, "b2") not in (None, "", ticket)
    assert stat.S_IMODE((tmp_path / "devices" / "hare.ticket").stat().st_mode) == 0o600
    again.forget("hare")
    assert again.show("hare", "whatever lay there", "b3"), "paired anew: nothing to compare with"
