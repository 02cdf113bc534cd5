"""What can be installed, as data: which users, units, folders, system packages and settings belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

UPDATER: Final = "leveret-update"

DEVICE_SETTINGS: Final = """\
# The handheld's settings; docs/operations.md says all there are. Restart: sudo systemctl restart leveret-device
# build = "whisplay"                        # or "discrete": docs/builds.md
# cloud = "wss://leveret.example/device"    # where its cloud is
key_file = "/var/lib/leveret-device/device.key"
settings_file = "/var/lib/leveret-device/settings.json"
kept_dir = "/var/lib/leveret-device/kept"
"""
CLOUD_SETTINGS: Final = """\
# The cloud's settings; docs/operations.md says all there are. Restart: sudo systemctl restart leveret-cloud
# timezone = "Europe/Berlin"
# names = ["leveret.example"]               # the host names by which the portal is reached
# skills = ["/etc/leveret/skills"]
"""
UPDATE_SETTINGS: Final = """\
# Where releases come from, and whose are taken; docs/updates.md says all there is. Without a key nothing is taken.
# address = "https://leveret.example/releases/"
# primary = "64 hex digits"
# spare = "64 hex digits"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """`name` is its service, too. `extras`: of pyproject.toml. `commands`: what people call, with where it is found.

    `packages`: system packages by Debian's names, each with those that serve as well. `rules`: for polkit,
    `names`: for the name server of a Wi-Fi that NetworkManager opens.
    """

    name: str
    extras: tuple[str, ...]
    commands: tuple[str, ...]
    packages: tuple[tuple[str, ...], ...]
    units: tuple[str, ...]
    settings: str
    rules: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    next_step: str

    @property
    def service(self) -> str:
        return f"leveret-{self.name}"

    @property
    def user(self) -> str:
        return f"leveret-{self.name}"

    @property
    def home(self) -> PurePosixPath:
        """Where its releases are (docs/updates.md)."""
        return PurePosixPath("/opt/leveret", self.name)

    @property
    def state(self) -> PurePosixPath:
        """What it keeps; systemd makes it."""
        return PurePosixPath("/var/lib", self.service)

    @property
    def settings_file(self) -> PurePosixPath:
        return PurePosixPath("/etc/leveret", f"{self.name}.toml")

    @property
    def update_settings(self) -> PurePosixPath:
        """Its updater looks for them in `home`, where a link leads here."""
        return PurePosixPath("/etc/leveret", f"{self.name}.update.toml")

    @property
    def enabled(self) -> tuple[str, ...]:
        """The units that are started with the machine."""
        return tuple(unit for unit in self.units if unit == f"{self.service}.service" or unit.endswith(".timer"))


DEVICE: Final = Program(
    name="device",
    extras=("pi", "release"),
    commands=("leveret-device",),
    packages=(
        ("python3-dev",),
        ("python3-venv",),
        ("gcc",),
        ("libc6-dev",),
        ("portaudio19-dev",),
        ("libopus0",),
        ("libasound2-plugins",),
        ("espeak-ng",),
        ("polkitd",),
        ("network-manager",),
        ("dnsmasq-base",),
    ),
    units=("leveret-device.service", "leveret-device-update.service", "leveret-device-update.timer"),
    settings=DEVICE_SETTINGS,
    rules=("50-leveret-device.rules",),
    names=("leveret-device.conf",),
    next_step="follow its screen (docs/user-guide.md), or: sudo systemctl start leveret-device",
)
CLOUD: Final = Program(
    name="cloud",
    extras=("cloud",),
    commands=("leveret",),
    packages=(
        ("python3-venv",),
        ("libopus0",),
        ("libatomic1",),
        ("fonts-dejavu-core",),
        ("chromium-headless-shell", "chromium"),
    ),
    units=("leveret-cloud.service", "leveret-cloud-update.service", "leveret-cloud-update.timer"),
    settings=CLOUD_SETTINGS,
    next_step="sudo -u leveret-cloud leveret token --data-dir /var/lib/leveret-cloud   # for the portal",
)
PROGRAMS: Final = {one.name: one for one in (DEVICE, CLOUD)}
