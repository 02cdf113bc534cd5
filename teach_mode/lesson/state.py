"""What a lesson knows, and what becomes of it. Pure: `step(state, given, now)` returns the next state and what to do.

Shown steps may be revised while they are recorded: they come again with the same id. A step that the person took out
stays out.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from teach_mode.demonstration import FORMAT, Demonstration, ShownStep
from teach_mode.errors import LessonRefused
from teach_mode.generalizing.proposal import Edit
from teach_mode.lesson.commands import (
    Agree,
    Begin,
    Change,
    Command,
    Delete,
    Forget,
    Insert,
    Move,
    Pick,
    Record,
    Redo,
    Restart,
    Run,
    Save,
    Sentence,
    Stop,
    Undo,
    Want,
)

MOST_STEPS = 200
MOST_TAKES = 8
MOST_UNDOS = 50


class Take(Struct, frozen=True, kw_only=True):
    """One demonstration while it is made. `base` is where it began, `gone` are steps that were taken out."""

    sentence: str
    made_at: str
    base: str = ""
    steps: tuple[ShownStep, ...] = ()
    gone: frozenset[str] = frozenset()
    navigated: tuple[str, ...] = ()
    loaded: tuple[str, ...] = ()


class State(Struct, frozen=True, kw_only=True):
    """A lesson. `after`: where what is shown goes ("": the end); `redoing`: the step that it replaces, or that took its
    place (`redone`) and may still be revised.

    `before` are the takes as they were before each change, the newest last, for undo.
    """

    takes: tuple[Take, ...] = ()
    edits: tuple[Edit, ...] = ()
    recording: bool = False
    after: str = ""
    redoing: str = ""
    redone: bool = False
    picking: Want | None = None
    running: str = ""
    before: tuple[tuple[Take, ...], ...] = ()

    @property
    def steps(self) -> tuple[ShownStep, ...]:
        """Those of the demonstration that is being made."""
        return self.takes[-1].steps if self.takes else ()


class Seen(Struct, frozen=True, kw_only=True):
    """The recorder saw a step, or saw more of one."""

    shown: ShownStep
    base: str
    navigated: tuple[str, ...] = ()
    loaded: tuple[str, ...] = ()


class Picked(Struct, frozen=True, kw_only=True):
    """The element that the person pointed at, as a step; None: there was none."""

    shown: ShownStep | None
    base: str = ""


class RunOver(Struct, frozen=True, kw_only=True):
    """A run ended."""


class Effect(Struct, frozen=True, kw_only=True):
    """What the lesson has to do. `propose`: the steps or edits changed."""

    do: Literal["record", "rest", "propose", "run", "stop", "agree", "save"]
    command: Run | Agree | Save | None = None


Input = Command | Seen | Picked | RunOver
Next = tuple[State, tuple[Effect, ...]]
PROPOSE = Effect(do="propose")


def step(state: State, given: Input, now: str) -> Next:
    """The next state, and what to do. `now` is the local time, ISO 8601. Raises LessonRefused, with the reason."""
    if state.running and isinstance(given, (Begin, Record, Undo, Delete, Move, Insert, Redo, Pick, Forget, Run)):
        raise LessonRefused("the steps are being done: wait until it has ended, or stop it")
    match given:
        case Seen():
            return _seen(state, given)
        case Picked():
            return _picked(state, given)
        case Begin() | Sentence() | Forget() | Restart():
            return _take(state, given, now)
        case Record() | Pick() | Insert() | Redo():
            return _mode(state, given)
        case Undo():
            if not state.before:
                raise LessonRefused("there is nothing to undo")
            return _undone(state), (PROPOSE,)
        case Delete():
            return _with_steps(state, tuple(one for one in _having(state, given.step) if one.id != given.step)), (
                PROPOSE,
            )
        case Move():
            moved = next(one for one in _having(state, given.step) if one.id == given.step)
            rest = [one for one in state.steps if one is not moved]
            rest.insert(given.to, moved)
            return _with_steps(state, tuple(rest)), (PROPOSE,)
        case Change():
            return replace(state, edits=(*state.edits, given.edit)), (PROPOSE,)
        case Run():
            _having(state, given.to)
            return replace(state, running=given.to or "all", recording=False, picking=None), (
                Effect(do="rest"),
                Effect(do="run", command=given),
            )
        case RunOver():
            return replace(state, running=""), ()
        case Stop():
            return state, (Effect(do="stop"),)
        case Agree():
            return state, (Effect(do="agree", command=given),)
        case Save():
            if not state.steps:
                raise LessonRefused("nothing was shown yet: do the task once, then save it")
            return state, (Effect(do="save", command=given),)


def _take(state: State, given: Begin | Sentence | Forget | Restart, now: str) -> Next:
    match given:
        case Begin():
            sentence = given.sentence.strip()
            if not sentence:
                raise LessonRefused("say first what it does, such as: order a large pepperoni pizza")
            if len(state.takes) >= MOST_TAKES:
                raise LessonRefused(f"it was shown {MOST_TAKES} times, which is enough")
            made = Take(sentence=sentence, made_at=now)
            kept = tuple(take for take in state.takes if take.steps)
            state = replace(state, takes=(*kept, made), before=(), after="", redoing="", picking=None, recording=True)
            return state, (Effect(do="record"), PROPOSE)
        case Sentence():
            if not state.takes or not given.sentence.strip():
                raise LessonRefused("a demonstration has a sentence that says what it does")
            last = replace(state.takes[-1], sentence=given.sentence.strip())
            return replace(state, takes=(*state.takes[:-1], last)), (PROPOSE,)
        case Forget():
            if given.take >= len(state.takes):
                raise LessonRefused("there is no such demonstration")
            kept = tuple(take for number, take in enumerate(state.takes) if number != given.take)
            return replace(state, takes=kept, before=(), after="", redoing="", recording=False), (
                Effect(do="rest"),
                PROPOSE,
            )
        case Restart():
            return State(), (Effect(do="stop"), Effect(do="rest"), PROPOSE)


def _mode(state: State, given: Record | Pick | Insert | Redo) -> Next:
    if not state.takes:
        raise LessonRefused("begin first: say what the task does")
    match given:
        case Record():
            return replace(state, recording=given.on, redoing="", redone=False), (
                Effect(do="record" if given.on else "rest"),
            )
        case Pick():
            return replace(state, picking=given.want), ()
        case Insert():
            _having(state, given.after)
            return replace(state, after=given.after, redoing="", redone=False, recording=True), (Effect(do="record"),)
        case Redo():
            _having(state, given.step)
            again = bool(given.step)
            state = replace(state, redoing=given.step, redone=False, after="", recording=again)
            return state, (Effect(do="record" if again else "rest"),)


def _having(state: State, wanted: str) -> tuple[ShownStep, ...]:
    if wanted and wanted not in [one.id for one in state.steps]:
        raise LessonRefused(f"there is no step {wanted!r}")
    return state.steps


def _seen(state: State, given: Seen) -> Next:
    if not state.takes:
        return state, ()
    take, shown = state.takes[-1], given.shown
    if shown.id in take.gone:
        return state, ()
    take = replace(take, base=take.base or given.base, navigated=given.navigated, loaded=given.loaded)
    if shown.id in [one.id for one in take.steps]:
        steps = tuple(shown if one.id == shown.id else one for one in take.steps)
        return replace(state, takes=(*state.takes[:-1], replace(take, steps=steps))), (PROPOSE,)
    if len(take.steps) >= MOST_STEPS:
        raise LessonRefused(f"{MOST_STEPS} steps were shown, which is the most that one skill may have")
    return _placed(replace(state, takes=(*state.takes[:-1], take)), shown)


def _picked(state: State, given: Picked) -> Next:
    state = replace(state, picking=None)
    if given.shown is None:
        raise LessonRefused("there was nothing to point at; try again")
    take = replace(state.takes[-1], base=state.takes[-1].base or given.base)
    return _placed(replace(state, takes=(*state.takes[:-1], take)), given.shown)


def _placed(state: State, shown: ShownStep) -> Next:
    """A new step, where it belongs."""
    steps = list(state.steps)
    if state.redone:  # one step was to be done again, and this is another one
        take = state.takes[-1]
        ignored = replace(take, gone=take.gone | {shown.id})
        state = replace(state, takes=(*state.takes[:-1], ignored), redoing="", redone=False, recording=False)
        return state, (Effect(do="rest"),)
    if state.redoing:
        steps = [shown if one.id == state.redoing else one for one in steps]
        return replace(_with_steps(state, tuple(steps)), redoing=shown.id, redone=True), (PROPOSE,)
    at = next((index + 1 for index, one in enumerate(steps) if one.id == state.after), len(steps))
    steps.insert(at, shown)
    made = _with_steps(state, tuple(steps))
    return replace(made, after=shown.id if state.after else ""), (PROPOSE,)


def _undone(state: State) -> State:
    """The steps as they were; what was shown since stays out when the recorder tells more of it."""
    was, now = state.before[-1], state.takes[-1]
    newest = {one.id: one for one in now.steps}
    steps = tuple(newest.get(one.id, one) for one in was[-1].steps)
    gone = (now.gone | newest.keys()) - {one.id for one in steps}
    takes = (*was[:-1], replace(was[-1], steps=steps, gone=gone))
    return replace(state, takes=takes, before=state.before[:-1], after="", redoing="", redone=False)


def _with_steps(state: State, steps: tuple[ShownStep, ...]) -> State:
    take = state.takes[-1]
    left = {one.id for one in take.steps} - {one.id for one in steps}
    made = replace(take, steps=steps, gone=take.gone | left)
    before = (*state.before, state.takes)[-MOST_UNDOS:]
    after = state.after if state.after in [one.id for one in steps] else ""
    return replace(state, takes=(*state.takes[:-1], made), before=before, after=after)


def demonstrations(state: State) -> tuple[Demonstration, ...]:
    """What was shown so far, as `generalize` takes it."""
    return tuple(
        Demonstration(
            format=FORMAT,
            sentence=take.sentence,
            base=take.base,
            made_at=take.made_at,
            steps=take.steps,
            navigated=take.navigated,
            loaded=take.loaded,
        )
        for take in state.takes
        if take.steps
    )
