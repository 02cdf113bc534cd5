"""A setup with the device's own settings: who it is from now on is written down where it is read at the next start."""

from __future__ import annotations

import asyncio
import sys
import time
from importlib.metadata import version

from device.config import Config, Key, write_key
from device.journal import Journal
from device.parts.interfaces import Parts
from device.provisioning.introduction import Keys
from device.provisioning.network_manager import NetworkManagerRadio
from device.provisioning.radio import Radio
from device.provisioning.state import Purpose, State
from device.provisioning.wizard import Outside, Wizard
from device.settings import Settings, SettingsFile
from device.trust import Certificate


async def set_up(config: Config, parts: Parts, purpose: Purpose, *, key: Key | None = None) -> State:
    """Go through a setup, to its end; closes the parts. `key`: who the device is so far. Raises ConfigError."""
    wizard = wizard_of(config, parts, purpose, key=key)
    reporting = asyncio.create_task(_report(wizard.journal))
    try:
        return await wizard.run()
    finally:
        reporting.cancel()
        parts.close()


async def _report(journal: Journal) -> None:
    """How it goes stands on stderr, too, for whoever looks after the device; no password and no code are in it."""
    position = 0
    while True:
        for entry in journal.since(position):
            told = "  ".join(f"{name}={value}" for name, value in entry.data.items() if value)
            sys.stderr.write(f"leveret-device: {entry.event}  {told}\n")
        sys.stderr.flush()
        position = journal.position
        await journal.changed()


def wizard_of(
    config: Config,
    parts: Parts,
    purpose: Purpose,
    *,
    key: Key | None = None,
    radio: Radio | None = None,
    outside: Outside | None = None,
) -> Wizard:
    """A setup of this device."""
    settings, _ = SettingsFile(config.settings_file).read(Settings())

    def keep(keys: Keys, cloud: str, certificate: Certificate | None) -> None:
        pem = certificate.pem if certificate else ""
        write_key(config.key_file, Key(keys.device, keys.key, keys.seed, cloud, pem, int(time.time())))

    state = State(
        purpose=purpose,
        language=settings.language,
        has_camera=parts.camera is not None,
        cloud=known_cloud(config, key),
        known=known_cloud(config, key),
        plain=config.plain,
    )
    return Wizard(
        state,
        parts,
        radio or NetworkManagerRadio(),
        keep=keep,
        software=f"leveret {version('leveret')}",
        large=settings.text == "large",
        outside=outside,
    )


def known_cloud(config: Config, key: Key | None) -> str:
    """Where the cloud is, if that is known: the address that stands in for none is that of a desk."""
    if key is not None and key.cloud:
        return key.cloud
    return config.cloud if key is not None or config.cloud != Config().cloud else ""
