"""Whether a release that is ready may take this one's place now, and what it waits for if not. Pure."""

from __future__ import annotations

from typing import Final

from device import clocks
from device.modes import RESTING, mode_of
from device.state import State, Wait

LEAST_PERCENT: Final = 20
# A release is tried for four minutes at the most, and an alarm is not to ring into that.
ALARM_MS: Final = 600_000
# Who has just used it may be about to use it again.
RESTED_MS: Final = 60_000


def is_busy(state: State) -> bool:
    """Something goes on that an end of the program would cut."""
    facts = (state.turn, state.say, state.ring, state.working, state.menu, state.notice, state.offline.sending)
    fingers = state.fingers
    # A button that is stuck is nobody's.
    pressed = fingers.clicks > 0 or (fingers.down and fingers.down_ms != state.stuck_ms)
    going_on = state.microphone or pressed or any(facts) or bool(state.asks or state.tasks)
    return going_on or mode_of(state) not in RESTING


def waits_for(state: State, busy_ms: int, now_ms: int) -> Wait | None:
    """None: now. `busy_ms`: when it was busy last."""
    if is_busy(state):
        return Wait.TURN
    if 0 <= state.charge.percent < LEAST_PERCENT:
        return Wait.BATTERY
    if any(bell.due_ms - now_ms < ALARM_MS for bell in clocks.bells(state)):
        return Wait.ALARM
    if now_ms - busy_ms < RESTED_MS:
        return Wait.USED
    return None
