"""What the installer does to a machine, as data: each change can say what it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class InstallPackages:
    """By apt."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"install system packages: {', '.join(self.names)}"


@dataclass(frozen=True, slots=True)
class WriteFile:
    """`path` in the machine's own root. `new`: it was not there before."""

    path: PurePosixPath
    text: str
    new: bool

    def __str__(self) -> str:
        return f"{'write' if self.new else 'rewrite'} {self.path}"


@dataclass(frozen=True, slots=True)
class MakeUsers:
    """From a file for systemd-sysusers that was written before."""

    config: PurePosixPath
    users: tuple[str, ...]

    def __str__(self) -> str:
        if not self.users:
            return "give the system users the groups that they are to have"
        return f"make the system user{'s' if len(self.users) > 1 else ''} {', '.join(self.users)}"


@dataclass(frozen=True, slots=True)
class LayRelease:
    """The release of this copy of the repository: the first one of a program, or (`again`) one that it then tries."""

    program: str
    home: PurePosixPath
    again: bool = False

    def __str__(self) -> str:
        which = "a newer release, which it takes when nothing goes on," if self.again else "the first release"
        return f"lay {which} below {self.home} (some minutes)"


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link."""

    path: PurePosixPath
    target: PurePosixPath

    def __str__(self) -> str:
        return f"link {self.path} to {self.target}"


@dataclass(frozen=True, slots=True)
class Enable:
    """Units begin with the machine from now on; `start`: and now."""

    units: tuple[str, ...]
    start: bool

    def __str__(self) -> str:
        return f"{'enable and start' if self.start else 'enable'} {', '.join(self.units)}"


@dataclass(frozen=True, slots=True)
class Restart:
    """A running unit whose file has changed."""

    unit: str

    def __str__(self) -> str:
        return f"restart {self.unit}, if it runs"


@dataclass(frozen=True, slots=True)
class Disable:
    """Units end now, and do not begin again."""

    units: tuple[str, ...]

    def __str__(self) -> str:
        return f"stop and disable {', '.join(self.units)}"


@dataclass(frozen=True, slots=True)
class Remove:
    """A file, a link, or a folder with all that is in it."""

    path: PurePosixPath
    folder: bool = False

    def __str__(self) -> str:
        return f"remove {self.path}{' and all that is in it' if self.folder else ''}"


@dataclass(frozen=True, slots=True)
class RemoveUser:
    """A system user."""

    name: str

    def __str__(self) -> str:
        return f"remove the system user {self.name}"


Change = InstallPackages | WriteFile | MakeUsers | LayRelease | Link | Enable | Restart | Disable | Remove | RemoveUser
