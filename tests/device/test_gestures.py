from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from device.gestures import (
    CHATTER_MS,
    COUNT_MS,
    HOLD_MS,
    Clicked,
    Fingers,
    Gesture,
    HoldBegan,
    HoldEnded,
    Pressed,
    Released,
    due_ms,
    edge,
    tick,
)


def play(*edges: tuple[int, bool], until_ms: int = 10_000) -> list[Gesture]:
    """Edges at their times, with a tick whenever one is due."""
    fingers, came = Fingers(), []
    for at_ms, down in [*edges, (until_ms, None)]:
        while (due := due_ms(fingers)) is not None and due <= at_ms:
            fingers, gestures = tick(fingers, due)
            came += gestures
        if down is not None:
            fingers, gestures = edge(fingers, down, at_ms)
            came += gestures
    return came


def clicks(*starts_ms: int, length_ms: int = 60) -> list[tuple[int, bool]]:
    return [one for start in starts_ms for one in ((start, True), (start + length_ms, False))]


def test_a_press_of_250_ms_is_a_hold() -> None:
    assert play((0, True), (HOLD_MS, False)) == [Pressed(True), HoldBegan(), HoldEnded()]


def test_a_shorter_press_is_a_click() -> None:
    assert play((0, True), (HOLD_MS - 1, False)) == [Pressed(True), Released(), Clicked(1)]


def test_clicks_are_counted_until_300_ms_pass_without_one() -> None:
    gestures = play(*clicks(0, 60 + COUNT_MS - 1))
    assert gestures[-1] == Clicked(2)
    gestures = play(*clicks(0, 60 + COUNT_MS))
    assert [one for one in gestures if isinstance(one, Clicked)] == [Clicked(1), Clicked(1)]


def test_a_hold_after_a_click_is_only_a_hold() -> None:
    gestures = play((0, True), (60, False), (160, True), (900, False))
    assert gestures == [Pressed(True), Released(), Pressed(False), HoldBegan(), HoldEnded()]


def test_a_chattering_contact_is_one_click_not_two() -> None:
    chatter = [(0, True), (4, False), (9, True), (120, False), (125, True), (131, False)]
    assert [one for one in play(*chatter) if isinstance(one, Clicked)] == [Clicked(1)]


def test_the_chatter_of_a_release_after_a_hold_is_no_click() -> None:
    gestures = play((0, True), (500, False), (505, True), (512, False))
    assert HoldEnded() in gestures
    assert not [one for one in gestures if isinstance(one, Clicked)]


def test_a_contact_lost_for_a_moment_in_mid_hold_begins_a_new_hold() -> None:
    gestures = play((0, True), (500, False), (510, True), (2000, False))
    assert [type(one) for one in gestures].count(HoldBegan) == 2


def test_an_edge_that_changes_nothing_is_ignored() -> None:
    assert edge(Fingers(), False, 5) == (Fingers(), [])


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=60))
def test_gestures_always_pair_up_and_nothing_is_left_pending(waits: list[tuple[int, bool]]) -> None:
    at_ms, edges = 0, []
    for wait_ms, down in waits:
        at_ms += wait_ms
        edges.append((at_ms, down))
    edges.append((at_ms + 1, False))
    gestures = play(*edges, until_ms=at_ms + 10_000)
    holds = [one for one in gestures if isinstance(one, HoldBegan | HoldEnded)]
    assert holds == [HoldBegan(), HoldEnded()] * (len(holds) // 2)
    assert all(one.count >= 1 for one in gestures if isinstance(one, Clicked))
    presses = sum(isinstance(one, Pressed) for one in gestures)
    assert sum(one.count for one in gestures if isinstance(one, Clicked)) <= presses


@given(st.lists(st.integers(1, CHATTER_MS - 1), min_size=1, max_size=20))
def test_however_a_contact_chatters_one_press_is_one_click_at_most(gaps: list[int]) -> None:
    at_ms, edges, down = 0, [(0, True)], True
    for gap in gaps:
        if at_ms + gap >= HOLD_MS - 1:
            break
        at_ms += gap
        down = not down
        edges.append((at_ms, down))
    if down:
        edges.append((at_ms + 1, False))
    total = sum(one.count for one in play(*edges) if isinstance(one, Clicked))
    assert total == 1
