"""How presses answer the question on the screen. Pure.

A double click is yes, a click is no, three or more are nothing. A press that began before the question had been on the
screen for 700 ms, or that cut off what was being said, answers nothing. What is too long for the screen can be agreed
to when its last leaf has been shown.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from device import cards
from device.effects import Cue, Effect, Tell
from device.modes import LEAF_MS, WORKING_MS
from device.settings import Settings
from device.state import Asked, State, Working
from wire.messages import Answer
from wire.outcomes import Tone

# A question must have been on the screen so long before a press can answer it.
DRAWN_MS: Final = 700
# Nobody waits for more: such a question ends unanswered.
_LEAVES_MOST: Final = 12
_ANSWERS_REMEMBERED: Final = 16


def click(state: State, count: int, now_ms: int, effects: list[Effect]) -> State:
    """So many clicks while a question is shown."""
    if not state.asks:
        return state
    asked = state.asks[0]
    if state.press.ask != asked.ask.ask or count > 2:
        return state
    if asked.ask.kind == "choice":
        if count == 1:
            return turn(state, 1)
        choice = asked.ask.choices[asked.chosen].value if asked.ask.choices else ""
        return _answer(
            state,
            asked,
            Answer(ask=asked.ask.ask, digest=asked.ask.digest, answer="choice", choice=choice),
            now_ms,
            effects,
        )
    if asked.ask.kind == "confirm" and count == 2 and not state.press.whole:
        return state
    if asked.ask.kind == "slot" and count == 2:
        # What is asked for must be said; there is nothing to say yes to.
        return state
    said = Answer(ask=asked.ask.ask, digest=asked.ask.digest, answer="yes" if count == 2 else "no")
    return _answer(state, asked, said, now_ms, effects)


def whole_ms(asked: Asked, settings: Settings) -> int:
    """How long after it was drawn all of a question has been on the screen."""
    if asked.ask.kind != "confirm":
        return DRAWN_MS
    leaves = min(cards.asked_count(asked.ask.text, asked.ask.rows, settings), _LEAVES_MOST)
    return DRAWN_MS + LEAF_MS * (leaves - 1)


def is_whole(asked: Asked, settings: Settings, now_ms: int) -> bool:
    """Whether it can be agreed to."""
    return asked.drawn_ms >= 0 and now_ms - asked.drawn_ms >= whole_ms(asked, settings)


def turn(state: State, steps: int) -> State:
    """Move on among the choices."""
    if not state.asks or not state.asks[0].ask.choices:
        return state
    first, *rest = state.asks
    chosen = (first.chosen + steps) % len(first.ask.choices)
    return replace(state, asks=(replace(first, chosen=chosen), *rest))


def _answer(state: State, asked: Asked, answer: Answer, now_ms: int, effects: list[Effect]) -> State:
    at_ms = max(0, now_ms + state.offset_ms) if state.clock_known else 0
    effects += [Tell(replace(answer, at_ms=at_ms)), Cue(Tone.SOFT if answer.answer == "no" else Tone.GOOD)]
    working = state.working
    if answer.answer != "no" and asked.ask.task:
        working = Working(asked.ask.task, "All right", now_ms + WORKING_MS)
    return replace(
        state,
        asks=state.asks[1:],
        answered=(*state.answered, asked.ask.ask)[-_ANSWERS_REMEMBERED:],
        working=working,
    )
