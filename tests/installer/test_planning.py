"""What has to be changed for a program to be there, or gone: decided from what is seen, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import pytest

from installer.changes import (
    Disable,
    Enable,
    InstallPackages,
    LayRelease,
    Link,
    MakeUsers,
    Remove,
    RemoveUser,
    Restart,
    WriteFile,
)
from installer.looking import shipped
from installer.planning import Seen, files_of, links_of, settings_of, to_install, to_remove, users_of
from installer.programs import CLOUD, DEVICE, PROGRAMS, Program

SHIPPED = shipped()
each_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=lambda program: program.name)


def seen(**told: Any) -> Seen:
    """An empty Debian, but for what is told."""
    empty: Mapping[str, Any] = {
        "files": {},
        "links": {},
        "folders": frozenset(),
        "users": frozenset(),
        "packages": frozenset(),
        "enabled": frozenset(),
        "released": False,
        "others": frozenset(),
        "alive": True,
    }
    return Seen(**{**empty, **told})


def installed(program: Program, **told: Any) -> Seen:
    """All is as it should be, but for what is told."""
    full: Mapping[str, Any] = {
        "files": {**files_of(program, SHIPPED), **dict.fromkeys(settings_of(program), "a = 'person’s own'\n")},
        "links": links_of(program),
        "folders": frozenset({program.home, program.state}),
        "users": frozenset(users_of(program)),
        "packages": frozenset(name for names in program.packages for name in names),
        "enabled": frozenset(program.enabled),
        "released": True,
    }
    return seen(**{**full, **told})


@each_program
def test_on_an_empty_machine_all_is_made_and_the_units_come_last(program: Program) -> None:
    changes = to_install(program, seen(), SHIPPED, start=True)
    kinds = [type(change) for change in changes]
    assert kinds[0] is InstallPackages and kinds[-1] is Enable
    assert kinds.index(MakeUsers) < kinds.index(LayRelease) < kinds.index(Link)
    written = {change.path for change in changes if isinstance(change, WriteFile)}
    assert written == {*files_of(program, SHIPPED), *settings_of(program)}
    assert changes[-1] == Enable(program.enabled, start=True)


@each_program
def test_a_second_time_there_is_nothing_to_do(program: Program) -> None:
    assert to_install(program, installed(program), SHIPPED, start=True) == []


def test_a_newer_copy_is_laid_besides_when_it_is_asked_for() -> None:
    changes = to_install(CLOUD, installed(CLOUD), SHIPPED, start=True, again=True)
    assert changes == [LayRelease("cloud", CLOUD.home, again=True)]
    assert LayRelease("cloud", CLOUD.home) in to_install(CLOUD, seen(), SHIPPED, start=True, again=True)


def test_settings_that_are_there_are_never_written_over() -> None:
    changes = to_install(CLOUD, seen(files={CLOUD.settings_file: "port = 9000\n"}), SHIPPED, start=True)
    assert CLOUD.settings_file not in {change.path for change in changes if isinstance(change, WriteFile)}


def test_a_unit_that_has_changed_is_written_anew_and_restarted() -> None:
    unit = PurePosixPath("/etc/systemd/system/leveret-cloud.service")
    there = installed(CLOUD)
    changes = to_install(CLOUD, installed(CLOUD, files={**there.files, unit: "[Unit]\n"}), SHIPPED, start=True)
    assert changes == [WriteFile(unit, SHIPPED["leveret-cloud.service"], new=False), Restart("leveret-cloud.service")]


def test_groups_that_a_user_is_to_have_anew_are_given() -> None:
    config = PurePosixPath("/etc/sysusers.d/leveret-device.conf")
    there = installed(DEVICE)
    changes = to_install(
        DEVICE, installed(DEVICE, files={**there.files, config: "u leveret-device\n"}), SHIPPED, start=True
    )
    assert changes == [WriteFile(config, SHIPPED["sysusers.d/leveret-device.conf"], new=False), MakeUsers(config, ())]
    assert "groups" in str(changes[1])


def test_a_package_that_serves_as_well_is_enough_and_without_dpkg_none_is_asked_for() -> None:
    packages = installed(CLOUD).packages
    assert packages is not None
    assert (
        to_install(CLOUD, installed(CLOUD, packages=packages - {"chromium-headless-shell"}), SHIPPED, start=True) == []
    )
    without = installed(CLOUD, packages=packages - {"chromium-headless-shell", "chromium"})
    assert to_install(CLOUD, without, SHIPPED, start=True) == [InstallPackages(("chromium-headless-shell",))]
    assert to_install(CLOUD, installed(CLOUD, packages=None), SHIPPED, start=True) == []


@pytest.mark.parametrize(("alive", "start"), [(False, True), (True, False)])
def test_nothing_is_started_where_no_systemd_runs_or_nobody_wants_it(alive: bool, start: bool) -> None:
    changes = to_install(CLOUD, installed(CLOUD, enabled=frozenset(), alive=alive), SHIPPED, start=start)
    assert changes == [Enable(("leveret-cloud.service", "leveret-cloud-update.timer"), start=False)]


@each_program
def test_what_was_kept_stays_unless_it_is_to_be_purged(program: Program) -> None:
    there = installed(program)
    changes = to_remove(program, there, SHIPPED, purge=False)
    assert isinstance(changes[0], Disable)
    gone = {change.path for change in changes if isinstance(change, Remove)}
    assert gone == {*files_of(program, SHIPPED), *links_of(program), program.home}
    assert not [change for change in changes if isinstance(change, RemoveUser)]
    purged = to_remove(program, there, SHIPPED, purge=True)
    assert {change.path for change in purged if isinstance(change, Remove)} == gone | {
        *settings_of(program),
        program.state,
    }
    assert [change.name for change in purged if isinstance(change, RemoveUser)] == list(users_of(program))


def test_a_user_that_the_other_program_needs_stays() -> None:
    purged = to_remove(CLOUD, installed(CLOUD, others=frozenset({"device"})), SHIPPED, purge=True)
    assert [change.name for change in purged if isinstance(change, RemoveUser)] == [CLOUD.user]


@each_program
def test_what_is_not_there_is_not_removed(program: Program) -> None:
    assert to_remove(program, seen(), SHIPPED, purge=True) == []


def test_a_command_of_somebody_else_is_left_alone() -> None:
    elsewhere = {path: PurePosixPath("/opt/other/leveret") for path in links_of(CLOUD)}
    gone = to_remove(CLOUD, installed(CLOUD, links=elsewhere), SHIPPED, purge=True)
    assert not [change for change in gone if isinstance(change, Remove) and change.path in elsewhere]


@each_program
def test_each_program_has_its_units_users_and_sentences(program: Program) -> None:
    assert f"{program.service}.service" in program.units
    assert all(str(change) for change in to_install(program, seen(), SHIPPED, start=True))
    for user in users_of(program):
        assert f"u {user} " in SHIPPED[f"sysusers.d/{program.service}.conf"]
    assert DEVICE.user != CLOUD.user
