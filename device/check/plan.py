"""The checks, in the order in which they are done: how each looks, and how what it saw is judged. Data."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from device.boot import needed_lines
from device.builds import SIMULATED, wired_of
from device.check import cloud_probe, judging, looking, reaching, screens
from device.check.advice import next_step
from device.check.findings import Checked, Finding, Verdict, bad, line
from device.check.seen import ClockSeen, CloudSeen, DiskSeen, MachineSeen, NetworkSeen, NoPart, WatchdogSeen
from device.check.stand import NotThere, Stand
from device.drawing import AMBER, CORAL, GREEN, GREY, Colour
from device.errors import PartError
from device.identity import cloud_of, tickets_of
from device.wiring import wiring

_LONGEST_S: Final = 120.0
_COLOURS: Final[dict[Verdict, Colour]] = {
    Verdict.GOOD: GREEN,
    Verdict.DOUBTFUL: AMBER,
    Verdict.BAD: CORAL,
    Verdict.ABSENT: GREY,
    Verdict.NOT_ASKED: GREY,
}


class Check(Struct, frozen=True):
    """`look` observes, `judge` says what it means. `what`: for people, in a few words."""

    name: str
    what: str
    look: Callable[[Stand], Awaitable[Any]]
    judge: Callable[[Any], Finding]


async def _machine(stand: Stand) -> MachineSeen:
    seen = await asyncio.to_thread(stand.machine.look)
    if stand.config.build == SIMULATED:
        return seen
    return replace(seen, needed=needed_lines(wiring(), wired_of(stand.config.build)))


async def _networks(stand: Stand) -> NetworkSeen:
    return await asyncio.to_thread(stand.machine.networks)


async def _clock(stand: Stand) -> ClockSeen:
    return await asyncio.to_thread(stand.machine.clock)


async def _watchdog(stand: Stand) -> WatchdogSeen:
    return await asyncio.to_thread(stand.machine.watchdog, stand.config.watchdog)


async def _disk(stand: Stand) -> DiskSeen:
    return await asyncio.to_thread(stand.machine.disk, stand.folder)


async def _cloud(stand: Stand) -> CloudSeen:
    key = stand.key
    file = tickets_of(stand.config, key) if key is not None else None
    ticket = file.read() if file is not None else ""
    return await cloud_probe.visit(cloud_of(stand.config, key), key, stand.no_key, ticket)


CHECKS: Final = (
    Check("machine", "board, system, libraries", _machine, judging.machine),
    Check("button", "press, hold, release", looking.button, judging.button),
    Check("wheel", "both ways, push", looking.wheel, judging.wheel),
    Check("light", "red, green, blue", looking.light, judging.lights),
    Check("mute", "the switch, both ways", looking.mute, judging.mute),
    Check("speaker", "a tone", looking.speaker, judging.speaker),
    Check("microphone", "two seconds, played back", looking.microphone, judging.microphone),
    Check("echo", "speaker to microphone, a chirp", looking.echo, judging.echo),
    Check("screen", "colours, steps, corners, letters", looking.screen, judging.screen),
    Check("camera", "a picture", looking.camera, judging.picture),
    Check("eye", "looks, and away", looking.eye, judging.eyes),
    Check("battery", "how full", looking.battery, judging.battery),
    Check("network", "Wi-Fi, signal, address", _networks, reaching.network),
    Check("clock", "the time of day", _clock, reaching.clock),
    Check("watchdog", "what restarts it", _watchdog, judging.watchdog),
    Check("disk", "room, writing, errors", _disk, reaching.disk),
    Check("cloud", "name, TLS, handshake, pairing, round trip", _cloud, reaching.cloud),
)
NAMES: Final = tuple(check.name for check in CHECKS)


async def run(stand: Stand, names: tuple[str, ...] = NAMES) -> tuple[Checked, ...]:
    """Do these checks one after the other; never raises for what a part does."""
    done = []
    for check in CHECKS:
        if check.name in names:
            stand.person.tell(f"{check.name}: {check.what}")
            finding = await _one(check, stand)
            checked = Checked(check.name, finding)
            stand.person.tell(line(checked))
            words = finding.reason or finding.saw
            stand.show(screens.verdict(check.name, words, _COLOURS[finding.verdict]), f"{check.name} {words}")
            done.append(checked)
    return tuple(done)


async def _one(check: Check, stand: Stand) -> Finding:
    try:
        async with asyncio.timeout(_LONGEST_S):
            return check.judge(await check.look(stand))
    except NotThere:
        return judging.no_part(NoPart())
    except PartError as error:
        return judging.no_part(NoPart(str(error)))
    except TimeoutError:
        return bad("no answer", "it did not answer in time", next_step("", "Switch the device off and on, try again."))
    except (OSError, RuntimeError) as error:
        reason = str(error) or type(error).__name__
        return bad("failed", reason, next_step(reason))
