"""What the battery means: said once when it is low, switched off in good time when it is empty. Pure."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from device.effects import Cue, Effect, Speak, SwitchOff
from device.state import Charge, Notice, Phase, State
from wire.outcomes import Tone

LOW_PERCENT: Final = 15
EMPTY_PERCENT: Final = 5
# It is low again only after it was fuller than this.
RECOVERED_PERCENT: Final = 20
# A gauge may tell nonsense for a while, at the start above all.
EMPTY_READINGS: Final = 3
# From the words to the end.
OFF_MS: Final = 10_000
_OFF_AGAIN_MS: Final = 60_000
_SEEN_MS: Final = 8_000

EMPTY: Final = "The battery is empty. I am switching off: please charge me."
_STAYS: Final = "It is charging. I stay on."


def take(state: State, percent: int, charging: bool, now_ms: int, effects: list[Effect]) -> State:
    """The battery was read; `percent` -1 when it says nothing, which changes nothing but what is shown."""
    before = state.charge
    charge = replace(before, percent=percent, charging=charging)
    if percent < 0:
        return replace(state, charge=charge)
    if percent >= RECOVERED_PERCENT:
        charge = replace(charge, warned=False)
    if charging or percent > EMPTY_PERCENT:
        charge = replace(charge, empty=0, off_at_ms=-1)
        if before.off_at_ms >= 0 and charging:
            effects.append(Cue(Tone.GOOD))
            return replace(state, charge=charge, notice=Notice(_STAYS, Tone.GOOD, now_ms + _SEEN_MS))
        return _low(state, charge, now_ms, effects)
    charge = replace(charge, empty=charge.empty + 1)
    if charge.empty < EMPTY_READINGS or charge.off_at_ms >= 0:
        return replace(state, charge=charge)
    effects += [Cue(Tone.ERROR), Speak(EMPTY)]
    charge = replace(charge, warned=True, off_at_ms=now_ms + OFF_MS)
    return replace(state, charge=charge, notice=Notice(EMPTY, Tone.ERROR, now_ms + OFF_MS))


def _low(state: State, charge: Charge, now_ms: int, effects: list[Effect]) -> State:
    if charge.charging or charge.warned or charge.percent > LOW_PERCENT:
        return replace(state, charge=charge)
    effects.append(Cue(Tone.SOFT))
    notice = Notice(f"The battery is low: {charge.percent} %. Please charge me.", Tone.SOFT, now_ms + _SEEN_MS)
    return replace(state, charge=replace(charge, warned=True), notice=notice)


def expire(state: State, now_ms: int, effects: list[Effect]) -> State:
    """Switch off when it is time, but nobody is cut off in mid-sentence. What did not go off is told again."""
    due = due_ms(state)
    if due is None or now_ms < due:
        return state
    effects.append(SwitchOff())
    return replace(state, charge=replace(state.charge, off_at_ms=now_ms + _OFF_AGAIN_MS))


def due_ms(state: State) -> int | None:
    """When to switch off; None while nothing is due, or somebody speaks."""
    speaking = state.turn is not None and state.turn.phase is Phase.RECORDING
    return state.charge.off_at_ms if state.charge.off_at_ms >= 0 and not speaking else None
