"""How Chromium is started: which one, as whom, with which flags, and what is noted of it for the reaper."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import stat
import sys
import tempfile
from pathlib import Path

import msgspec

from browser.errors import ChromiumMissing, LaunchError

SYSTEM_USERS = ("leveret-browser", "nobody")
# Debian's /usr/bin entries are shell scripts that wait: the program itself keeps one process less.
SYSTEM_CHROMIUM = (
    "/usr/lib/chromium/chromium-headless-shell",
    "chromium-headless-shell",
    "/usr/lib/chromium/chromium",
    "chromium",
    "chromium-browser",
)
QUIET_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
)
# Names are resolved by the egress proxy alone; media and QUIC may not go around it.
CLOSED_FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
)
PROFILE_PREFIX = "playwright_chromiumdev_profile-"


class Account(msgspec.Struct, frozen=True):
    """The unprivileged user that Chromium runs as."""

    name: str
    uid: int
    gid: int


class Nest(msgspec.Struct, frozen=True):
    """What one Chromium may leave behind; kept beside its PID file as JSON."""

    home: str
    owner_pid: int
    owner_start: int


def account(user: str = "") -> Account | None:
    """The user to become, or None when we are not root. Raises LaunchError for an unknown or privileged one."""
    if os.getuid() != 0:
        return None
    for name in (user,) if user else SYSTEM_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid == 0:
            raise LaunchError(f"user {name!r} is root; name an unprivileged one")
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise LaunchError(f"no user {user or ' or '.join(SYSTEM_USERS)} on this machine; create one: useradd --system NAME")


def may_run(program: Path, who: Account | None) -> bool:
    """Whether the unprivileged user gets at the program: a browser in root's own cache is out of its reach."""
    if who is None:
        return os.access(program, os.X_OK)
    place = program.resolve()
    return all(_lets_through(step, who) for step in (place, *place.parents))


def _lets_through(path: Path, who: Account) -> bool:
    entry = path.stat()
    if entry.st_uid == who.uid:
        return bool(entry.st_mode & stat.S_IXUSR)
    if entry.st_gid == who.gid:
        return bool(entry.st_mode & stat.S_IXGRP)
    return bool(entry.st_mode & stat.S_IXOTH)


def _bundled_shells(bundled: str) -> list[str]:
    """Playwright's small headless build, which stands beside its full Chromium, and then that."""
    home = Path(bundled).parent.parent.parent
    shells = sorted(home.glob("chromium_headless_shell-*/*/*headless*shell"), reverse=True) if bundled else []
    return [*map(str, shells), bundled]


def find_chromium(configured: str, bundled: str, who: Account | None = None) -> Path:
    """The configured Chromium, else Playwright's own, else the system's, that `who` may run. Raises ChromiumMissing."""
    if configured:
        if not Path(configured).is_file():
            raise ChromiumMissing(f"no Chromium at {configured}; correct the path, or leave it out")
        if not may_run(Path(configured), who):
            name = who.name if who else "this user"
            raise ChromiumMissing(f"{name} may not run {configured}; move it where every user may read")
        return Path(configured)
    for name in (*_bundled_shells(bundled), *SYSTEM_CHROMIUM):
        found = shutil.which(name) if name else None
        if found and may_run(Path(found), who):
            return Path(found)
    raise ChromiumMissing("no Chromium found; install one: apt install chromium-headless-shell, or playwright install")


def make_home(who: Account | None) -> Path:
    """A private folder that belongs to Chromium's user."""
    home = Path(tempfile.mkdtemp(prefix="leveret-chromium-"))
    if who is not None:
        os.chown(home, who.uid, who.gid)
    return home


def environment(home: Path) -> dict[str, str | float | bool]:
    """What Chromium sees of the environment: none of the runner's secrets."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ", "FONTCONFIG_PATH") if name in os.environ}
    return {**kept, "HOME": str(home), "TMPDIR": str(home), "XDG_CONFIG_HOME": str(home), "PATH": os.defpath}


def wrapper_script(chromium: Path, who: Account | None, pid_file: Path) -> str:
    """A shell script that notes its PID, start time and profile, and becomes Chromium as the unprivileged user.

    `exec` keeps the PID. The signal at the parent's death is set after the change of user, which would clear it.
    """
    note = shlex.quote(str(pid_file))
    own = f'chown {who.uid}:{who.gid} "$profile"' if who else ":"
    become = ["exec"]
    if shutil.which("setpriv"):
        become += ["setpriv", "--no-new-privs", "--pdeathsig", "KILL"]
        if who is not None:
            become += [f"--reuid={who.uid}", f"--regid={who.gid}", "--clear-groups"]
        become += ["--"]
    elif who is not None:
        raise LaunchError("setpriv is missing, which starts Chromium as an unprivileged user; apt install util-linux")
    become.append(shlex.quote(str(chromium)))
    return f"""#!/bin/sh
profile=
for flag in "$@"; do
  case $flag in --user-data-dir=*) profile=${{flag#--user-data-dir=}} ;; esac
done
[ -z "$profile" ] || {own}
read -r stat < /proc/$$/stat
set_start() {{ shift 19; start=$1; }}
set_start ${{stat##*) }}
printf '%s\\n' "$$" "$start" "$profile" > {note}.new && mv {note}.new {note}
{" ".join(become)} "$@"
"""


def linux_only() -> None:
    """Raise LaunchError where processes cannot be watched through /proc."""
    if not sys.platform.startswith("linux"):
        raise LaunchError("the browser pool needs Linux: it reads /proc and starts Chromium with setpriv")
