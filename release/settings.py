"""`update.toml`: where releases come from, and whose are taken. Whoever owns the machine writes it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from release.errors import NoPlace
from release.manifest import Channel
from release.trust import Keys

FILE: Final = "update.toml"
_Key = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`address`: http(s), a folder with `index.json`; none: only from a folder or a stick. `hardware`: the build.

    `primary`, `spare`, `revoked`: public keys, 64 hex digits each.
    """

    address: str = ""
    channel: Channel = "stable"
    hardware: str = ""
    primary: _Key = ""
    spare: _Key = ""
    revoked: tuple[_Key, ...] = ()

    @property
    def keys(self) -> Keys:
        """Who is trusted, and who no longer."""
        trusted = tuple(bytes.fromhex(one) for one in (self.primary, self.spare) if one)
        return Keys(trusted=trusted, revoked=tuple(bytes.fromhex(one) for one in self.revoked))


def read(root: Path) -> Settings:
    """As the folder of a program has it; the defaults where there is no such file. Raises NoPlace."""
    path = root / FILE
    try:
        settings = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings)
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise NoPlace(f"{path} cannot be read: {error.strerror}. Correct its rights, then try again.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise NoPlace(f"{path} is wrong: {error}. docs/updates.md says what may stand in it.") from error
    parts = urlsplit(settings.address)
    if settings.address and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise NoPlace(f"The address {settings.address!r} in {path} is none: https://host/folder/ is due.")
    return settings
