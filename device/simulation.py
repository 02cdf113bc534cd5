"""A whole simulated device with its person, in one process: for the command line, demos, tests and benchmarks."""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from device.clock import steady_ms
from device.config import Config, Key
from device.handheld import Handheld, Setup
from device.identity import cloud_of, identity_of, tickets_of
from device.journal import Journal
from device.parts.bad_network import BadNetwork
from device.parts.interfaces import Parts
from device.parts.simulated import (
    FileCamera,
    FixedBattery,
    PngScreen,
    RecordedLights,
    SimulatedButton,
    SimulatedWheel,
    WavMicrophone,
    WavSpeaker,
)
from device.person import Hands, Person
from device.scenario import Scenario
from device.settings import Settings
from wire import limits
from wire.outcomes import Outcome

# Exit codes of `leveret-device`; 2 is a wrong setting, as everywhere.
EXIT_OFFLINE = 3
EXIT_DEADLINE = 7
EXITS: dict[Outcome, int] = {
    Outcome.DONE: 0,
    Outcome.ANSWERED: 0,
    Outcome.STARTED: 0,
    Outcome.ASKED: 4,
    Outcome.DECLINED: 4,
    Outcome.EXPIRED: 4,
    Outcome.CANCELLED: 4,
    Outcome.SUPERSEDED: 4,
    Outcome.HEARD_NOTHING: 5,
    Outcome.NOT_UNDERSTOOD: 5,
    Outcome.CANNOT: 5,
    Outcome.TOO_LONG: 5,
    Outcome.BAD_AUDIO: 5,
    Outcome.BAD_PICTURE: 5,
    Outcome.REFUSED: 6,
    Outcome.FAILED: 6,
    Outcome.UNKNOWN: 6,
    Outcome.UNAVAILABLE: 6,
    Outcome.LOST: 6,
}


class Result(Struct, frozen=True):
    """How it went: `outcome` of the last task, else of the last turn, else what kept it from getting there."""

    outcome: str
    exit_code: int
    transcript: str
    sentences: tuple[str, ...]
    faces: tuple[str, ...]
    heard_samples: int


def network_of(address: str) -> BadNetwork:
    """A bad network before the cloud at `address`."""
    parts = urlsplit(address)
    return BadNetwork(parts.hostname or "", parts.port or (443 if parts.scheme == "wss" else 80))


async def simulate(
    config: Config,
    key: Key,
    scenario: Scenario,
    *,
    out: Path | None = None,
    fast: bool = False,
    journal: Journal | None = None,
    dice: random.Random | None = None,
) -> tuple[Result, Journal]:
    """Run the scenario to its end, or to the deadline; screens, reply and journal go into `out`."""
    journal = journal or Journal(steady_ms)
    needs_bad = any(step.network for step in scenario.steps)
    hands = Hands(
        SimulatedButton(),
        WavMicrophone(fast=fast),
        FileCamera(),
        SimulatedWheel(),
        network_of(cloud_of(config, key)) if needs_bad else None,
    )
    sees = any(step.see for step in scenario.steps)
    screen = PngScreen(out / "screens" if out else None)
    speaker = WavSpeaker(out / "reply.wav" if out else None, fast=fast)
    parts = Parts(
        button=hands.button,
        microphone=hands.microphone,
        speaker=speaker,
        screen=screen,
        camera=hands.camera if sees else None,
        wheel=hands.wheel,
        lights=RecordedLights(),
        battery=FixedBattery(config.battery) if config.battery >= 0 else None,
    )
    if hands.network is not None:
        await hands.network.start()
    handheld = Handheld(
        Setup(
            address=cloud_of(config, key),
            identity=identity_of(key, os.urandom(16).hex()),
            certificate=key.certificate,
            ticket=tickets_of(config, key),
            settings=Settings(volume=config.volume, camera=config.camera),
            codec=config.codec,
            via=hands.network.address if hands.network else None,
        ),
        parts,
        journal=journal,
        dice=dice,
    )
    in_time = await _live(handheld, Person(scenario, hands, handheld), config.deadline_s)
    if hands.network is not None:
        await hands.network.close()
    if out is not None:
        journal.write(out / "journal.jsonl")
    return _result(journal, screen, speaker, in_time=in_time), journal


async def _live(handheld: Handheld, person: Person, deadline_s: float) -> bool:
    """True when the person was through before the deadline."""
    async with asyncio.TaskGroup() as group:
        running = group.create_task(handheld.run())
        try:
            async with asyncio.timeout(deadline_s):
                await handheld.started.wait()
                await person.live()
            in_time = True
        except TimeoutError:
            in_time = False
        await handheld.uplink.bye("the simulation is over")
        running.cancel()
    return in_time


def _result(journal: Journal, screen: PngScreen, speaker: WavSpeaker, *, in_time: bool) -> Result:
    entries = journal.since(0)
    told = [entry.data for entry in entries if entry.event == "cloud"]
    ends = [data["outcome"] for data in told if data["type"] == "task_done"]
    ends = ends or [data["outcome"] for data in told if data["type"] == "turn_done"]
    transcripts = [str(data.get("text", "")) for data in told if data["type"] == "transcript"]
    failed = [str(entry.data["part"]) for entry in entries if entry.event == "part_failed"]
    if ends:
        outcome, code = str(ends[-1]), EXITS[Outcome(ends[-1])]
    elif failed:
        outcome, code = f"{failed[-1]}_failed", EXITS[Outcome.BAD_AUDIO]
    elif journal.first("joined") is None:
        outcome, code = "offline", EXIT_OFFLINE
    elif in_time and journal.first("turn_began") is None:
        outcome, code = "nothing_said", 0
    else:
        outcome, code = Outcome.UNAVAILABLE.value, EXITS[Outcome.UNAVAILABLE]
    return Result(
        outcome=outcome,
        exit_code=code if in_time or code == EXIT_OFFLINE else EXIT_DEADLINE,
        transcript=transcripts[-1] if transcripts else "",
        sentences=tuple(str(data["text"]) for data in told if data["type"] == "say_start" and data.get("text")),
        faces=tuple(screen.faces),
        heard_samples=len(speaker.heard) // limits.SAMPLE_BYTES,
    )
