"""What is set aside on the disk: whole or not there, whatever happens to the disk and to the clock."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.aside import WAITING_MOST, Clock, Done, Missed, Waiting
from device.clocks import restored
from device.cupboard import BOTH_LOST, CLOCKS_LOST, REQUEST_LOST, Cupboard
from device.effects import KeepClocks
from device.errors import CupboardError
from wire.parts import Timer

TIMER = Clock(id="local:a:1", kind="timer", due_at_ms=1_000_000, due_ms=700_000, length_ms=600_000)
ALARM = Clock(id="local:a:2", kind="alarm", due_at_ms=5_000_000)
DONE = (Done("t0", 900_000),)
MISSED = (Missed("local:a:0", "alarm", "", 800_000, rang=True),)
THEIRS = Timer(timer="t1", label="pasta", due_at_ms=2_000_000)


def cupboard(folder: Path, machine: str = "one") -> Cupboard:
    return Cupboard(folder, lambda: machine)


def waiting(turn: int, said_at_ms: int = 0) -> Waiting:
    return Waiting(id=f"{'a' * 16}:{turn}", said_at_ms=said_at_ms or turn, sound_ms=1000, turn=turn)


def opened(folder: Path, machine: str = "one", *, now_ms: int = 0, wall_ms: int = 0):  # type: ignore[no-untyped-def]
    return cupboard(folder, machine).open(now_ms=now_ms, wall_ms=wall_ms)


def test_requests_timers_and_alarms_outlive_the_process(tmp_path: Path) -> None:
    before = cupboard(tmp_path)
    before.open(now_ms=0, wall_ms=0)
    before.keep(waiting(2), ("text", b"sound"))
    before.keep(waiting(1), ("other",))
    before.keep_clocks(KeepClocks((TIMER, ALARM), (THEIRS,), DONE, MISSED))
    found = opened(tmp_path)
    assert [(one.id[-1], one.turn, one.safe, one.said_ms) for one in found.waiting] == [
        ("1", 0, True, -1),
        ("2", 0, True, -1),
    ]
    assert (found.clocks, found.timers, found.sentence) == ((TIMER, ALARM), (THEIRS,), "")
    assert (found.done, found.missed) == (DONE, MISSED)
    assert cupboard(tmp_path).read(waiting(2).id) == ("text", b"sound")
    before.forget(waiting(1).id)
    assert len(opened(tmp_path).waiting) == 1


def test_a_cupboard_that_was_never_opened_is_empty_and_tells_nothing(tmp_path: Path) -> None:
    assert opened(tmp_path / "new").sentence == ""


@pytest.mark.parametrize("cut", [0, 1, 12, 20, -1])
def test_a_torn_file_is_told_and_put_aside_and_the_others_count(tmp_path: Path, cut: int) -> None:
    before = cupboard(tmp_path)
    before.open(now_ms=0, wall_ms=0)
    for turn in (1, 2):
        before.keep(waiting(turn), ("text", bytes(100)))
    before.keep_clocks(KeepClocks((ALARM,), ()))
    torn = tmp_path / f"{'a' * 16}-1.turn"
    torn.write_bytes(torn.read_bytes()[:cut])
    found = opened(tmp_path)
    assert found.sentence == REQUEST_LOST and [one.id for one in found.waiting] == [waiting(2).id]
    assert found.clocks == (ALARM,)
    assert opened(tmp_path).sentence == "", "it is told once"
    with pytest.raises(CupboardError, match="lost"):
        before.read(waiting(1).id)


def test_torn_timers_are_told_apart_from_torn_requests(tmp_path: Path) -> None:
    before = cupboard(tmp_path)
    before.open(now_ms=0, wall_ms=0)
    before.keep(waiting(1), ("text",))
    before.keep_clocks(KeepClocks((ALARM,), ()))
    (tmp_path / "clocks").write_bytes(b"leveret 1 00000000\nnonsense")
    assert opened(tmp_path).sentence == CLOCKS_LOST
    (tmp_path / "clocks").write_bytes(b"")
    (tmp_path / f"{'a' * 16}-1.turn").write_bytes(b"")
    assert opened(tmp_path).sentence == BOTH_LOST


@given(at=st.integers(0, 400), bit=st.integers(0, 7))
def test_a_bit_that_flips_never_makes_another_request(
    tmp_path_factory: pytest.TempPathFactory, at: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("flipped")
    before = cupboard(folder)
    before.open(now_ms=0, wall_ms=0)
    before.keep(waiting(1), ("text", bytes(200)))
    path = folder / f"{'a' * 16}-1.turn"
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 1 << bit
    path.write_bytes(data)
    assert opened(folder).waiting == ()


def test_a_full_disk_is_told_and_what_was_kept_before_still_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = cupboard(tmp_path)
    kept.open(now_ms=0, wall_ms=0)
    kept.keep_clocks(KeepClocks((ALARM,), ()))

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(CupboardError, match="takes nothing more: No space left on device"):
            kept.keep_clocks(KeepClocks((ALARM, TIMER), ()))
        with pytest.raises(CupboardError):
            kept.keep(waiting(1), ("text",))
    assert opened(tmp_path).clocks == (ALARM,)
    assert [path.name for path in tmp_path.iterdir()] == ["clocks"], "nothing half written is left"


def test_no_more_come_back_than_may_wait_and_the_oldest_do(tmp_path: Path) -> None:
    kept = cupboard(tmp_path)
    kept.open(now_ms=0, wall_ms=0)
    for turn in range(1, WAITING_MOST + 4):
        kept.keep(waiting(turn, said_at_ms=1000 - turn), ("text",))
    found = opened(tmp_path).waiting
    assert len(found) == WAITING_MOST and found[0].said_at_ms == 1000 - WAITING_MOST - 3


@pytest.mark.parametrize(
    ("wall_ms", "left_ms"),
    [
        (900_000, 100_000),  # ten minutes went by with the power off
        (100_000, 600_000),  # the clock is behind: never longer than it was set for
        (1_200_000, -200_000),  # it was due while the power was off
    ],
)
def test_a_timer_goes_by_the_time_of_day_only_when_the_machine_was_off(wall_ms: int, left_ms: int) -> None:
    same = restored(TIMER, same_boot=True, now_ms=650_000, wall_ms=wall_ms)
    assert same.due_ms == 700_000, "whatever the clock says"
    assert restored(TIMER, same_boot=False, now_ms=5_000, wall_ms=wall_ms).due_ms == 5_000 + left_ms


def test_another_start_of_the_machine_is_noticed(tmp_path: Path) -> None:
    before = cupboard(tmp_path, "one")
    before.open(now_ms=0, wall_ms=0)
    before.keep_clocks(KeepClocks((TIMER, ALARM), ()))
    assert opened(tmp_path, "one", now_ms=5, wall_ms=900_000).clocks[0].due_ms == 700_000
    assert opened(tmp_path, "two", now_ms=5, wall_ms=900_000).clocks[0].due_ms == 100_005
    assert opened(tmp_path, "", now_ms=5, wall_ms=900_000).clocks[1] == ALARM
