"""The ticket that the cloud gave this start, on the disk beside the key: by it a copy of this device is noticed."""

from __future__ import annotations

from pathlib import Path

from device.files import write_whole


class TicketFile:
    """One small file, always whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str:
        """The last ticket that was kept; empty for none."""
        try:
            return self._path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def write(self, ticket: str) -> None:
        """Returns when it is on the disk. Raises OSError."""
        write_whole(self._path, f"{ticket}\n".encode(), mode=0o600)

    def forget(self) -> None:
        """The device is paired anew."""
        self._path.unlink(missing_ok=True)


def ticket_of(key_file: Path) -> TicketFile:
    """The ticket that belongs to a key file."""
    return TicketFile(key_file.with_name(key_file.name + ".ticket"))
