"""What runs next, as chains of phases: every moment at which power can go, an error come, or nothing happen at all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

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
    Started,
    Stop,
    Switch,
    Tick,
    Whole,
)
from release.boot.deciding import EXIT_SWITCH, TRIES, Machine, Phase, next_ms, step
from release.boot.health import Report
from release.boot.kept import Kept

OLD = "0.1.0-7"
NEW = "0.2.0-8"
OFFER = Offer(NEW, 8)
FINE = Report(started=True, link=True)


@dataclass
class World:
    """A machine whose power can go, with a disk that holds what was kept, and a program that does as it is told."""

    disk: Kept = field(default_factory=lambda: Kept(good=OLD, counter=7, previous="0.0.9-6"))
    offer: Offer | None = OFFER
    damaged: bool = False
    unsaved: bool = False
    unrestored: bool = False
    full: bool = False
    gone: frozenset[str] = frozenset()
    cut: tuple[type[Effect], int] | None = None
    pointed: str = OLD
    ran: list[str] = field(default_factory=list)
    chain: list[Phase] = field(default_factory=list)
    did: list[Effect] = field(default_factory=list)
    left: int | None = None
    off: bool = False
    now_ms: int = 0

    def power_on(self) -> World:
        self.machine = Machine(self.disk)
        self.left, self.off, self.cut = None, False, None if self.off else self.cut
        self.chain.append(Phase.RESTING)
        return self.tell(Started())

    def tell(self, *told: Input) -> World:
        waiting = list(told)
        while waiting and self.left is None and not self.off:
            self.machine, effects = step(self.machine, waiting.pop(0), self.now_ms)
            if self.chain[-1] is not self.machine.phase:
                self.chain.append(self.machine.phase)
            for effect in effects:
                if self.cut and isinstance(effect, self.cut[0]):
                    self.cut = (self.cut[0], self.cut[1] - 1)
                    if self.cut[1] < 0:
                        self.off = True
                        return self
                answer = self.do(effect)
                if answer is not None:
                    waiting.append(answer)
                if isinstance(answer, CannotKeep | CannotRun | CannotRestore):
                    break
        return self

    def do(self, effect: Effect) -> Input | None:
        self.did.append(effect)
        match effect:
            case Keep(kept, must):
                if self.full:
                    return CannotKeep("No space left on device") if must else None
                self.disk = kept
            case Inspect():
                return Damaged("lib/a is not what was signed") if self.damaged else Whole()
            case Save():
                return CannotSave("No space left on device") if self.unsaved else Saved()
            case Restore():
                return CannotRestore("No space left on device") if self.unrestored else Restored()
            case Point(name):
                self.pointed = name
            case Run(name):
                if name in self.gone:
                    return CannotRun("leveret-device cannot be begun")
                self.ran.append(name)
            case Leave(code):
                self.left = code
        return None

    def well(self) -> World:
        for _ in range(14):
            self.tell(Reported(FINE))
            self.now_ms += 5_000
        return self

    def wait(self) -> World:
        """Nothing comes, until it wants to know."""
        due = next_ms(self.machine)
        assert due is not None
        self.now_ms = due
        self.tell(Tick())
        if any(isinstance(effect, End) for effect in self.did[-1:]):
            self.tell(Ended(137))
        return self

    def switched(self) -> World:
        return self.power_on().tell(Reported(FINE), Ended(EXIT_SWITCH, self.offer))

    @property
    def phases(self) -> str:
        return " ".join(phase.value for phase in self.chain)


START = "resting running"
TAKEN = f"{START} inspecting saving trying"
GIVEN_UP = "undoing running"


def test_a_release_that_is_well_for_a_minute_is_good_from_then_on() -> None:
    world = World().switched().well()
    assert world.phases == f"{TAKEN} running"
    assert (
        world.disk == Kept(good=NEW, counter=8, previous=OLD, linked=True)
        and world.pointed == NEW
        and world.ran == [OLD, NEW]
    )
    assert Forget(NEW) in world.did and world.did.index(Save(NEW)) < world.did.index(Point(NEW))


def test_a_trial_is_written_down_before_anything_is_switched() -> None:
    world = World().switched()
    kept = next(i for i, one in enumerate(world.did) if isinstance(one, Keep) and one.kept.trying)
    assert kept < world.did.index(Point(NEW)) < world.did.index(Run(NEW))


def given_up(world: World) -> None:
    assert world.disk.good == OLD and world.disk.counter == 7 and NEW in world.disk.refused
    assert not world.disk.trying and not world.disk.undoing
    assert world.pointed == OLD and world.ran[-1] == OLD and NEW in world.disk.why
    before = list(world.ran)
    world.tell(Ended(EXIT_SWITCH, OFFER))
    assert world.ran == before and world.left == EXIT_SWITCH


def test_one_that_ends_is_tried_once_more_and_then_given_up_for_good() -> None:
    world = World().switched().tell(Ended(1)).tell(Ended(1))
    assert world.phases == f"{TAKEN} inspecting trying {GIVEN_UP}"
    given_up(world)


def test_one_that_ends_without_an_error_is_no_better() -> None:
    world = World().switched().tell(Ended(0)).tell(Ended(0))
    assert world.phases == f"{TAKEN} inspecting trying {GIVEN_UP}"
    given_up(world)


def test_one_that_says_nothing_is_killed_and_given_up() -> None:
    world = World().switched().wait().wait()
    assert world.phases == f"{TAKEN} ending inspecting trying ending {GIVEN_UP}"
    given_up(world)
    assert "said nothing" in world.disk.why and world.now_ms <= 300_000


def test_one_that_stands_still_is_killed_and_given_up() -> None:
    world = World().switched().tell(Reported(FINE)).wait().tell(Reported(FINE)).wait()
    assert world.phases == f"{TAKEN} ending inspecting trying ending {GIVEN_UP}"
    given_up(world)
    assert "stood still" in world.disk.why and world.now_ms <= 300_000


@pytest.mark.parametrize(
    ("report", "why"),
    [
        (Report(started=True, link=False), "did not reach the cloud"),
        (Report(started=True, link=True, missing=("speaker",)), "does without speaker"),
        (Report(started=False), "did not come to the end of its start"),
    ],
)
def test_one_that_lives_and_is_not_well_is_given_up_within_five_minutes_and_not_tried_again(
    report: Report, why: str
) -> None:
    world = World().switched()
    while world.machine.phase is Phase.TRYING:
        world.now_ms += 5_000
        world.tell(Reported(report))
    world.tell(Ended(0))
    assert world.phases == f"{TAKEN} ending {GIVEN_UP}"
    given_up(world)
    assert why in world.disk.why and world.now_ms <= 300_000


def test_what_was_missing_before_need_not_be_there_after() -> None:
    poor = Report(started=True, link=False, missing=("camera",))
    world = World().power_on().tell(Reported(poor), Ended(EXIT_SWITCH, OFFER))
    for _ in range(14):
        world.tell(Reported(poor))
        world.now_ms += 5_000
    assert world.disk.good == NEW


def test_one_that_is_well_now_and_then_is_not_well() -> None:
    world = World().switched()
    while world.machine.phase is Phase.TRYING:
        world.now_ms += 5_000
        world.tell(Reported(FINE if world.now_ms % 50_000 else Report(started=True)))
    assert world.machine.phase is Phase.ENDING


# Power that goes: before each effect of the way there, and of the way back --------------------------------------------

THERE = [
    ((Inspect, 0), f"{START} inspecting | resting running"),
    ((Save, 0), f"{START} inspecting saving | resting running"),
    ((Keep, 0), f"{TAKEN} | resting running"),
    ((Point, 1), f"{TAKEN} | resting inspecting trying running"),
    ((Run, 1), f"{TAKEN} | resting inspecting trying running"),
]


@pytest.mark.parametrize(("cut", "chain"), THERE)
def test_power_that_goes_on_the_way_there_leads_to_one_or_the_other(cut: tuple[type[Effect], int], chain: str) -> None:
    world = World(cut=cut).switched()
    assert world.off
    before, after = chain.split(" | ")
    assert world.phases == before
    world.chain.clear()
    world.power_on()
    if world.machine.phase is Phase.TRYING:
        world.well()
        assert world.disk.good == NEW
    assert world.phases == after and world.pointed == world.disk.good == world.ran[-1]


BACK = [
    # Before the failure is written down the second try counts, and there is no third.
    ((Keep, 2), f"{TAKEN} inspecting trying undoing | resting undoing running"),
    ((Restore, 0), f"{TAKEN} inspecting trying undoing | resting undoing running"),
    ((Keep, 3), f"{TAKEN} inspecting trying undoing running | resting undoing running"),
    ((Point, 3), f"{TAKEN} inspecting trying undoing running | resting running"),
    ((Run, 3), f"{TAKEN} inspecting trying undoing running | resting running"),
]


@pytest.mark.parametrize(("cut", "chain"), BACK)
def test_power_that_goes_on_the_way_back_leads_to_the_old_one(cut: tuple[type[Effect], int], chain: str) -> None:
    world = World(cut=cut).switched().tell(Ended(1)).tell(Ended(1))
    assert world.off
    before, after = chain.split(" | ")
    assert world.phases == before
    world.chain.clear()
    world.power_on()
    assert world.phases == after
    given_up(world)


def test_power_that_goes_at_every_try_leads_back_after_two_starts() -> None:
    world = World().switched()
    starts = 0
    while world.ran[-1] == NEW:
        world.off = True
        world.power_on()
        starts += 1
    assert starts == TRIES
    given_up(world)


@pytest.mark.parametrize("moment", ["running", "saving", "trying", "undoing"])
def test_power_that_goes_in_one_phase_for_ever_still_runs_the_old_one(moment: str) -> None:
    """Whatever cannot be got through, the start after it ends in a release that runs."""
    cuts = {"running": (Inspect, 0), "saving": (Save, 0), "trying": (Run, 1), "undoing": (Restore, 0)}
    world = World()
    for _ in range(5):
        world.cut, world.off, world.left = cuts[moment], False, None
        world.switched()
        world.tell(Ended(1)).tell(Ended(1))
        world.cut, world.off = None, False
        world.power_on()
        while world.machine.phase is Phase.TRYING:
            world.tell(Ended(1))
        assert world.ran[-1] == OLD == world.pointed


# Errors ---------------------------------------------------------------------------------------------------------------


def test_one_that_is_damaged_is_not_begun_and_not_tried_again() -> None:
    world = World(damaged=True).switched()
    assert world.phases == f"{START} inspecting running"
    assert NEW not in world.ran and NEW in world.disk.refused and "not what was signed" in world.disk.why


def test_one_that_is_damaged_before_its_second_try_is_given_up() -> None:
    world = World().switched()
    world.damaged = True
    world.tell(Ended(1))
    assert world.phases == f"{TAKEN} inspecting {GIVEN_UP}"
    given_up(world)


def test_databases_that_cannot_be_saved_keep_the_old_one_and_the_new_one_may_come_again() -> None:
    world = World(unsaved=True).switched()
    assert world.phases == f"{START} inspecting saving running"
    assert world.ran == [OLD, OLD] and "could not be saved" in world.disk.why and not world.disk.refused
    world.unsaved = False
    assert world.tell(Ended(EXIT_SWITCH, OFFER)).left == EXIT_SWITCH, "not again before the next start"
    assert world.power_on().tell(Ended(EXIT_SWITCH, OFFER)).well().disk.good == NEW


def test_what_was_put_off_is_had_at_once_by_hand() -> None:
    world = World(unsaved=True).switched()
    world.unsaved = False
    assert world.tell(Switch(OFFER), Ended(0)).well().disk.good == NEW


def test_a_disk_that_takes_nothing_begins_no_trial() -> None:
    world = World(full=True).switched()
    assert world.phases == f"{TAKEN} undoing running"
    assert world.ran == [OLD, OLD] and world.disk == Kept(good=OLD, counter=7, previous="0.0.9-6")


def test_a_disk_that_fills_up_in_a_trial_still_leads_back() -> None:
    world = World().switched()
    world.full = True
    world.tell(Ended(1))
    assert world.phases == f"{TAKEN} inspecting trying undoing running"
    assert world.did.count(Restore(NEW)) == 1, "what was tried may have changed the databases"
    assert world.ran[-1] == OLD and world.pointed == OLD


def test_databases_that_cannot_be_put_back_are_tried_at_each_start() -> None:
    world = World(unrestored=True).switched().tell(Ended(1)).tell(Ended(1))
    assert world.phases == f"{TAKEN} inspecting trying undoing left" and world.left == 1
    world.power_on()
    assert world.left == 1 and world.ran[-1] == NEW
    world.unrestored = False
    given_up(world.power_on())


def test_a_new_one_that_does_not_even_begin_is_given_up() -> None:
    world = World(gone=frozenset({NEW})).switched()
    assert world.phases == f"{TAKEN} inspecting trying {GIVEN_UP}"
    given_up(world)


def test_a_good_one_whose_files_are_gone_makes_room_for_the_one_before() -> None:
    world = World(gone=frozenset({OLD})).power_on()
    assert world.ran == ["0.0.9-6"] == [world.pointed] and world.disk.good == "0.0.9-6"
    world = World(gone=frozenset({OLD, "0.0.9-6"})).power_on()
    assert world.left == 1


def test_what_a_good_program_ends_with_is_what_this_ends_with() -> None:
    assert World().power_on().tell(Ended(3)).left == 3
    assert World(offer=None).power_on().tell(Ended(EXIT_SWITCH)).left == EXIT_SWITCH


# Wishes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("offer", [None, Offer("0.1.0-7", 7), Offer("0.0.9-6", 6), Offer("0.1.1-7", 7)])
def test_nothing_that_is_not_newer_is_taken(offer: Offer | None) -> None:
    world = World(offer=offer).switched()
    assert world.ran == [OLD] and world.left == EXIT_SWITCH
    world = World().power_on().tell(Switch(offer))
    assert world.machine.phase is Phase.RUNNING and not any(isinstance(one, End) for one in world.did)


def test_the_one_before_is_taken_on_its_owners_wish_and_the_newer_one_not_again() -> None:
    world = World(disk=Kept(good=NEW, counter=8, previous=OLD), pointed=NEW, offer=Offer(OLD, 7, back=True)).switched()
    assert world.did.index(Save(OLD)) < world.did.index(Restore(NEW)) < world.did.index(Run(OLD))
    world.well()
    assert world.disk == Kept(good=OLD, counter=8, refused=(NEW,), linked=True)
    assert world.tell(Ended(EXIT_SWITCH, OFFER)).ran[-1] == OLD


def test_an_older_one_that_fails_leaves_the_newer_one() -> None:
    world = World(disk=Kept(good=NEW, counter=8, previous=OLD), pointed=NEW, offer=Offer(OLD, 7, back=True)).switched()
    world.tell(Ended(1)).tell(Ended(1))
    assert world.disk.good == NEW == world.ran[-1] and world.did.count(Restore(OLD)) == 1


def test_a_wish_ends_the_program_in_peace_and_then_switches() -> None:
    world = World().power_on().tell(Reported(FINE), Switch(OFFER))
    assert world.did[-1] == End() and world.machine.phase is Phase.RUNNING
    assert world.tell(Ended(143)).well().disk.good == NEW


def test_whoever_switches_off_in_a_trial_says_nothing_against_the_release() -> None:
    world = World().switched()
    for _ in range(5):
        world.tell(Stop(), Ended(0))
        assert world.left == 0 and world.disk.trying == NEW and world.disk.tries == 0
        world.power_on()
    assert world.well().disk.good == NEW


def test_whoever_switches_off_gets_the_exit_code_and_nothing_is_switched() -> None:
    world = World().power_on().tell(Stop(), Ended(0, OFFER))
    assert world.left == 0 and world.ran == [OLD]


def test_what_comes_at_the_wrong_time_changes_nothing() -> None:
    machine = replace(Machine(Kept(good=OLD)), phase=Phase.RUNNING)
    for told in (Started(), Whole(), Damaged("x"), Saved(), CannotSave("x"), Restored(), CannotRestore("x"), Tick()):
        assert step(machine, told, 0) == (machine, ())
