"""Which release runs: `step(machine, told) -> machine, effects`. Pure.

    RESTING ─► RUNNING ─► INSPECTING ─► SAVING ─► TRYING ─► RUNNING       the new one is good
                                                    │  ▲
                                                    ▼  │ once more
                                                  ENDING ─► UNDOING ─► RUNNING   the old one, and the new one is refused

At every moment the disk holds a state from which the next start leads to a whole release: a trial is written down
before anything is switched, and a failure before anything is put back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from release.boot.acts import (
    CannotKeep,
    CannotRestore,
    CannotRun,
    CannotSave,
    Damaged,
    Effect,
    End,
    Ended,
    Forget,
    Input,
    Inspect,
    Keep,
    Leave,
    Offer,
    Point,
    Reported,
    Restore,
    Restored,
    Run,
    Save,
    Saved,
    Say,
    Started,
    Stop,
    Switch,
    Tick,
    Whole,
)
from release.boot.health import NOTHING, PACE, Pace, Report, Trial, Verdict, due_ms, heard, judge
from release.boot.kept import Kept, counter_of, refuse

TRIES: Final = 2
# The program ends with it when it agrees to be replaced: nothing goes on that would be cut.
EXIT_SWITCH: Final = 76


class Phase(Enum):
    """Where it stands."""

    RESTING = "resting"
    RUNNING = "running"
    INSPECTING = "inspecting"
    SAVING = "saving"
    TRYING = "trying"
    ENDING = "ending"
    UNDOING = "undoing"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Machine:
    """`offer`: what is being taken. `why`: why the program is being ended. `last`: what the good one reported last.

    `put_off`: what could not be begun for want of room on the disk; the program does not ask for it again.
    """

    kept: Kept
    phase: Phase = Phase.RESTING
    offer: Offer | None = None
    trial: Trial | None = None
    began_ms: int = -1
    why: str = ""
    hopeless: bool = False
    stopping: bool = False
    put_off: str = ""
    last: Report = NOTHING
    pace: Pace = PACE


Step = tuple[Machine, tuple[Effect, ...]]


def step(machine: Machine, told: Input, now_ms: int) -> Step:
    """What is done next. What does not fit the phase changes nothing."""
    if isinstance(told, Stop):
        return _stop(machine)
    match machine.phase, told:
        case Phase.RESTING, Started():
            return _start(machine)
        case Phase.INSPECTING, Whole():
            return _whole(machine, now_ms)
        case Phase.INSPECTING, Damaged(why):
            return _damaged(machine, why)
        case Phase.SAVING, Saved():
            return _begin(machine, now_ms)
        case Phase.SAVING, CannotSave(why):
            return _put_off(machine, f"The databases could not be saved before the update: {why}.")
        case Phase.TRYING, CannotKeep(why):
            return _not_begun(machine, why)
        case Phase.TRYING, CannotRestore(why):
            return _fail(machine, f"the databases of before could not be had: {why}")
        case ((Phase.TRYING | Phase.RUNNING), Reported(report)):
            return _reported(machine, report, now_ms)
        case Phase.TRYING, Tick():
            return _judge(machine, now_ms)
        case ((Phase.TRYING | Phase.ENDING), (Ended() | CannotRun())):
            return _try_ended(machine, told)
        case Phase.RUNNING, (Ended() | CannotRun()):
            return _ended(machine, told)
        case Phase.RUNNING, Switch(offer):
            return _switch(machine, offer)
        case Phase.UNDOING, Restored():
            kept = replace(machine.kept, undoing="")
            return _run_good(replace(machine, kept=kept), Keep(kept))
        case Phase.UNDOING, CannotRestore(why):
            sentence = f"The databases could not be put back: {why}. Make room on the disk, then start again."
            return replace(machine, phase=Phase.LEFT), (Say(sentence), Leave(1))
    return machine, ()


def next_ms(machine: Machine) -> int | None:
    """When it wants a Tick."""
    if machine.phase is Phase.TRYING and machine.trial is not None:
        return due_ms(machine.trial, machine.pace)
    return None


def _start(machine: Machine) -> Step:
    kept = machine.kept
    if kept.undoing:
        return replace(machine, phase=Phase.UNDOING), (Restore(kept.undoing),)
    if not kept.trying:
        return _run_good(machine)
    if kept.tries >= TRIES:
        return _fail(machine, f"it was begun {kept.tries} times and was never well")
    return replace(machine, phase=Phase.INSPECTING), (Inspect(kept.trying),)


def _run_good(machine: Machine, *before: Effect) -> Step:
    good = machine.kept.good
    began = replace(machine, phase=Phase.RUNNING, offer=None, trial=None, began_ms=-1, why="", hopeless=False)
    return began, (*before, Point(good), Run(good))


def _put_off(machine: Machine, why: str) -> Step:
    name = machine.offer.name if machine.offer else ""
    kept = replace(machine.kept, why=f"{why} Make room on the disk; it is tried at the next start.")
    return _run_good(replace(machine, kept=kept, put_off=name), Keep(kept), Say(kept.why))


def _not_begun(machine: Machine, why: str) -> Step:
    """It cannot be counted as a try, so it is none. One that was tried before may have changed the databases."""
    kept = machine.kept
    sentence = f"The update could not be written down: {why}. Make room on the disk; it is tried at the next start."
    kept = replace(kept, trying="", tries=0, back="", undoing=kept.trying, why=sentence)
    going = replace(machine, kept=kept, phase=Phase.UNDOING, trial=None, began_ms=-1, put_off=kept.undoing)
    return going, (Say(sentence), Restore(kept.undoing))


def _whole(machine: Machine, now_ms: int) -> Step:
    if machine.kept.trying:
        return _begin(machine, now_ms)
    if machine.offer is None:
        return _run_good(machine)
    return replace(machine, phase=Phase.SAVING), (Save(machine.offer.name),)


def _damaged(machine: Machine, why: str) -> Step:
    if machine.kept.trying:
        return _fail(machine, why)
    name = machine.offer.name if machine.offer else ""
    kept = replace(refuse(machine.kept, name), why=f"{name} was not taken: {why}.")
    return _run_good(replace(machine, kept=kept), Keep(kept), Say(kept.why))


def _begin(machine: Machine, now_ms: int) -> Step:
    """The next try of what is being tried, or the first one of what is offered."""
    kept, offer = machine.kept, machine.offer
    if kept.trying:
        kept = replace(kept, tries=kept.tries + 1)
    elif offer is not None:
        back = kept.good if offer.back else ""
        last = machine.last
        kept = replace(kept, trying=offer.name, tries=1, back=back, linked=last.link, lacking=last.missing, why="")
    began = machine.began_ms if machine.began_ms >= 0 else now_ms
    trial = Trial(began_ms=began, try_ms=now_ms)
    going = replace(machine, kept=kept, phase=Phase.TRYING, offer=None, trial=trial, began_ms=began, why="")
    restore = (Restore(kept.back),) if kept.back else ()
    said = Say(f"{kept.trying} is tried, for the {'first' if kept.tries == 1 else 'second'} time.")
    return going, (Keep(kept, must=True), said, *restore, Point(kept.trying), Run(kept.trying))


def _reported(machine: Machine, report: Report, now_ms: int) -> Step:
    if machine.phase is Phase.RUNNING or machine.trial is None:
        return replace(machine, last=report), ()
    return _judge(replace(machine, trial=heard(machine.trial, machine.kept, report, now_ms)), now_ms)


def _judge(machine: Machine, now_ms: int) -> Step:
    kept, trial = machine.kept, machine.trial
    if trial is None:
        return machine, ()
    verdict, why = judge(trial, kept, machine.pace, now_ms)
    if verdict is Verdict.WAIT:
        return machine, ()
    if verdict is not Verdict.WELL:
        ending = replace(machine, phase=Phase.ENDING, why=why, hopeless=verdict is Verdict.HOPELESS)
        return ending, (End(kill=True),)
    return _well(machine, trial)


def _well(machine: Machine, trial: Trial) -> Step:
    old = machine.kept
    name = old.trying
    kept = replace(
        refuse(old, old.good) if old.back else old,
        good=name,
        previous="" if old.back else old.good,
        counter=max(old.counter, counter_of(name)),
        trying="",
        tries=0,
        back="",
        why="",
    )
    going = replace(machine, kept=kept, phase=Phase.RUNNING, trial=None, began_ms=-1, last=trial.last)
    return going, (Keep(kept), Forget(name), Say(f"{name} runs well, and is the one that is started from now on."))


def _try_ended(machine: Machine, told: Ended | CannotRun) -> Step:
    kept = machine.kept
    code = told.code if isinstance(told, Ended) else 1
    if machine.stopping:
        # Whoever switches it off says nothing against the release.
        kept = replace(kept, tries=max(0, kept.tries - 1))
        return replace(machine, kept=kept, phase=Phase.LEFT), (Keep(kept), Leave(code))
    why = machine.why or (f"it ended with {code}" if isinstance(told, Ended) else told.why)
    if machine.hopeless or kept.tries >= TRIES:
        return _fail(machine, why)
    said = Say(f"{kept.trying}: {why}. It is tried once more.")
    return replace(machine, phase=Phase.INSPECTING, trial=None, why=""), (said, Inspect(kept.trying))


def _fail(machine: Machine, why: str) -> Step:
    """The old one again, for good."""
    name = machine.kept.trying
    sentence = f"{name} was given up: {why}. {machine.kept.good} runs again; {name} is not tried any more."
    kept = replace(refuse(machine.kept, name), trying="", tries=0, back="", undoing=name, why=sentence)
    going = replace(machine, kept=kept, phase=Phase.UNDOING, trial=None, began_ms=-1, why="", hopeless=False)
    return going, (Keep(kept), Say(sentence), Restore(name))


def _ended(machine: Machine, told: Ended | CannotRun) -> Step:
    if isinstance(told, CannotRun):
        return _other(machine, told.why)
    if machine.stopping or (told.code != EXIT_SWITCH and machine.offer is None):
        return replace(machine, phase=Phase.LEFT), (Leave(told.code),)
    # What somebody asks for by hand is tried again at once.
    offer = machine.offer or (told.offer if told.offer is None or told.offer.name != machine.put_off else None)
    if not wanted(machine.kept, offer) or offer is None:
        return replace(machine, phase=Phase.LEFT), (Say("Nothing is ready that could be taken."), Leave(told.code))
    return replace(machine, phase=Phase.INSPECTING, offer=offer), (Inspect(offer.name),)


def _other(machine: Machine, why: str) -> Step:
    """The good one does not even begin: its files are gone. The one before may be there."""
    kept = machine.kept
    if not kept.previous:
        sentence = f"{kept.good} cannot be run: {why}. There is no other release here; install it anew."
        return replace(machine, phase=Phase.LEFT), (Say(sentence), Leave(1))
    sentence = f"{kept.good} cannot be run: {why}. {kept.previous} runs in its place."
    kept = replace(refuse(kept, kept.good), good=kept.previous, previous="", why=sentence)
    return _run_good(replace(machine, kept=kept), Keep(kept), Say(sentence))


def _switch(machine: Machine, offer: Offer | None) -> Step:
    if not wanted(machine.kept, offer):
        return machine, (Say("Nothing is ready that could be taken."),)
    return replace(machine, offer=offer), (End(),)


def wanted(kept: Kept, offer: Offer | None) -> bool:
    """Whether an offer would be taken."""
    if offer is None or offer.name == kept.good or offer.name in kept.refused:
        return False
    return offer.name == kept.previous if offer.back else offer.counter > kept.counter


def _stop(machine: Machine) -> Step:
    if machine.phase in (Phase.RUNNING, Phase.TRYING, Phase.ENDING):
        return replace(machine, stopping=True), (End(),)
    return replace(machine, phase=Phase.LEFT), (Leave(0),)
