"""The computer below the parts, read from its files. Adapters; nothing here judges."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from device.check.advice import CARD_WORDS, CHIP_WORDS
from device.check.seen import ClockSeen, DiskSeen, MachineSeen, Network, NetworkSeen, WatchdogSeen
from device.errors import PinError, PowerError
from device.parts.pins import check_libraries
from device.parts.watchdog import HardwareWatchdog

_CONFIGS: Final = ("boot/firmware/config.txt", "boot/config.txt")
_ASK_S: Final = 3.0
_LINES_MOST: Final = 3
_LINE_CHARS: Final = 160
_SIOCGIFADDR: Final = 0x8915
_NAME_BYTES: Final = 15
_UNIT: Final = "leveret-device.service"
_UNIT_FOLDERS: Final = ("etc/systemd/system", "usr/local/lib/systemd/system", "usr/lib/systemd/system")
# Not a device of its own, or not the way out.
_NO_NETWORK: Final = ("lo", "docker", "veth", "br-", "tun", "wg")


class Machine:
    """`root`: where the files of the system are."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def look(self) -> MachineSeen:
        """Model, system, what the boot configuration has, and what the kernel complains of."""
        model = self._text("proc/device-tree/model").rstrip("\0\n ")
        libraries = ""
        try:
            check_libraries()
        except PinError as error:
            libraries = str(error)
        config = next((text for name in _CONFIGS if (text := self._text(name))), "")
        wanted = ("dtparam=", "dtoverlay=")
        return MachineSeen(
            model=model if "Raspberry Pi" in model else "",
            system=_field(self._text("etc/os-release"), "PRETTY_NAME"),
            kernel=platform.release(),
            python=platform.python_version(),
            memory_mb=int(_field(self._text("proc/meminfo"), "MemTotal", ":").split(" ")[0] or 0) // 1024,
            libraries=libraries,
            overlays=tuple(one.strip() for one in config.splitlines() if one.strip().startswith(wanted)),
            config_txt=bool(config),
            kernel_said=kernel_said(CHIP_WORDS) if model else (),
        )

    def networks(self) -> NetworkSeen:
        """What leads out."""
        found = []
        folder = self._root / "sys/class/net"
        for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
            if not entry.name.startswith(_NO_NETWORK):
                found.append(self._network(entry))
        blocked = any(
            self._text(f"sys/class/rfkill/{one.name}/type").strip() == "wlan"
            and "1" in (self._text(f"sys/class/rfkill/{one.name}/{kind}").strip() for kind in ("soft", "hard"))
            for one in _entries(self._root / "sys/class/rfkill")
        )
        return NetworkSeen(tuple(found), blocked)

    def _network(self, entry: Path) -> Network:
        wireless = (entry / "wireless").exists()
        up = self._text(f"sys/class/net/{entry.name}/operstate").strip() in ("up", "unknown")
        signal = 0
        for row in self._text("proc/net/wireless").splitlines():
            name, _, rest = row.partition(":")
            if name.strip() == entry.name and len(rest.split()) > 2:
                signal = int(float(rest.split()[2]))
        return Network(entry.name, wireless, up, _address(entry.name) if up else "", signal)

    def watchdog(self, path: str) -> WatchdogSeen:
        """systemd's unit and the chip; the chip's own is tried where it is set, and can be stopped again."""
        chip = "sys/class/watchdog/watchdog0"
        timeout = self._text(f"{chip}/timeout").strip()
        seen = WatchdogSeen(
            path=path,
            unit_s=self._unit_s(),
            chip=self._text(f"{chip}/identity").strip(),
            chip_s=int(timeout) if timeout.isdigit() else 0,
            endless=self._text(f"{chip}/nowayout").strip() == "1",
        )
        if not path or seen.endless:
            return seen
        try:
            tried = HardwareWatchdog(Path(path))
            tried.feed()
            tried.close()
        except (PowerError, OSError) as error:
            return replace(seen, reason=str(error))
        return replace(seen, fed=True)

    def _unit_s(self) -> float:
        unit = next((text for folder in _UNIT_FOLDERS if (text := self._text(f"{folder}/{_UNIT}"))), "")
        if not unit:
            return -1.0
        asked = _field(unit, "WatchdogSec").removesuffix("s").strip()
        return float(asked) if asked.replace(".", "", 1).isdigit() else 0.0

    def clock(self) -> ClockSeen:
        """The year, and whether the network sets it."""
        folder = self._root / "run/systemd/timesync"
        in_step = (folder / "synchronized").exists() if folder.is_dir() else None
        return ClockSeen(datetime.now(UTC).year, in_step)

    def disk(self, folder: Path) -> DiskSeen:
        """Room and health of the disk that `folder` is on."""
        usage = shutil.disk_usage(folder)
        read_only = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
        began = time.monotonic()
        reason, took_ms = "", -1
        path = folder / f".check-{os.getpid()}"
        try:
            with path.open("wb") as file:
                file.write(bytes(65_536))
                file.flush()
                os.fsync(file.fileno())
            took_ms = round(1000 * (time.monotonic() - began))
        except OSError as error:
            reason = error.strerror or str(error)
        finally:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        return DiskSeen(usage.free >> 20, read_only, took_ms, reason, kernel_said(CARD_WORDS))

    def _text(self, name: str) -> str:
        try:
            return (self._root / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _field(told: str, name: str, sign: str = "=") -> str:
    for row in told.splitlines():
        key, _, value = row.partition(sign)
        if key.strip() == name:
            return value.strip().strip('"')
    return ""


def kernel_said(words: Sequence[str]) -> tuple[str, ...]:
    """Lines of the kernel's log that have one of the words; none where it may not be read."""
    try:
        told = subprocess.run(["dmesg"], capture_output=True, text=True, timeout=_ASK_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = [row.strip()[:_LINE_CHARS] for row in told.stdout.splitlines() if any(word in row for word in words)]
    return tuple(found[-_LINES_MOST:])


def _address(name: str) -> str:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asking = struct.pack("256s", name.encode()[:_NAME_BYTES])
            return socket.inet_ntoa(fcntl.ioctl(asked.fileno(), _SIOCGIFADDR, asking)[20:24])
        except OSError:
            return ""
