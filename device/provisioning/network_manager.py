"""Wi-Fi by NetworkManager, over its D-Bus API (1.16 and later).

A network is tried in memory and kept when it works, so that a wrong password is never on the disk.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from device.errors import RadioError
from device.provisioning.bus import Bus, BusRefusal
from device.provisioning.radio import Hotspot, NotJoined, Online, Seen, Why, Wish

SERVICE: Final = "org.freedesktop.NetworkManager"
_ROOT: Final = "/org/freedesktop/NetworkManager"
_SETTINGS: Final = "/org/freedesktop/NetworkManager/Settings"
_DEVICE: Final = f"{SERVICE}.Device"
_WIRELESS: Final = f"{SERVICE}.Device.Wireless"
_POINT: Final = f"{SERVICE}.AccessPoint"
_ACTIVE: Final = f"{SERVICE}.Connection.Active"
_KEPT: Final = f"{SERVICE}.Settings.Connection"
_WIFI: Final = 2
_FAILED: Final = 120
_ACTIVATED: Final = 2
_ENDED: Final = (3, 4)
_SCAN_S: Final = 12.0
_LOOK_S: Final = 1.0
_HOTSPOT_S: Final = 20.0
_NONE: Final[Mapping[str, str]] = MappingProxyType({})
HOTSPOT_ADDRESS: Final = "10.42.0.1"
# NMDeviceStateReason: what came in the way. The first five are how a wrong password looks from here.
_WHY: Final = {
    7: Why.PASSWORD,  # no secrets: it asked for a better one, and nobody could give it
    8: Why.PASSWORD,  # the supplicant hung up, as in the handshake
    9: Why.PASSWORD,  # what was given is no password at all
    10: Why.PASSWORD,
    11: Why.SLOW,
    5: Why.ADDRESS,
    15: Why.ADDRESS,
    16: Why.ADDRESS,
    17: Why.ADDRESS,
    53: Why.ABSENT,
}
_ONLINE: Final = {1: Online.NO, 2: Online.PORTAL, 3: Online.LOCAL, 4: Online.YES}


class NetworkManagerRadio:
    """The first Wi-Fi card there is. `address`: another bus than the system's; `own`: the hotspot's address."""

    def __init__(self, address: str = "", own: str = HOTSPOT_ADDRESS) -> None:
        self._own = own
        self._bus = Bus(SERVICE, address)
        self._address = address
        self._hotspot = ""
        self._reason = 0

    async def open(self) -> None:
        await self._bus.open()
        self._bus.listen(self._heard)
        try:
            await self._bus.get(_ROOT, SERVICE, "State")
        except BusRefusal as error:
            raise RadioError("Wi-Fi cannot be set up here: NetworkManager is not running.") from error

    def close(self) -> None:
        self._bus.close()

    def _heard(self, path: str, member: str, body: list[Any]) -> None:
        if member == "StateChanged" and len(body) == 3 and body[0] == _FAILED:
            self._reason = body[2]

    # Looking ------------------------------------------------------------------------------------------------------

    async def online(self) -> Online:
        if await self._bus.get(_ROOT, SERVICE, "State") < 50:
            return Online.NO
        told = await self._bus.get(_ROOT, SERVICE, "Connectivity")
        return _ONLINE.get(told, Online.UNKNOWN)

    async def networks(self) -> tuple[Seen, ...]:
        card = await self._card()
        await self._scan(card)
        known = set(await self.saved())
        found: dict[str, Seen] = {}
        for point in (await self._bus.call(card, _WIRELESS, "GetAllAccessPoints"))[0]:
            seen = await self._point(point, known)
            if seen and seen.signal >= found.get(seen.name, seen).signal:
                found[seen.name] = seen
        return tuple(sorted(found.values(), key=lambda one: (-one.signal, one.name)))

    async def _point(self, path: str, known: set[str]) -> Seen | None:
        """None for one that is hidden, or has gone meanwhile."""
        try:
            name = text_of(await self._bus.get(path, _POINT, "Ssid"))
            strength = await self._bus.get(path, _POINT, "Strength")
            flags = [await self._bus.get(path, _POINT, one) for one in ("Flags", "WpaFlags", "RsnFlags")]
        except BusRefusal:
            return None
        secured = bool(flags[0] & 1 or flags[1] or flags[2])
        return Seen(name, min(100, strength), secured, name in known) if name else None

    async def _scan(self, card: str) -> None:
        """As a hotspot a card may refuse, and right after a scan, too: what it saw last is taken then."""
        try:
            before = await self._bus.get(card, _WIRELESS, "LastScan")
            await self._bus.call(card, _WIRELESS, "RequestScan", "a{sv}", {})
        except BusRefusal:
            return
        until = time.monotonic() + _SCAN_S
        while time.monotonic() < until and await self._bus.get(card, _WIRELESS, "LastScan") == before:
            await self._bus.news(_LOOK_S)

    async def saved(self) -> tuple[str, ...]:
        return tuple(sorted({name for name, _ in await self._profiles()}))

    async def _profiles(self) -> list[tuple[str, str]]:
        """Name and path of each Wi-Fi that is kept; not our own hotspot."""
        found = []
        for path in (await self._bus.call(_SETTINGS, f"{SERVICE}.Settings", "ListConnections"))[0]:
            try:
                told = (await self._bus.call(path, _KEPT, "GetSettings"))[0]
            except BusRefusal:
                continue
            wireless = told.get("802-11-wireless")
            if wireless and wireless.get("mode", "infrastructure") != "ap":
                found.append((text_of(wireless.get("ssid", b"")), path))
        return found

    async def _card(self) -> str:
        for path in (await self._bus.call(_ROOT, SERVICE, "GetDevices"))[0]:
            if await self._bus.get(path, _DEVICE, "DeviceType") == _WIFI:
                return str(path)
        raise RadioError("This device has no Wi-Fi.")

    # Being one ----------------------------------------------------------------------------------------------------

    async def open_hotspot(self, name: str, password: str) -> Hotspot:
        card = await self._card()
        profile = hotspot_profile(name, password, self._own)
        try:
            # It goes when this process does, however that ends.
            _, active = await self._activate(profile, card, "/", "volatile", {"bind-activation": "dbus-client"})
        except BusRefusal as error:
            raise RadioError(f"I cannot open a Wi-Fi of my own: {error}") from error
        self._hotspot = active
        try:
            await self._reach(active, _HOTSPOT_S)
        except NotJoined as error:
            await self.close_hotspot()
            raise RadioError(
                f"I cannot open a Wi-Fi of my own ({error}). Is the country set, and dnsmasq-base installed?"
            ) from error
        return Hotspot(name, password, self._own)

    async def close_hotspot(self) -> None:
        active, self._hotspot = self._hotspot, ""
        if active:
            await self._leave(active)

    # Joining one --------------------------------------------------------------------------------------------------

    async def join(self, wish: Wish, most_s: float) -> None:
        if not wish.password and wish.name in await self.saved():
            await self.rejoin(wish.name, most_s)
            return
        card = await self._card()
        if wish.country:
            await self._tell_country(wish.country)
        point = await self._point_of(card, wish.name)
        try:
            kept, active = await self._activate(profile_of(wish), card, point, "memory")
        except BusRefusal as error:
            why = Why.PASSWORD if "psk" in str(error) or "InvalidProperty" in error.name else Why.OTHER
            raise NotJoined(why, str(error)) from error
        try:
            await self._reach(active, most_s)
            await self._bus.call(kept, _KEPT, "Save")
        except BaseException:
            await self._drop(kept)
            raise
        for name, path in await self._profiles():
            if name == wish.name and path != kept:
                await self._drop(path)

    async def rejoin(self, name: str, most_s: float) -> None:
        card = await self._card()
        paths = [path for known, path in await self._profiles() if known == name]
        if not paths:
            raise NotJoined(Why.ABSENT, name)
        self._reason = 0
        try:
            active = (await self._bus.call(_ROOT, SERVICE, "ActivateConnection", "ooo", paths[0], card, "/"))[0]
        except BusRefusal as error:
            raise NotJoined(Why.ABSENT, str(error)) from error
        await self._reach(active, most_s)

    async def forget(self, name: str) -> None:
        for known, path in await self._profiles():
            if known == name:
                await self._drop(path)

    async def _activate(
        self, profile: dict[str, Any], card: str, point: str, persist: str, more: Mapping[str, str] = _NONE
    ) -> tuple[str, str]:
        from dbus_fast import Variant

        self._reason = 0
        signature = "a{sa{sv}}ooa{sv}"
        options = {name: Variant("s", value) for name, value in {"persist": persist, **more}.items()}
        member = "AddAndActivateConnection2"
        kept, active, _ = await self._bus.call(_ROOT, SERVICE, member, signature, profile, card, point, options)
        return str(kept), str(active)

    async def _reach(self, active: str, most_s: float) -> None:
        """Until it is up. Raises NotJoined."""
        until = time.monotonic() + most_s
        while (left_s := until - time.monotonic()) > 0:
            try:
                state = await self._bus.get(active, _ACTIVE, "State")
            except BusRefusal:
                state = _ENDED[0]
            if state == _ACTIVATED:
                return
            if state in _ENDED:
                # What it failed of may be told a moment later.
                if not self._reason:
                    await self._bus.news(_LOOK_S)
                raise NotJoined(_WHY.get(self._reason, Why.OTHER), f"reason {self._reason}")
            await self._bus.news(min(left_s, _LOOK_S))
        await self._leave(active)
        raise NotJoined(Why.SLOW)

    async def _leave(self, active: str) -> None:
        try:
            await self._bus.call(_ROOT, SERVICE, "DeactivateConnection", "o", active)
        except BusRefusal:
            return  # it is gone already

    async def _drop(self, profile: str) -> None:
        try:
            await self._bus.call(profile, _KEPT, "Delete")
        except BusRefusal:
            return  # it is gone already

    async def _point_of(self, card: str, name: str) -> str:
        for path in (await self._bus.call(card, _WIRELESS, "GetAllAccessPoints"))[0]:
            try:
                if text_of(await self._bus.get(path, _POINT, "Ssid")) == name:
                    return str(path)
            except BusRefusal:
                continue
        return "/"

    async def _tell_country(self, country: str) -> None:
        """The supplicant is told which channels are allowed; where it may not be, the system's own setting counts."""
        supplicant = Bus("fi.w1.wpa_supplicant1", self._address)
        try:
            await supplicant.open()
            interfaces = await supplicant.get("/fi/w1/wpa_supplicant1", "fi.w1.wpa_supplicant1", "Interfaces")
            for path in interfaces:
                await supplicant.set(path, "fi.w1.wpa_supplicant1.Interface", "Country", "s", country)
        except RadioError:
            return
        finally:
            supplicant.close()


