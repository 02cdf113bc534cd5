"""Who may speak to the cloud: its owner, by a token, and devices, by a key that they were paired with.

Nothing is open by default. The token and the keys lie in files that only the cloud's own user can read, one file a
device, so that `leveret pair` works whether or not the cloud is running. Accounts for several people come later.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from cloud.errors import DeviceNameTaken, DeviceUnknown, TokenRefused

OWNER = "owner"
KEY_BYTES = 32
_DEVICE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class PairedDevice(Struct, frozen=True, kw_only=True):
    """A device and the key that it proves. `key` is hex, 32 bytes.

    `public_key`: by which its signatures are known, of one that was paired by a code. `next_key`, `next_public_key`:
    what it was given to change to. `frozen`: since when it is locked, because a copy of it was seen.
    """

    id: str
    name: str
    person: str
    key: str
    paired_at: str
    public_key: str = ""
    next_key: str = ""
    next_public_key: str = ""
    frozen: str = ""


class Accounts:
    """The owner's token and the paired devices, in `folder`. `watch` is told every secret that is read or made."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        watch: Callable[[str], None] = lambda secret: None,
    ) -> None:
        self.folder = folder
        self._clock = clock
        self._watch = watch
        self._token = ""

    @property
    def token_path(self) -> Path:
        """Where the owner's token lies."""
        return self.folder / "owner.token"

    def open(self) -> str:
        """The owner's token, made at the first start."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.token_path.exists():
            write_secret(self.token_path, secrets.token_urlsafe(32))
        self._token = self.token_path.read_text(encoding="utf-8").strip()
        self._watch(self._token)
        return self._token

    def check_token(self, given: str) -> str:
        """The person that `given` stands for. Compared in constant time. Raises TokenRefused."""
        if not self._token or not hmac.compare_digest(given.encode(), self._token.encode()):
            raise TokenRefused("the token is missing or wrong; `leveret token` shows the right one")
        return OWNER

    def pair(self, name: str) -> PairedDevice:
        """Makes a key for a new device. Raises DeviceNameTaken."""
        return self.adopt(name, secrets.token_hex(KEY_BYTES), "")

    def adopt(self, name: str, key: str, public_key: str) -> PairedDevice:
        """Pairs a device whose keys are there already; one that is frozen gives its name up. Raises DeviceNameTaken."""
        device_id = id_of(name)
        if self._path(device_id).exists() and not self.device(device_id).frozen:
            raise DeviceNameTaken(f"a device called {name!r} is paired; revoke it first, or take another name")
        paired_at = self._clock().isoformat()
        device = PairedDevice(
            id=device_id, name=name, person=OWNER, key=key, public_key=public_key, paired_at=paired_at
        )
        self._write(device)
        return device

    def freeze(self, device_id: str) -> PairedDevice:
        """Its key was copied: it is let in no more, whoever holds it. Raises DeviceUnknown."""
        frozen = msgspec.structs.replace(self.device(device_id), frozen=self._clock().isoformat())
        self._write(frozen)
        return frozen

    def offer(self, device_id: str, key: str, public_key: str) -> None:
        """New keys for a device; they count, beside the old ones, until it has proven them. Raises DeviceUnknown."""
        self._write(msgspec.structs.replace(self.device(device_id), next_key=key, next_public_key=public_key))

    def turn_over(self, device_id: str) -> PairedDevice:
        """The device has proven its new keys: the old ones are worth nothing from now on. Raises DeviceUnknown."""
        device = self.device(device_id)
        if not device.next_key:
            return device
        keys = {"key": device.next_key, "public_key": device.next_public_key}
        turned = msgspec.structs.replace(device, **keys, next_key="", next_public_key="")
        self._write(turned)
        return turned

    def device(self, device_id: str) -> PairedDevice:
        """The device of that id. Raises DeviceUnknown, also for ids that could name no file of ours."""
        if not _DEVICE_ID.fullmatch(device_id):
            raise DeviceUnknown(f"{device_id[:64]!r} is no device id")
        try:
            found = msgspec.json.decode(self._path(device_id).read_bytes(), type=PairedDevice)
        except FileNotFoundError:
            raise DeviceUnknown(f"no device {device_id!r} is paired; `leveret pair NAME` pairs one") from None
        self._watch(found.key)
        return found

    def devices(self) -> tuple[PairedDevice, ...]:
        """All paired devices, by id."""
        found = sorted((self.folder / "devices").glob("*.json"))
        return tuple(msgspec.json.decode(path.read_bytes(), type=PairedDevice) for path in found)

    def revoke(self, device_id: str) -> None:
        """The device's key is worth nothing from now on. Raises DeviceUnknown."""
        self.device(device_id)
        self._path(device_id).unlink(missing_ok=True)

    def _write(self, device: PairedDevice) -> None:
        for key in (device.key, device.next_key):
            if key:
                self._watch(key)
        path = self._path(device.id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret(path, msgspec.json.encode(device).decode())

    def _path(self, device_id: str) -> Path:
        return self.folder / "devices" / f"{device_id}.json"


def id_of(name: str) -> str:
    """A device's id from its name: "Kitchen hare" as "kitchen-hare"."""
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    if not _DEVICE_ID.fullmatch(made):
        raise DeviceUnknown(f"a device's name needs a letter or a digit, {name!r} has none")
    return made


def write_secret(path: Path, text: str) -> None:
    """Writes a file that only this user can read, whole or not at all."""
    beside = path.with_name(path.name + f".{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
