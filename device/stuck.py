"""A button that stays down far beyond the longest turn: said once, so that nobody wonders why nothing happens. Pure."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from device.effects import Cue, Effect
from device.state import Notice, State
from wire.outcomes import Tone

STUCK_MS: Final = 90_000
_SEEN_MS: Final = 10_000
STUCK: Final = "The button seems to be stuck. Press it a few times, or look what lies on it."


def due_ms(state: State) -> int | None:
    """When the present press has lasted too long, if that was not said yet."""
    fingers = state.fingers
    if not fingers.down or state.stuck_ms == fingers.down_ms:
        return None
    return fingers.down_ms + STUCK_MS


def expire(state: State, now_ms: int, effects: list[Effect]) -> State:
    """Say so when it is time."""
    due = due_ms(state)
    if due is None or now_ms < due:
        return state
    effects.append(Cue(Tone.ERROR))
    return replace(state, stuck_ms=state.fingers.down_ms, notice=Notice(STUCK, Tone.ERROR, now_ms + _SEEN_MS))
