"""Wi-Fi while the device runs: what is kept, and another network that is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec.structs import replace

from device.errors import RadioError
from device.parts.network import read_network
from device.provisioning.network_manager import NetworkManagerRadio
from device.provisioning.radio import NotJoined, Radio, Why
from device.state import Network

_JOIN_S = 40.0
_ABSENT = "This Wi-Fi is not in reach. Is its name right?"
_NOT_JOINED = "I cannot join this Wi-Fi. Please try again, or take another one."


class Wireless:
    """Opens the radio for each errand, and keeps nothing open. `radio` makes one."""

    def __init__(
        self, radio: Callable[[], Radio] = NetworkManagerRadio, network: Callable[[], Network] = read_network
    ) -> None:
        self._radio = radio
        self._network = network

    async def look(self) -> Network:
        """What the device is connected to, and what is kept, where a NetworkManager tells."""
        found = await asyncio.to_thread(self._network)
        radio = self._radio()
        try:
            await radio.open()
            return replace(found, saved=await radio.saved())
        except RadioError:
            return found
        finally:
            radio.close()

    async def join(self, name: str) -> str:
        """Join a network that is kept: empty, or a sentence why not."""
        radio = self._radio()
        try:
            await radio.open()
            await radio.rejoin(name, _JOIN_S)
        except NotJoined as error:
            return _ABSENT if error.why is Why.ABSENT else _NOT_JOINED
        except RadioError as error:
            return str(error)
        finally:
            radio.close()
        return ""

    async def forget(self, name: str) -> str:
        """Keep its password no more: empty, or a sentence why not."""
        radio = self._radio()
        try:
            await radio.open()
            await radio.forget(name)
        except RadioError as error:
            return str(error)
        finally:
            radio.close()
        return ""
