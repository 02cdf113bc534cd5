"""`make image-test`: what a card would hold, without the card: an arm64 Debian, installed on by the image's script.

Every program of it runs by qemu's user emulation. There is no kernel of a Pi, and nothing is booted: units are
verified, and the device tries itself on simulated parts.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

from rehearsals.debian import AUTHORITIES, clean_root, copy_repository, need, say, stop

ARCHITECTURE = "arm64"
PLACE = "/usr/src/leveret"
BUILDS = ("whisplay", "discrete")
CONFIG = "/boot/firmware/config.txt"
AS_DEVICE = "setpriv --reuid=leveret-device --regid=leveret-device --clear-groups env HOME=/var/lib/leveret-device"
_BINFMT = Path("/proc/sys/fs/binfmt_misc")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# No cloud is there to be asked.
_NOT_TRIED = frozenset({"cloud"})


def main() -> None:
    emulate()
    root = clean_root("image", ARCHITECTURE)
    copy_repository(root, PLACE)
    (root / "boot/firmware").mkdir(parents=True)
    (root / CONFIG.lstrip("/")).write_text("# For more options see the documentation\ndtparam=audio=on\n[all]\n")
    inside = Inside(root)
    build = BUILDS[0]
    say(f"{PLACE}/hardware/image/install.sh {build} --no-start")
    inside.run(f"{PLACE}/hardware/image/install.sh {build} --no-start")
    told = inside.run(f"{PLACE}/hardware/image/install.sh {build} --no-start")
    if any(line.startswith("==>") for line in told.splitlines()):
        stop(f"a second installation changed something again:\n{told}")
    checks = self_test(inside)
    units = verified(inside)
    inside.run("DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends cloud-init")
    inside.run(f"cloud-init schema --config-file {PLACE}/hardware/image/user-data.example")
    version = inside.run(f"{AS_DEVICE} leveret-device --version")
    machine = inside.run("uname -m")
    lines = inside.run(f"sed -n '/^# leveret: begin$/,/^# leveret: end$/p' {CONFIG}").splitlines()
    removed(inside)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(checks.items()))
    print(
        f"image-test: leveret {version} in Debian {inside.run('cat /etc/debian_version')} on {machine}; "
        f"self-test: {counts}; {len(units)} units verified; {len(lines) - 2} lines in config.txt; removed again."
    )


class Inside:
    """Runs commands in the root, in a PID and mount namespace of its own."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def run(self, command: str, *, check: bool = True) -> str:
        """What a shell line prints; ends the rehearsal when it fails, unless `check` is off."""
        mounts = "mount -t proc proc {0}/proc && mount --rbind /dev {0}/dev && mount --rbind /sys {0}/sys"
        names = "cp /etc/resolv.conf {0}/etc/resolv.conf"
        enter = f'{f"{mounts} && {names}".format(self._root)} && exec chroot {self._root} /bin/sh -c "$1"'
        environ = {"PATH": _PATH, "HOME": "/root", "LANG": "C.UTF-8"}
        environ |= dict.fromkeys(("PIP_CERT", "SSL_CERT_FILE"), str(AUTHORITIES))
        line = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", enter, "sh", command]
        done = subprocess.run(line, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if check and done.returncode:
            stop(f"`{command}` ended with {done.returncode} inside:\n{done.stdout[-4000:]}")
        return done.stdout.strip()


def emulate() -> None:
    """Programs of arm64 run here, by the kernel's register of interpreters."""
    if os.uname().machine == "aarch64":
        return
    need("qemu-user-static", "binfmt-support")
    if not (_BINFMT / "register").exists():
        subprocess.run(["mount", "-t", "binfmt_misc", "binfmt_misc", str(_BINFMT)], check=True)
    if not (_BINFMT / "qemu-aarch64").exists():
        subprocess.run(["update-binfmts", "--enable", "qemu-aarch64"], check=True)


def self_test(inside: Inside) -> Counter[str]:
    """What `leveret-device check` finds on simulated parts, by verdict; ends the rehearsal when one is bad."""
    say("leveret-device check --simulated")
    listed = inside.run(f"{AS_DEVICE} leveret-device check --help")
    names = listed.split("{", 1)[1].split("}", 1)[0].replace("\n", "").replace(" ", "").split(",")
    only = " ".join(f"--only {name}" for name in names if name not in _NOT_TRIED)
    told = inside.run(f"cd /tmp && {AS_DEVICE} leveret-device check --simulated --json {only} 2>/dev/null", check=False)
    report = json.loads(told.splitlines()[-1])
    bad = [one for one in report["checks"] if one["verdict"] == "bad"]
    if bad or not report["checks"]:
        stop(f"the self-test found: {json.dumps(bad)}")
    return Counter(one["verdict"] for one in report["checks"])


def verified(inside: Inside) -> list[str]:
    """The units that systemd has nothing to say against."""
    units = inside.run("ls /etc/systemd/system | grep '^leveret-device'").split()
    said = inside.run(f"cd /etc/systemd/system && systemd-analyze verify {' '.join(units)} 2>&1")
    if said:
        stop(f"systemd-analyze verify says:\n{said}")
    return units


def removed(inside: Inside) -> None:
    """The script undoes what it did."""
    inside.run(f"{PLACE}/hardware/image/install.sh remove --purge")
    left = inside.run(f"grep -c leveret {CONFIG}; ls /etc/modules-load.d /opt | grep leveret; true")
    if left != "0":
        stop(f"after its removal there is still: {left}")


if __name__ == "__main__":
    main()
