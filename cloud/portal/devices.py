"""Devices: which are paired, and pairing and revoking them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from cloud.people.accounts import Accounts, PairedDevice
from cloud.people.tickets import Tickets
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body


class DeviceNamed(Struct, frozen=True, forbid_unknown_fields=True):
    """A device to pair."""

    name: str


class Devices(Struct, frozen=True, kw_only=True):
    """`revoke` puts a connected device out."""

    doors: Doors
    accounts: Accounts
    tickets: Tickets
    revoke: Callable[[str], None]

    def table(self) -> Table:
        """Path, method and handler of each address."""
        return (
            ("/api/devices", "GET", self.devices),
            ("/api/devices", "POST", self.pair),
            ("/api/devices/{device}", "DELETE", self.unpair),
        )

    async def devices(self, request: Request) -> Response:
        """The paired devices, without their keys."""
        person = self.doors.person(request)
        mine = [device for device in self.accounts.devices() if device.person == person]
        return answer({"devices": [_shown(one) for one in mine]})

    async def pair(self, request: Request) -> Response:
        """Pairs a device. This answer is the only one that ever holds its key."""
        self.doors.person(request)
        given = await body(request, DeviceNamed)
        device = self.accounts.pair(given.name)
        return answer({"id": device.id, "name": device.name, "key": device.key}, 201)

    async def unpair(self, request: Request) -> Response:
        """Revokes a device; its socket closes at once."""
        self.doors.person(request)
        device = request.path_params["device"]
        self.accounts.revoke(device)
        self.tickets.forget(device)
        self.revoke(device)
        return answer({"ok": True})


def _shown(device: PairedDevice) -> dict[str, str]:
    return {"id": device.id, "name": device.name, "paired_at": device.paired_at, "frozen": device.frozen}
