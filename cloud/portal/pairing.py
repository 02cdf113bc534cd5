"""Pairing by a code: what a device that nobody knows yet may ask, and what the person does in the portal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import structlog
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cloud.errors import CodeRefused, DeviceUnknown
from cloud.events import EventLog
from cloud.people.accounts import Accounts
from cloud.people.exchange import Exchange, agree, is_signed
from cloud.people.pairings import Pairings
from cloud.people.tickets import Tickets
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, answered, body
from wire import pairing, qr

log = structlog.get_logger()
PAIRED = "A new device was paired: {name}. If that was not you, take its key back in the portal."


class CodeTyped(Struct, frozen=True, forbid_unknown_fields=True):
    """What the person read from the screen."""

    code: str


class Approved(Struct, frozen=True, forbid_unknown_fields=True):
    """The words are the same; this is what the device is to be called."""

    name: str


class QrWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """What a QR code is to say: where this cloud is, or a Wi-Fi."""

    address: str = ""
    name: str = ""
    password: str = ""
    hidden: bool = False


class Pairing(Struct, frozen=True, kw_only=True):
    """`paired` is told the id of each new device; `certificate`: the fingerprint of our own, where it is known."""

    doors: Doors
    accounts: Accounts
    pairings: Pairings
    tickets: Tickets
    events: EventLog
    paired: Callable[[str], None] = lambda device: None
    certificate: Callable[[], str] = lambda: ""

    def table(self) -> Table:
        """Path, method and handler of each address of the person."""
        return (
            ("/api/qr", "POST", self.picture),
            ("/api/pairing", "POST", self.type),
            ("/api/pairing/{pairing}", "POST", self.approve),
            ("/api/pairing/{pairing}", "DELETE", self.refuse),
        )

    def device_routes(self) -> list[BaseRoute]:
        """What a device may ask: no person is signed in there, and it may know the cloud by any name."""
        doors: tuple[tuple[str, Callable[[Request], Awaitable[Response]]], ...] = (
            ("/pairing", self.begin),
            ("/pairing/reveal", self.reveal),
            ("/pairing/poll", self.poll),
            ("/pairing/rotate", self.rotate),
        )
        return [Route(path, answered(handle), methods=["POST"]) for path, handle in doors]

    async def begin(self, request: Request) -> Response:
        """A device wants to be paired."""
        given = await body(request, pairing.Begin)
        origin = request.client.host if request.client else ""
        return answer(self.pairings.begin(given, origin), 201)

    async def reveal(self, request: Request) -> Response:
        """The device gets its code."""
        return answer(self.pairings.reveal(await body(request, pairing.Reveal)))

    async def poll(self, request: Request) -> Response:
        """How far it is."""
        return answer(self.pairings.poll((await body(request, pairing.Poll)).pairing))

    async def rotate(self, request: Request) -> Response:
        """New keys for a device that signs with the ones that it has."""
        given = await body(request, pairing.Rotate)
        said = pairing.rotation(given)
        try:
            device = self.accounts.device(given.device)
        except DeviceUnknown:
            device = None
        if device is None or device.frozen or not is_signed(device.public_key, said, given.signature):
            raise CodeRefused("this device did not prove its key: pair it anew")
        exchange = Exchange()
        key = pairing.shared_key(said, agree(exchange, given.exchange))
        await asyncio.to_thread(self.accounts.offer, device.id, key.hex(), given.public_key)
        mac = pairing.paired(key, given.public_key, device.id)
        log.info("device_key_offered", device=device.id)
        return answer(pairing.Rotated(exchange=exchange.public, mac=mac))

    async def picture(self, request: Request) -> Response:
        """A QR code for the device's camera. Nothing of it is kept."""
        self.doors.person(request)
        wanted = await body(request, QrWanted)
        if wanted.name:
            text = qr.wifi_code(qr.WifiCode(wanted.name, wanted.password, wanted.hidden))
        else:
            text = qr.cloud_code(wanted.address, self.certificate())
        if qr.read(text) is None:
            raise HTTPException(422, "this is no address of a cloud, and no Wi-Fi's name")
        return answer({"svg": await asyncio.to_thread(svg_of, text)})

    async def type(self, request: Request) -> Response:
        """The person typed a code: what to compare with the device."""
        person = self.doors.person(request)
        offer = self.pairings.type(person, (await body(request, CodeTyped)).code)
        return answer(msgspec.to_builtins(offer))

    async def approve(self, request: Request) -> Response:
        """The words are the same: the device is paired, and the others are told."""
        person = self.doors.person(request)
        name = (await body(request, Approved)).name.strip()

        def keep(key: bytes, public_key: str) -> str:
            made = self.accounts.adopt(name, key.hex(), public_key)
            self.tickets.forget(made.id)
            return made.id

        device = self.pairings.approve(person, request.path_params["pairing"], keep)
        # Told before the new one listens: it need not hear of itself.
        await self.events.append(person, "", "said", {"text": PAIRED.format(name=name)})
        self.paired(device)
        log.info("device_paired", device=device)
        return answer({"id": device, "name": name}, 201)

    async def refuse(self, request: Request) -> Response:
        """The words differ, or nobody here holds that device."""
        self.pairings.refuse(self.doors.person(request), request.path_params["pairing"])
        return answer({"ok": True})


def svg_of(text: str) -> str:
    """A QR code as an SVG picture."""
    import zxingcpp

    made: str = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_svg()
    return made
