"""The keys of the vault: one data key a person, in a file of its own, wrapped by a key-encryption key from a file.

The data keys lie outside of the store: a copy of the store alone opens nothing, and after a data key is shredded no
copy of the store opens what it sealed. The key file holds a key a line (base64url of 32 bytes), the newest first; more
than one only while keys are rotated. All use is under a lock between processes, so that `leveret vault` works beside a
running cloud.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from cloud.errors import SecretUnreadable, VaultKeyError
from cloud.files import sync
from cloud.people.accounts import write_secret
from cloud.people.envelope import KEY_BYTES, Source, seal, unseal

CREDENTIAL = "leveret.vault_key"
WRITABLE_BY_OTHERS = 0o077
Write = Callable[[Path, str], None]


class Wrapped(Struct, frozen=True, kw_only=True):
    """A person's data key, sealed by the key-encryption key whose id is `under`."""

    person: str
    under: str
    key: bytes


class Keys:
    """The data keys in `folder`, wrapped by the keys in `key_file`. `given`: that file is somebody else's to write.

    `watch` is told each key-encryption key, as it stands in the file.
    """

    def __init__(
        self,
        folder: Path,
        key_file: Path,
        *,
        given: bool = False,
        source: Source | None = None,
        watch: Callable[[str], None] = lambda secret: None,
        write: Write = write_secret,
    ) -> None:
        self._folder = folder
        self._file = key_file
        self._given = given
        self._source = source or Source()
        self._watch = watch
        self._write = write

    def open(self) -> None:
        """Makes the key file at the first start. Raises VaultKeyError: it is gone, unreadable, or open to others."""
        with self._locked(fcntl.LOCK_EX):
            if not self._file.exists() and not self._given and not self._wrapped_files():
                self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._write(self._file, self._new_line() + "\n")
            self._ring()

    def of(self, person: str, *, make: bool = False) -> bytes:
        """The person's data key; with `make` a new one when there is none. Raises SecretUnreadable, VaultKeyError."""
        with self._locked(fcntl.LOCK_EX if make else fcntl.LOCK_SH):
            path = self._path(person)
            if make and not path.exists():
                key = self._source.fresh(KEY_BYTES)
                self._wrap(person, key)
                return key
            return self._unwrap(path, person)

    def shred(self, person: str) -> None:
        """The person's data key is gone for good, and with it all that it sealed; again is harmless."""
        with self._locked(fcntl.LOCK_EX):
            path = self._path(person)
            if path.exists():
                with path.open("r+b") as file:
                    file.write(b"\0" * path.stat().st_size)
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
                sync(self._folder)

    def rotate(self) -> int:
        """Wraps every data key anew and returns how many; nothing that they sealed is touched.

        A key file of ours gets a new key first and loses the old ones last, so that a crash at any moment leaves every
        data key readable, and another rotation finishes the work. With a key file that is given the newest of its keys
        is taken, and the others may then be removed from it. Raises VaultKeyError.
        """
        with self._locked(fcntl.LOCK_EX):
            if not self._given:
                lines = [self._new_line(), *self._lines()]
                self._write(self._file, "\n".join(lines) + "\n")
            newest = next(iter(self._ring()))
            count = 0
            for path in self._wrapped_files():
                wrapped = _read_wrapped(path)
                if wrapped.under != newest:
                    self._wrap(wrapped.person, self._unwrap(path, wrapped.person))
                    count += 1
            if not self._given:
                self._write(self._file, lines[0] + "\n")
            return count

    def _wrap(self, person: str, key: bytes) -> None:
        under, wrapping = next(iter(self._ring().items()))
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sealed = seal(wrapping, key, ("leveret data key", person, under), self._source)
        self._write(self._path(person), msgspec.json.encode(Wrapped(person=person, under=under, key=sealed)).decode())
        sync(self._folder)

    def _unwrap(self, path: Path, person: str) -> bytes:
        wrapped = _read_wrapped(path)
        wrapping = self._ring().get(wrapped.under)
        if wrapping is None:
            raise SecretUnreadable
        return unseal(wrapping, wrapped.key, ("leveret data key", person, wrapped.under))

    def _ring(self) -> Mapping[str, bytes]:
        """The key-encryption keys by id, the newest first."""
        lines = self._lines()
        ring = {}
        for line in lines:
            try:
                key = base64.b64decode(line, altchars=b"-_", validate=True)
            except (binascii.Error, ValueError):
                key = b""
            if len(key) != KEY_BYTES:
                raise VaultKeyError(f"{self._file} holds no key of {KEY_BYTES} bytes in base64url; restore it")
            self._watch(line)
            ring[hashlib.sha256(b"leveret vault key id" + key).hexdigest()[:16]] = key
        return ring

    def _lines(self) -> list[str]:
        try:
            if not self._given and stat.S_IMODE(self._file.stat().st_mode) & WRITABLE_BY_OTHERS:
                raise VaultKeyError(f"others can read the vault's key; run: chmod 600 {self._file}")
            lines = self._file.read_text(encoding="ascii").split()
        except (OSError, UnicodeDecodeError) as error:
            raise VaultKeyError(f"the vault's key {self._file} cannot be read; restore it from a backup") from error
        if not lines:
            raise VaultKeyError(f"the vault's key {self._file} is empty; restore it from a backup")
        return lines

    def _new_line(self) -> str:
        return base64.urlsafe_b64encode(self._source.fresh(KEY_BYTES)).decode()

    def _path(self, person: str) -> Path:
        return self._folder / f"{hashlib.sha256(person.encode()).hexdigest()[:32]}.key"

    def _wrapped_files(self) -> list[Path]:
        return sorted(self._folder.glob("*.key"))

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, how)
            yield
        finally:
            os.close(handle)


def _read_wrapped(path: Path) -> Wrapped:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Wrapped)
    except (OSError, msgspec.MsgspecError):
        raise SecretUnreadable from None


def keys_of(
    people: Path, key_file: str, environ: Mapping[str, str], watch: Callable[[str], None] = lambda secret: None
) -> Keys:
    """The keys of a data folder's `people`, from the key file configured, else a systemd credential, else our own."""
    credential = Path(environ.get("CREDENTIALS_DIRECTORY", "")) / CREDENTIAL
    if key_file:
        return Keys(people / "keys", Path(key_file), watch=watch)
    if environ.get("CREDENTIALS_DIRECTORY") and credential.exists():
        return Keys(people / "keys", credential, given=True, watch=watch)
    return Keys(people / "keys", people / "vault.key", watch=watch)
