"""A device that was paired by a code changes its keys after a while, by itself.

The new ones are written down before they are used; until the cloud has seen them proven, the old ones count, too. So a
power cut at any moment leaves a device that is let in.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec.structs import replace

from device.clock import LEAST_WALL_MS
from device.config import Key, write_key
from device.errors import ConfigError, PairingError
from device.provisioning.introduction import Keys, poster, rotate
from device.trust import tls_of

AGE_S: Final = 90 * 86_400


def is_due(key: Key, now_s: float) -> bool:
    """Whether the keys are old enough. Never by a clock that was not set."""
    return bool(key.seed and key.made_at) and now_s * 1000 >= LEAST_WALL_MS and now_s - key.made_at >= AGE_S


class Rekeying:
    """The keys of one start. `changed` is told the new ones, which count from the next socket on."""

    def __init__(
        self,
        key: Key,
        path: Path,
        *,
        changed: Callable[[Key], None],
        note: Callable[..., None],
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._key = key
        self._path = path
        self._changed = changed
        self._note = note
        self._now_s = now_s
        self._tried = False

    async def look(self) -> None:
        """The device is let in: change the keys if it is time. Once a start; what fails is tried at the next one."""
        key, now_s = self._key, self._now_s()
        if self._tried or not is_due(key, now_s):
            return
        self._tried = True
        tls = tls_of(key.certificate) if urlsplit(key.cloud).scheme == "wss" else None
        try:
            keys = await rotate(poster(key.cloud, tls), Keys(device=key.device, key=key.key, seed=key.seed))
            new = replace(key, key=keys.key, seed=keys.seed, made_at=int(now_s))
            await asyncio.to_thread(write_key, self._path, new)
        except (PairingError, ConfigError, OSError, TimeoutError) as error:
            self._note("keys_not_changed", reason=str(error))
            return
        self._key = new
        self._note("keys_changed")
        self._changed(new)
