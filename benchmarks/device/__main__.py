"""What the device takes of its machine: `python -m benchmarks.device`.

A whole handheld as a process of its own: pins by gpiozero and rpi-lgpio, screen by luma.lcd, sound by PyAudio over
PulseAudio's null sinks, the link to a small cloud. Below those libraries are fakes: no pins, no panel, no sound card.
Each figure is of the process and its children. In the same run, over the same sinks: wyoming-satellite. Idle is
waiting for a press; listening is a button held while somebody speaks, for the peer streaming; speaking is an answer.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import sys
import tempfile
import time
import wave
from array import array
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.device.cloud import DEVICE, KEY, Cloud, small_cloud
from benchmarks.device.satellite import PINS, satellite
from benchmarks.device.sinks import sinks
from benchmarks.device.usage import Meter, Usage
from benchmarks.healing.running import FetchFailed

_ROOT = Path(__file__).parents[2]
_SETTLE_S = 2.0
_PATIENCE_S = 60.0
Phases = dict[str, Usage]


class Process:
    """A handheld as a process; `ready_s` from its start until a press would be taken and its first picture is drawn."""

    def __init__(self, process: asyncio.subprocess.Process, ready_s: float) -> None:
        assert process.stdin is not None and process.stdout is not None
        self.pid = process.pid
        self.ready_s = ready_s
        self._in, self._out = process.stdin, process.stdout

    async def button(self, down: bool) -> dict[str, float | None]:
        """Press or let go; a press is answered by how long its sound and picture took."""
        self._in.write(b"down\n" if down else b"up\n")
        return await told(self._out) if down else {}


async def told(stream: asyncio.StreamReader) -> dict[str, Any]:
    async with asyncio.timeout(_PATIENCE_S):
        line = await stream.readline()
    if not line:
        raise SystemExit("the handheld ended")
    said: dict[str, Any] = json.loads(line)
    return said


@contextlib.asynccontextmanager
async def handheld(cloud: Cloud, kind: str, env: Mapping[str, str]) -> AsyncIterator[Process]:
    """Start one, and end it."""
    began_s = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.device.handheld", "--cloud", cloud.address, "--device", DEVICE),
        *("--key", KEY.hex(), "--sound", kind),
        cwd=_ROOT,
        env=dict(env),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        await told(process.stdout)
        yield Process(process, time.monotonic() - began_s)
        process.stdin.write(b"end\n")
        async with asyncio.timeout(_PATIENCE_S):
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ours(kind: str, env: Mapping[str, str], seconds: float, starts: int, presses: int) -> dict[str, Any]:
    """All figures of the handheld."""
    answer = noise(seconds + 2 * _SETTLE_S)
    ready: list[float] = []
    async with small_cloud(answer).open() as cloud:
        for _ in range(starts - 1):
            async with handheld(cloud, kind, env) as device:
                ready.append(device.ready_s)
        async with handheld(cloud, kind, env) as device:
            ready.append(device.ready_s)
            waits = [await press(device) for _ in range(presses)]
            await asyncio.sleep(_SETTLE_S)
            phases = {"idle": await measured(device.pid, seconds)}
            await device.button(True)
            await asyncio.sleep(_SETTLE_S)
            phases["listening"] = await measured(device.pid, seconds)
            await device.button(False)
            await asyncio.sleep(_SETTLE_S)
            phases["speaking"] = await measured(device.pid, seconds)
    return {"ready": ready, "waits": waits, "phases": phases}


async def press(device: Process) -> dict[str, float | None]:
    """A click, which only shows that it was felt; and the rest until the device is idle again."""
    wait = await device.button(True)
    await asyncio.sleep(0.05)
    await device.button(False)
    await asyncio.sleep(0.6 + random.random() / 5)
    return wait


async def theirs(env: Mapping[str, str], seconds: float) -> Phases:
    """The same of the peer."""
    async with satellite(env) as peer:
        await asyncio.sleep(_SETTLE_S)
        phases = {"idle": await measured(peer.pid, seconds)}
        await peer.stream()
        await asyncio.sleep(_SETTLE_S)
        before = peer.heard_bytes
        phases["listening"] = await measured(peer.pid, seconds)
        if peer.heard_bytes - before < 32_000 * seconds * 0.9:
            raise SystemExit(f"the peer sent {peer.heard_bytes - before} bytes in {seconds} s: it does not stream")
        speaking = asyncio.create_task(peer.say(noise(seconds + 2 * _SETTLE_S)))
        await asyncio.sleep(_SETTLE_S)
        phases["speaking"] = await measured(peer.pid, seconds)
        await speaking
    return phases


async def measured(pid: int, seconds: float) -> Usage:
    meter = Meter(pid)
    await asyncio.sleep(seconds)
    return meter.read()


def noise(seconds: float) -> bytes:
    """Sound that swells and fades, as speech does; 16 kHz mono."""
    dice = random.Random(7)
    samples = array("h")
    while len(samples) < 16_000 * seconds:
        peak = dice.choice((0, 300, 1_500, 6_000, 15_000))
        samples.extend(dice.randint(-peak, peak) for _ in range(1_600))
    return samples.tobytes()


def speech(path: Path, seconds: float) -> Path:
    """A WAV to be said in the room."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(noise(seconds))
    return path


