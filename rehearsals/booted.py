"""A booted system: systemd as PID 1 of a container (systemd-nspawn) over a root of `rehearsals/debian.py`."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rehearsals.debian import AUTHORITIES, need, stop

BOOT_S = 60
# nspawn leaves a folder below /run that it cannot remove where /run is a disk.
_START = 'mount -t tmpfs tmpfs /run/systemd/nspawn && exec "$@"'
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Booted:
    """A running system. `leader`: its PID 1, as this machine counts."""

    def __init__(self, leader: int) -> None:
        self.leader = leader

    def run(self, command: str, *, check: bool = True, seconds: float = 1800) -> str:
        """What a shell line, as root inside, prints. Ends the rehearsal when it fails, unless `check` is off."""
        environ = {"PATH": _PATH, "HOME": "/root", "LANG": "C.UTF-8"}
        environ |= dict.fromkeys(("PIP_CERT", "SSL_CERT_FILE"), str(AUTHORITIES))
        line = ["nsenter", "-t", str(self.leader), "-a", "env", "-i", *(f"{k}={v}" for k, v in environ.items())]
        done = subprocess.run(
            [*line, "sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds
        )
        if check and done.returncode:
            stop(f"`{command}` ended with {done.returncode} inside:\n{done.stdout[-4000:]}")
        return done.stdout.strip()

    def state(self) -> str:
        """`running` once all is up."""
        return self.run("systemctl is-system-running", check=False)

    def show(self, unit: str, name: str) -> str:
        """A property of a unit."""
        return self.run(f"systemctl show -p {name} --value {shlex.quote(unit)}")

    def wait(self, what: str, condition: Callable[[], bool], seconds: float) -> float:
        """Seconds until the condition holds; ends the rehearsal when it does not in time."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > seconds:
                journal = self.run("journalctl --no-pager -n 40", check=False)
                stop(f"{what} did not happen within {seconds:.0f} s:\n{journal}")
            time.sleep(0.1)
        return time.monotonic() - began


@contextlib.contextmanager
def booted(root: Path, *, network: bool = True) -> Iterator[Booted]:
    """The system of `root`, up; its network is this machine's, or none. It ends with the block."""
    need("systemd-container")
    Path("/run/systemd/nspawn").mkdir(parents=True, exist_ok=True)
    name = f"leveret-{os.getpid()}"
    nspawn = ["systemd-nspawn", "-q", "-D", str(root), "-M", name, "--boot", "--register=no", "--keep-unit"]
    nspawn += ["--console=read-only", *(["--resolv-conf=copy-host"] if network else ["--private-network"])]
    with (root.parent / f"{root.name}.console").open("w") as console:
        command = ["unshare", "--mount", "sh", "-c", _START, "sh", *nspawn]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=console, stderr=console)
        try:
            machine = Booted(_leader(process))
            machine.wait("the start", lambda: machine.state() == "running", BOOT_S)
            yield machine
        finally:
            _end(process)


def _leader(process: subprocess.Popen[bytes]) -> int:
    """PID 1 of the container: the child of nspawn that has a PID namespace of its own."""
    ours = Path("/proc/self/ns/pid").readlink()
    began = time.monotonic()
    while time.monotonic() - began < BOOT_S and process.poll() is None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for child in children:
            with contextlib.suppress(OSError):
                if Path(f"/proc/{child}/ns/pid").readlink() != ours:
                    return int(child)
        time.sleep(0.1)
    process.kill()
    stop("systemd-nspawn did not start; its console is beside the root.")
    raise AssertionError


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
