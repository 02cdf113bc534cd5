"""How long something that failed is left alone."""

from __future__ import annotations

from cloud.speech.rest import RESTS_S, Rest


def test_it_rests_longer_with_each_failure_in_a_row_and_never_for_good() -> None:
    now = [0.0]
    rest = Rest(lambda: now[0])
    assert not rest.is_on
    for wanted in (*RESTS_S, RESTS_S[-1]):
        rest.failed("it broke")
        now[0] += wanted - 1
        assert rest.is_on
        now[0] += 1
        assert not rest.is_on


def test_what_works_again_is_as_if_it_had_never_failed() -> None:
    now = [0.0]
    rest = Rest(lambda: now[0])
    for _ in range(3):
        rest.failed("it broke")
        now[0] += RESTS_S[-1]
    rest.worked()
    assert (rest.is_on, rest.reason) == (False, "")
    rest.failed("it broke again")
    assert rest.left == "in 30 s"


def test_turns_that_fail_at_once_are_one_failure() -> None:
    rest = Rest(lambda: 0.0)
    for _ in range(4):
        rest.failed("it broke")
    assert rest.left == "in 30 s"


def test_it_says_when_it_is_asked_again() -> None:
    now = [0.0]
    rest = Rest(lambda: now[0])
    rest.failed("it broke")
    now[0] = 60.0
    assert rest.left == "the next time"
    rest.failed("it broke")
    assert rest.left == "in 2 min"