async def main(seconds: float, starts: int, presses: int, kind: str) -> dict[str, Any]:
    """All of it."""
    with tempfile.TemporaryDirectory() as name, sinks(speech(Path(name) / "speech.wav", 20.0)) as env:
        device = await ours(kind, env, seconds, starts, presses)
        try:
            peer: Phases | None = await theirs(env, seconds)
            reason = ""
        except FetchFailed as error:
            peer, reason = None, str(error)
    # On a machine that others use as well every figure is worse than the device's own.
    load = round(os.getloadavg()[0], 1)
    return summary(device, peer, reason) | {"sound": kind, "seconds": seconds, "load": load}


def summary(device: dict[str, Any], peer: Phases | None, reason: str = "") -> dict[str, Any]:
    """The figures that are published."""
    waits = device["waits"]
    felt = [max((one for one in wait.values()), key=lambda ms: 1e9 if ms is None else ms) for wait in waits]
    result: dict[str, Any] = {"peer": PINS[0], "starts": len(device["ready"]), "presses": len(waits)}
    result |= figures(device["phases"], "")
    result["ready_s"] = round(percentile(device["ready"], 50), 3)
    result["press_feedback_ms_p50"] = missing_or(felt, 50)
    result["press_feedback_ms_p95"] = missing_or(felt, 95)
    for way in ("sound_ms", "picture_ms"):
        result[f"press_{way}_p95"] = missing_or([wait[way] for wait in waits], 95)
    if peer is None:
        return result | {"peer_missing": reason}
    result |= figures(peer, "peer_")
    bound = max(0.05, 1.5 * result["peer_cpu_streaming"])
    return result | {"ratio_cpu_streaming_to_bound": round(result["cpu_streaming"] / bound, 2)}


def figures(phases: Phases, before: str) -> dict[str, float]:
    told = {f"{before}cpu_{name}": round(usage.cpu, 4) for name, usage in phases.items()}
    told[f"{before}cpu_streaming"] = round(max(phases["listening"].cpu, phases["speaking"].cpu), 4)
    return told | {f"{before}rss_mb": round(max(usage.rss_mb for usage in phases.values()), 1)}


def missing_or(values: Sequence[float | None], percent: int) -> float | None:
    """None when a press was never answered."""
    there = [value for value in values if value is not None]
    return round(percentile(there, percent), 1) if len(there) == len(values) else None


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def show(result: dict[str, Any]) -> None:
    """A table for people, then one line for programs."""
    table = Table("", "leveret", "goal", result["peer"], title=f"the device's process, sound {result['sound']}")
    for name in ("idle", "listening", "speaking"):
        table.add_row(f"CPU {name}", percent(result[f"cpu_{name}"]), "", percent(result.get(f"peer_cpu_{name}")))
    bound = max(0.05, 1.5 * result.get("peer_cpu_streaming", 0))
    peer = percent(result.get("peer_cpu_streaming"))
    table.add_row("CPU streaming, the larger", percent(result["cpu_streaming"]), f"≤ {percent(bound)}", peer)
    table.add_row("memory", f"{result['rss_mb']} MB", "< 60 MB", f"{result.get('peer_rss_mb', '-')} MB")
    table.add_row("start to ready", f"{result['ready_s']} s", "< 1.5 s", "")
    for words, name in (("sound", "press_sound_ms_p95"), ("picture", "press_picture_ms_p95")):
        table.add_row(f"press to {words}, p95", f"{result[name]} ms", "", "")
    table.add_row("press to both, p95", f"{result['press_feedback_ms_p95']} ms", "< 50 ms", "")
    Console().print(table)
    if "peer_missing" in result:
        print(f"no peer: {result['peer_missing']}")
    print(json.dumps(result))


def percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.device", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="how long each is watched (default 15)")
    parser.add_argument("--starts", type=int, default=7, help="how often it is started (default 7)")
    parser.add_argument("--presses", type=int, default=40, help="how often the button is clicked (default 40)")
    parser.add_argument("--sound", choices=("pyaudio", "simulated"), default="pyaudio", help="sound parts of ours")
    options = parser.parse_args()
    show(asyncio.run(main(options.seconds, options.starts, options.presses, options.sound)))
