"""`make install-test`: a clean Debian is installed on by the commands of README.md alone, used, and cleared again."""

from __future__ import annotations

import json
import re
import time

from rehearsals.booted import Booted, booted
from rehearsals.debian import REPOSITORY, clean_root, copy_repository, say
from rehearsals.readme import commands

TRY_IT, INSTALL_IT = "## Two commands", "## Install it"
PLACE = "/home/somebody/leveret"
AS_CLOUD = "cd /var/lib/leveret-cloud && setpriv --reuid=leveret-cloud --regid=leveret-cloud --clear-groups"
# What the installer may change; the rest is the system packages' and the program's own.
LOOKED_AT = "/etc/systemd /etc/sysusers.d /etc/polkit-1 /etc/leveret /opt /usr/local"


def main() -> None:
    root = clean_root("install")
    copy_repository(root, PLACE)
    readme = REPOSITORY / "README.md"
    # The second of the two is the tests, which take a quarter of an hour and are run everywhere else.
    typed = [*commands(readme, INSTALL_IT), commands(readme, TRY_IT)[0]]
    with booted(root) as machine:
        before = files(machine)
        took = {command: type_in(machine, command) for command in typed}
        told = used(machine)
        ordered = json.loads(machine.run(f"cat {PLACE}/out/result.json"))
        say("installed once more: nothing is left to do")
        again = machine.run(f"cd {PLACE} && make install")
        assert "Nothing to do" in again, again
        left = removed(machine, before)
    lines = "; ".join(f"`{command}` {seconds:.0f} s" for command, seconds in took.items())
    say(f"typed as README.md says: {lines}")
    print(
        f"install-test: leveret {told['version']} installed on Debian {told['debian']} by {len(typed)} commands of "
        f"README.md; leveret-cloud runs as {told['user']} and said {told['said']!r}; `make run` ordered "
        f"{len(ordered['ledger'])} ({ordered['reply']!r}); uninstalled: {left} files left."
    )


def type_in(machine: Booted, command: str) -> float:
    """As somebody would, in the copy of the repository; seconds."""
    say(command)
    began = time.monotonic()
    machine.run(f"cd {PLACE} && {command.replace('apt install', 'apt-get install -y -qq')}")
    return time.monotonic() - began


def used(machine: Booted) -> dict[str, str]:
    """What the installed cloud says of itself; it answers a request."""
    machine.wait("the cloud", lambda: machine.show("leveret-cloud", "ActiveState") == "active", 120)
    url = json.loads(machine.run("cat /var/lib/leveret-cloud/cloud.json"))["url"]
    health = machine.run(f"python3 -c 'import urllib.request as r; print(r.urlopen(\"{url}/health\").read().decode())'")
    assert json.loads(health) == {"ready": True}, health
    said = machine.run(f"{AS_CLOUD} leveret say 'what time is it' --data-dir /var/lib/leveret-cloud")
    assert re.search(r"\bIt is\b|\bIt's\b", said), said
    return {
        "version": machine.run("ls /opt/leveret/cloud/releases").split("-")[0],
        "debian": machine.run("cat /etc/debian_version"),
        "user": machine.show("leveret-cloud", "User"),
        "said": said.splitlines()[-1].strip(),
    }


def files(machine: Booted) -> set[str]:
    return set(machine.run(f"find {LOOKED_AT} ! -type d 2>/dev/null; true").splitlines())


def removed(machine: Booted, before: set[str]) -> int:
    """How many files are left of what an installation makes."""
    say("uninstall --purge")
    machine.run(f"cd {PLACE} && python3 -m installer uninstall cloud --purge")
    left = files(machine) - before
    for path in sorted(left):
        say(f"left: {path}")
    assert machine.run("id leveret-cloud", check=False).endswith("no such user")
    return len(left)


if __name__ == "__main__":
    main()
