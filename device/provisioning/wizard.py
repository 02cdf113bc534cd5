"""A setup on a real device: the steps' effects carried out on radio, page, camera, screen and cloud. Holds no rule."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from device import gestures
from device.away import SIGN_IN, why_away
from device.clock import steady_ms
from device.errors import CameraError, PairingError, RadioError, ScreenError
from device.faces import draw
from device.guard import Guard
from device.journal import Journal
from device.parts.interfaces import Parts
from device.provisioning import pages, steps
from device.provisioning import state as s
from device.provisioning.introduction import Introduction, Keys, poster
from device.provisioning.radio import NotJoined, Online, Radio
from device.provisioning.reaching import Unreachable, reach
from device.provisioning.reader import codes_in
from device.provisioning.server import Answer, PageServer, Request
from device.provisioning.state import Effect, Input, State
from device.provisioning.view import face_of
from device.trust import Certificate, tls_of
from wire.pairing import CODE_LETTERS
from wire.qr import CloudCode, WifiCode, read

_MACHINE: Final = Path("/etc/machine-id")
_PASSWORD_CHARS: Final = 8
_BETWEEN_PICTURES_S: Final = 0.3
# So long the page's answer has to reach the phone before the hotspot goes away.
_ANSWERED_S: Final = 1.0


class Outside(Struct, frozen=True, kw_only=True):
    """What is outside of this process; tests put their own here."""

    ports: tuple[int, ...] = (80, 8080)
    answered_s: float = _ANSWERED_S
    reach: Callable[[str], Awaitable[Certificate | None]] = reach
    codes_in: Callable[[bytes], Awaitable[list[str]]] = codes_in


class Wizard:
    """Runs until the setup is over. `keep` writes down who the device is; what it raises, `run` raises."""

    def __init__(
        self,
        state: State,
        parts: Parts,
        radio: Radio,
        *,
        keep: Callable[[Keys, str, Certificate | None], None],
        software: str = "",
        large: bool = False,
        journal: Journal | None = None,
        outside: Outside | None = None,
    ) -> None:
        self.state = state
        self.journal = journal or Journal(steady_ms)
        self._parts = parts
        self._radio = radio
        self._keep = keep
        self._software = software
        self._large = large
        self._outside = outside or Outside()
        self._server = PageServer(self._answer, body_bytes=pages.FORM_BYTES, ports=self._outside.ports)
        self._fingers = gestures.Fingers()
        self._introduction: Introduction | None = None
        self._errand: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._fingers_timer: asyncio.TimerHandle | None = None
        self._done = asyncio.Event()
        self._failed: BaseException | None = None
        self._password = "".join(secrets.choice(CODE_LETTERS.lower()) for _ in range(_PASSWORD_CHARS))

    async def run(self) -> State:
        """What it came to. Parts and radio are left open."""
        guard = asyncio.create_task(Guard(self._parts.watchdog, steady_ms).run())
        self._parts.button.start(self._edge)
        try:
            try:
                await self._radio.open()
            except RadioError as error:
                # Perhaps there is a cable, and a camera for a QR code.
                self.feed(s.Failed(str(error)))
            self.state, effects = steps.begin(self.state)
            self._follow(effects)
            await self._done.wait()
            if self._failed is not None:
                raise self._failed
        finally:
            for task in (guard, self._errand):
                if task is not None:
                    task.cancel()
            for timer in (self._timer, self._fingers_timer):
                if timer is not None:
                    timer.cancel()
            await asyncio.gather(*(task for task in (guard, self._errand) if task), return_exceptions=True)
            await self._close()
            self._radio.close()
        return self.state

    def feed(self, told: Input) -> None:
        """Take an input and carry out what follows from it."""
        before = _noted(self.state)
        self.state, effects = steps.step(self.state, told, steady_ms())
        if (now := _noted(self.state)) != before:
            self.journal.note("setup", **now)
        self._follow(effects)

    def _follow(self, effects: list[Effect]) -> None:
        self._draw()
        if effects:
            self._errand = asyncio.get_running_loop().create_task(self._carry_out(effects, self._errand))
            self._errand.add_done_callback(self._ended)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = steps.due_ms(self.state)
        if due is not None:
            delay_s = max(0.0, (due - steady_ms()) / 1000)
            self._timer = asyncio.get_running_loop().call_later(delay_s, self.feed, s.Tick())

    def _ended(self, errand: asyncio.Task[None]) -> None:
        """What no errand expects ends the setup, and is raised by `run`."""
        if not errand.cancelled() and (error := errand.exception()) is not None:
            self._failed = error
            self._done.set()

    def _draw(self) -> None:
        face = face_of(self.state, large=self._large)
        try:
            self._parts.screen.show(draw(face), face.key)
        except ScreenError as error:
            self.journal.note("part_failed", part="screen", sentence=str(error))

    # Button -------------------------------------------------------------------------------------------------------

    def _edge(self, down: bool, at_ms: int) -> None:
        now_ms = at_ms if at_ms >= 0 else steady_ms()
        self._gestures(*gestures.edge(self._fingers, down, now_ms))

    def _gestures(self, fingers: gestures.Fingers, came: list[gestures.Gesture]) -> None:
        self._fingers = fingers
        for gesture in came:
            match gesture:
                case gestures.Clicked(count=count):
                    self.feed(s.Clicked(count))
                case gestures.HoldBegan():
                    self.feed(s.Held())
                case _:
                    continue
        if self._fingers_timer is not None:
            self._fingers_timer.cancel()
        due = gestures.due_ms(fingers)
        self._fingers_timer = None
        if due is not None:
            delay_s = max(0.0, (due - steady_ms()) / 1000)
            self._fingers_timer = asyncio.get_running_loop().call_later(delay_s, self._time_passed)

    def _time_passed(self) -> None:
        self._gestures(*gestures.tick(self._fingers, steady_ms()))

    # The page -----------------------------------------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        path = request.path.partition("?")[0]
        if request.method == "POST" and path == "/join":
            try:
                told = pages.read(request.body, self.state)
            except pages.Refused as error:
                return Answer(200, pages.form(self.state, str(error)))
            asyncio.get_running_loop().call_later(self._outside.answered_s, self.feed, told)
            return Answer(200, pages.trying(self.state))
        if request.method in ("GET", "HEAD") and path == "/":
            return Answer(200, pages.form(self.state))
        return Answer(302, location="/")

    # Effects ------------------------------------------------------------------------------------------------------

    async def _carry_out(self, effects: list[Effect], before: asyncio.Task[None] | None) -> None:
        """What was going on is not wanted any more: it ends before the next thing begins."""
        if before is not None:
            before.cancel()
            await asyncio.gather(before, return_exceptions=True)
        for effect in effects:
            await self._do(effect)

    async def _do(self, effect: Effect) -> None:
        match effect:
            case s.Look():
                await self._look()
            case s.Open():
                await self._open()
            case s.Close():
                await self._close()
            case s.See():
                await self._see()
            case s.Join(wish=wish):
                try:
                    await self._radio.join(wish, steps.JOIN_MS / 1000)
                except NotJoined as error:
                    self.feed(s.NotJoined(error.why))
                except RadioError as error:
                    self.feed(s.Failed(str(error)))
                else:
                    self.feed(s.Joined())
            case s.Reach(cloud=cloud):
                try:
                    certificate = await self._outside.reach(cloud)
                except Unreachable as error:
                    self.feed(s.Unreached(SIGN_IN if await self._is_held_up() else str(error)))
                else:
                    self.feed(s.Reached(certificate))
            case s.Begin(cloud=cloud, certificate=certificate):
                await self._begin(cloud, certificate)
            case s.Poll():
                await self._poll()
            case s.Keep(keys=keys, cloud=cloud, certificate=certificate):
                self._keep(keys, cloud, certificate)
            case s.Finish():
                self._done.set()

    async def _is_held_up(self) -> bool:
        """Whether a page that wants a sign-in stands before the internet, as NetworkManager has seen it."""
        try:
            return await self._radio.online() is Online.PORTAL
        except RadioError:
            return False

    async def _look(self) -> None:
        try:
            online = await self._radio.online()
        except RadioError:
            online = Online.UNKNOWN
        self.feed(s.Looked(online is not Online.NO))

    async def _open(self) -> None:
        try:
            self.feed(s.Scanned(await self._radio.networks()))
            hotspot = await self._radio.open_hotspot(self.state.name or name_of_device(), self._password)
            address = await self._server.open(hotspot.address)
        except RadioError as error:
            self.feed(s.Failed(str(error)))
        else:
            self.feed(s.Opened(replace(hotspot, address=address)))

    async def _close(self) -> None:
        await self._server.close()
        # On the way out the bus may be gone, and the hotspot with it.
        with contextlib.suppress(RadioError):
            await self._radio.close_hotspot()

    async def _see(self) -> None:
        try:
            if self._parts.camera is None:
                raise CameraError("This device has no camera.")
            texts = await self._outside.codes_in(await self._parts.camera.picture())
        except CameraError as error:
            self.feed(s.Read(None, str(error)))
            return
        found = [code for code in map(read, texts) if code is not None]
        # A cloud before a Wi-Fi: with both, the Wi-Fi is joined at once.
        found.sort(key=lambda code: isinstance(code, WifiCode))
        if texts and not found:
            self.feed(s.Read(None, steps.NOT_READ))
            return
        await asyncio.sleep(_BETWEEN_PICTURES_S)
        seen: list[WifiCode | CloudCode | None] = [*found] or [None]
        for code in seen:
            self.feed(s.Read(code))

    async def _begin(self, cloud: str, certificate: Certificate | None) -> None:
        pinned = certificate.pem if certificate else ""
        tls = tls_of(pinned) if urlsplit(cloud).scheme == "wss" else None
        fingerprint = certificate.fingerprint if certificate else ""
        introduction = Introduction(poster(cloud, tls), software=self._software, certificate=fingerprint)
        try:
            code = await introduction.begin()
        except PairingError as error:
            self.feed(s.Ended(str(error)))
        except (OSError, TimeoutError) as error:
            self.feed(s.Ended(why_away(error)))
        else:
            self._introduction = introduction
            self.feed(s.Coded(code))

    async def _poll(self) -> None:
        if self._introduction is None:
            return
        try:
            keys = await self._introduction.look()
        except PairingError as error:
            self.feed(s.Ended(str(error)))
        except (OSError, TimeoutError):
            return  # a bad moment of the network; it is asked again
        else:
            if keys is not None:
                self.feed(s.Paired(keys))


def _noted(state: State) -> dict[str, str]:
    """What the journal tells: no password, no code."""
    page = state.hotspot.address if state.hotspot else ""
    return {"stage": state.stage.value, "trouble": state.trouble, "page": page}


def name_of_device(machine: Path = _MACHINE) -> str:
    """What its hotspot is called: the same at each start, and another one for each device."""
    try:
        text = machine.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        text = ""
    return f"Leveret-{hashlib.sha256(text.encode()).hexdigest()[:4].upper()}"
