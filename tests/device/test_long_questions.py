"""What is agreed to was on the screen, all of it."""

from __future__ import annotations

import pytest

from device.answering import DRAWN_MS, whole_ms
from device.assistant import step
from device.cards import asked_count
from device.effects import Tell
from device.inputs import FromLink
from device.modes import LEAF_MS
from device.settings import Settings
from device.state import Asked, State
from device.view import Confirm, face_of
from tests.device.test_menu import Hand
from wire.messages import Answer, Ask
from wire.parts import Row

ROWS = tuple(Row(f"What the form sends, number {at}", f"Elm Street {at}, at the back door", "site") for at in range(6))


def asked(rows: tuple[Row, ...], kind: str = "confirm") -> Hand:
    ask = Ask(number=1, ask="q", kind=kind, text="Send it?", rows=rows, digest="d", expires_at_ms=0)  # type: ignore[arg-type]
    hand = Hand(State(online=True, settings=Settings()))
    hand.state, _ = step(hand.state, FromLink(ask), hand.now_ms)
    return hand


def answers(hand: Hand) -> list[str]:
    told = [one.message for one in hand.effects if isinstance(one, Tell)]
    return [message.answer for message in told if isinstance(message, Answer)]


def body_of(hand: Hand) -> Confirm:
    body = face_of(hand.state, hand.now_ms, clock="14:05", date="d").body
    assert isinstance(body, Confirm)
    return body


def whole_of(hand: Hand) -> int:
    return whole_ms(hand.state.asks[0], hand.state.settings)


def test_a_yes_counts_only_when_the_last_leaf_has_been_shown() -> None:
    hand = asked(ROWS)
    needed_ms = whole_of(hand)
    assert needed_ms >= DRAWN_MS + LEAF_MS
    hand.now_ms += needed_ms - 500
    assert not body_of(hand).whole and body_of(hand).ready
    hand.click(2)
    assert not answers(hand) and hand.state.asks
    hand.now_ms += 500
    assert body_of(hand).whole
    hand.click(2)
    assert answers(hand) == ["yes"]


def test_a_no_need_not_wait_for_the_last_leaf() -> None:
    hand = asked(ROWS)
    hand.now_ms += DRAWN_MS
    hand.click()
    assert answers(hand) == ["no"]


def test_a_usual_order_is_seen_at_once() -> None:
    told = (("Item", "Large Pepperoni", "site"), ("Pieces", "1 ×", "site"), ("Total", "14.50", "site"))
    rows = (*(Row(*one) for one in told), Row("To", "Elm Street 5", "you"))
    text = "Large Pepperoni, the site says 14.50, to Elm Street 5. Order it?"
    assert asked_count(text, rows, Settings()) == 1
    assert asked_count(text, rows, Settings(text="large")) == 2


def test_a_question_on_one_leaf_is_agreed_to_as_ever() -> None:
    hand = asked(ROWS[:1])
    assert whole_of(hand) == DRAWN_MS
    hand.now_ms += DRAWN_MS
    hand.click(2)
    assert answers(hand) == ["yes"]


@pytest.mark.parametrize("kind", ["choice", "slot"])
def test_other_questions_do_not_wait(kind: str) -> None:
    assert whole_of(asked(ROWS, kind)) == DRAWN_MS


def test_with_large_type_there_is_more_to_wait_for() -> None:
    hand = asked(ROWS)
    large: Asked = hand.state.asks[0]
    assert whole_ms(large, Settings(text="large")) > whole_ms(large, Settings())