def profile_of(wish: Wish) -> dict[str, Any]:
    """The profile of a network, as NetworkManager takes it. A wrong password is not asked for again: the page is."""
    from dbus_fast import Variant

    wireless = {"ssid": Variant("ay", wish.name.encode()), "mode": Variant("s", "infrastructure")}
    if wish.hidden:
        wireless["hidden"] = Variant("b", True)
    profile: dict[str, Any] = {
        "connection": {
            "id": Variant("s", wish.name),
            "type": Variant("s", "802-11-wireless"),
            "autoconnect": Variant("b", True),
            "auth-retries": Variant("i", 1),
        },
        "802-11-wireless": wireless,
        "ipv4": {"method": Variant("s", "auto")},
        "ipv6": {"method": Variant("s", "auto")},
    }
    if wish.password:
        psk = {"key-mgmt": Variant("s", "wpa-psk"), "psk": Variant("s", wish.password)}
        profile["802-11-wireless-security"] = psk
    return profile


def hotspot_profile(name: str, password: str, own: str) -> dict[str, Any]:
    """The device's own network: WPA2, on 2.4 GHz, which every phone has."""
    from dbus_fast import Variant

    address = {"address": Variant("s", own), "prefix": Variant("u", 24)}
    return {
        "connection": {
            "id": Variant("s", name),
            "type": Variant("s", "802-11-wireless"),
            "autoconnect": Variant("b", False),
        },
        "802-11-wireless": {
            "ssid": Variant("ay", name.encode()),
            "mode": Variant("s", "ap"),
            "band": Variant("s", "bg"),
        },
        "802-11-wireless-security": {
            "key-mgmt": Variant("s", "wpa-psk"),
            "proto": Variant("as", ["rsn"]),
            "psk": Variant("s", password),
        },
        "ipv4": {"method": Variant("s", "shared"), "address-data": Variant("aa{sv}", [address])},
        "ipv6": {"method": Variant("s", "ignore")},
    }


def text_of(name: bytes | list[int]) -> str:
    """A network's name: bytes, by custom UTF-8. Empty for a hidden one."""
    return bytes(name).decode("utf-8", "replace").strip("\0")
