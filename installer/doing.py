"""Carries changes out. Holds no rule: what is to be done stands in `installer/planning.py`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from installer.changes import (
    Change,
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
from installer.errors import StepFailed
from installer.looking import SYSTEMD_RUNS, groups, inside

Lay = Callable[[Path, LayRelease], None]


class Hands:
    """Works on the machine below `root`. `lay`: makes and lays a release."""

    def __init__(self, root: Path, lay: Lay) -> None:
        self._root = root
        self._lay = lay
        self._elsewhere = root != Path("/")

    def carry_out(self, change: Change) -> None:
        """Raises StepFailed."""
        try:
            self._do(change)
        except OSError as error:
            where = error.filename or "this machine"
            raise StepFailed(f"could not {change}: {where}: {error.strerror}. Mend that, and start again.") from error

    def _do(self, change: Change) -> None:
        match change:
            case InstallPackages(names):
                self._apt("update", "-qq")
                self._apt("install", "-y", "-qq", "--no-install-recommends", *names)
            case WriteFile(path, text):
                write(inside(self._root, path), text)
            case MakeUsers(config):
                self._run("systemd-sysusers", *self._there("--root="), str(inside(self._root, config)))
            case LayRelease():
                self._lay(self._root, change)
            case Link(path, target):
                link(inside(self._root, path), target)
            case Enable(units, start):
                self._systemctl("enable", *units)
                if start:
                    self._run("systemctl", "daemon-reload")
                    self._start(units)
            case Restart(unit):
                self._run("systemctl", "daemon-reload")
                self._run("systemctl", "try-restart", unit)
            case Disable(units):
                if not self._elsewhere and SYSTEMD_RUNS.is_dir():
                    self._run("systemctl", "stop", *units)
                self._systemctl("disable", *units)
            case Remove(path, folder):
                remove(inside(self._root, path), folder=folder)
            case RemoveUser(name):
                there = ["--root", str(self._root)] if self._elsewhere else []
                self._run("userdel", *there, name)
                # Whether its group went with it is a matter of that machine's login.defs.
                if name in groups(self._root):
                    self._run("groupdel", *there, name)

    def settle(self) -> None:
        """After the last change: systemd forgets the units that are gone."""
        if not self._elsewhere and SYSTEMD_RUNS.is_dir():
            self._run("systemctl", "daemon-reload")

    def _start(self, units: tuple[str, ...]) -> None:
        try:
            self._run("systemctl", "start", *units)
        except StepFailed as failed:
            raise StepFailed(f"{failed} `journalctl -u {units[0]}` says more.") from failed

    def _there(self, flag: str) -> list[str]:
        return [f"{flag}{self._root}"] if self._elsewhere else []

    def _systemctl(self, *words: str) -> None:
        self._run("systemctl", "--quiet", *self._there("--root="), *words)

    def _apt(self, *words: str) -> None:
        before = ["chroot", str(self._root)] if self._elsewhere else []
        self._run(*before, "apt-get", *words, environ={"DEBIAN_FRONTEND": "noninteractive"})

    def _run(self, *command: str, environ: dict[str, str] | None = None) -> None:
        run(*command, environ=environ)


def run(*command: str, environ: dict[str, str] | None = None, folder: Path | None = None) -> None:
    """Runs a program to its end. Raises StepFailed with what it said last."""
    try:
        done = subprocess.run(
            command, env={**os.environ, **(environ or {})}, cwd=folder, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise StepFailed(f"{command[0]} is not on this machine. Install it, and start again.") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        told = " ".join(said[-3:])[-600:] or "it does not say why"
        raise StepFailed(f"`{' '.join(command[:6])}` ended with {done.returncode}: {told}")


def write(path: Path, text: str) -> None:
    """All of it or nothing; for everybody to read."""
    make_folder(path.parent)
    making = path.with_name(f".{path.name}.new")
    making.write_text(text)
    making.chmod(0o644)
    making.replace(path)


def link(path: Path, target: PurePosixPath) -> None:
    """A link in place of what is there, unless that is no link."""
    make_folder(path.parent)
    if path.exists() and not path.is_symlink():
        raise StepFailed(f"{path} is there already, and not ours. Move it away, and start again.")
    making = path.with_name(f".{path.name}.new")
    making.unlink(missing_ok=True)
    making.symlink_to(target)
    making.replace(path)


def make_folder(path: Path) -> None:
    """With those above it, for everybody to read."""
    for folder in reversed([path, *path.parents]):
        if not folder.exists():
            folder.mkdir()
            folder.chmod(0o755)


def remove(path: Path, *, folder: bool) -> None:
    """It is gone; so are the folders of ours above it that hold nothing any more."""
    if folder:
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    for above in path.parents:
        if above.name != "leveret" or any(above.iterdir()):
            return
        above.rmdir()
