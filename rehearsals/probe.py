"""Tries what a unit must not be able to do, from inside of it, and tells what came of each try as one line of JSON.

Its arguments: the program whose unit this is, and the other one. Python's standard library only; it changes nothing
that its tries are refused.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import mmap
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_PTRACE_SEIZE = 0x4206
_CLONE_NEWUSER = 0x10000000
_FINIT_MODULE, _REBOOT, _BPF = 313, 169, 321
SECRET = Path("/home/somebody/secret")
METADATA = ("169.254.169.254", 80)
FREE = ("127.0.0.1", 8989)


def syscall(number: int, *words: int) -> None:
    if _LIBC.syscall(number, *words) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def called(result: int) -> None:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def write(path: str) -> None:
    place = Path(path)
    place.write_text("x")
    place.unlink()


def see_others() -> None:
    """PID 1 is another's; it is seen where /proc hides nothing."""
    Path("/proc/1/cmdline").read_bytes()
    Path("/proc/1/status").read_text()


def connect(address: tuple[str, int]) -> None:
    socket.create_connection(address, timeout=3).close()


def raw(family: int, kind: int, protocol: int) -> None:
    socket.socket(family, kind, protocol).close()


def writable_code() -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def user_namespace() -> None:
    """In a child: a process that has one cannot go back."""
    if child := os.fork():
        _, status = os.waitpid(child, 0)
        if code := os.waitstatus_to_exitcode(status):
            raise OSError(code, os.strerror(code))
        return
    os._exit(0 if _LIBC.unshare(_CLONE_NEWUSER) == 0 else ctypes.get_errno())


def change_clock() -> None:
    time.clock_settime(time.CLOCK_REALTIME, time.time())


def become_root() -> None:
    if os.geteuid() == 0:
        return
    os.setuid(0)


def tries(other: str) -> dict[str, Callable[[], object]]:
    """What must fail in every unit."""
    return {
        "read a file in /home": SECRET.read_text,
        "list the other program's state": lambda: list(Path(f"/var/lib/leveret-{other}").iterdir()),
        "read the password hashes": Path("/etc/shadow").read_text,
        "see other users' processes": see_others,
        "write to /usr": lambda: write("/usr/leveret-probe"),
        "write to /etc": lambda: write("/etc/leveret-probe"),
        "write to the releases": lambda: write(f"/opt/leveret/{other}/releases/probe"),
        "write a kernel setting": lambda: write_setting("/proc/sys/kernel/panic"),
        "load a kernel module": lambda: syscall(_FINIT_MODULE, -1, 0, 0),
        "open a raw socket": lambda: raw(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
        "open a packet socket": lambda: raw(socket.AF_PACKET, socket.SOCK_RAW, 0),
        "open a netlink socket": lambda: raw(socket.AF_NETLINK, socket.SOCK_RAW, 0),
        "reach the metadata address": lambda: connect(METADATA),
        "trace a process": lambda: called(_LIBC.ptrace(_PTRACE_SEIZE, os.getppid(), 0, 0)),
        "mount a file system": lambda: called(_LIBC.mount(b"none", b"/mnt", b"tmpfs", 0, None)),
        "become root": become_root,
        "set the clock": change_clock,
        "load a BPF program": lambda: syscall(_BPF, -1, 0, 0),
        "make a file that runs as its owner": set_user_id,
    }


def write_setting(path: str) -> None:
    place = Path(path)
    place.write_text(place.read_text())


def set_user_id() -> None:
    place = Path("probe-suid")
    place.write_text("x")
    try:
        place.chmod(0o4755)
    finally:
        place.unlink()


def controls() -> dict[str, Callable[[], object]]:
    """What must work in every unit: else the tries would prove nothing."""
    return {
        "write to its own folder": lambda: write("probe"),
        "reach an address that is not barred": lambda: connect(FREE),
        "run a program": lambda: os.waitpid(os.spawnv(os.P_NOWAIT, "/bin/true", ["true"]), 0),
    }


def outcome(work: Callable[[], object]) -> str:
    """Empty when it worked, else why not."""
    try:
        work()
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def main(mine: str, other: str) -> None:
    more = {"write code and run it": writable_code, "make a user namespace": user_namespace}
    told = {
        "tries": {name: outcome(work) for name, work in tries(other).items()},
        "controls": {name: outcome(work) for name, work in controls().items()},
        # Barred for the device alone: Chromium needs both.
        "more": {name: outcome(work) for name, work in more.items()},
        "uid": os.getuid(),
        "capabilities": next(
            line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapEff")
        ),
    }
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
