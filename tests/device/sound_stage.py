"""A sound server in userspace with a room to speak into and an ear that hears the speaker: PulseAudio's null sinks."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import random
import shutil
import subprocess
import tempfile
import time
import wave
from array import array
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np

_SERVER = """
load-module module-native-protocol-unix auth-anonymous=1
load-module module-null-sink sink_name=room rate=48000 channels=2 norewinds=1
load-module module-null-sink sink_name=ear rate=48000 channels=2 norewinds=1
load-module module-remap-source source_name=mic master=room.monitor
set-default-source mic
set-default-sink ear
"""
_ALSA = """
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.hare_ears { type pulse device mic }
pcm.hare_mouth { type pulse device ear }
"""
# Looked for between the samples, too: a sound server shifts by fractions of one.
_FINER = 2
_PIECE = 400
# Silence is like nothing.
_FAINT = 5e4


class Stage:
    """Speaks into the microphone and hears what the speaker plays, in real time."""

    def __init__(self, folder: Path, *, alsa: str = _ALSA) -> None:
        self.folder = folder
        self._said = 0
        self.env = {
            **os.environ,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder / "pulse"),
            "PULSE_SERVER": f"unix:{folder}/pulse/native",
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
        }
        (folder / "pulse").mkdir(mode=0o700)
        (folder / "server.pa").write_text(_SERVER)
        (folder / "asound.conf").write_text(alsa)
        self.start()

    def start(self) -> None:
        """Start the server; returns when it answers."""
        folder = self.folder
        command = ["pulseaudio", "-n", "-F", str(folder / "server.pa"), "--exit-idle-time=-1", "--use-pid-file=no"]
        self._server = subprocess.Popen(
            [*command, "--disable-shm=yes", f"--log-target=file:{folder}/log"], env=self.env, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 30
        while self._pactl("info").returncode and time.monotonic() < until:
            assert self._server.poll() is None, (folder / "log").read_text()

    def stop(self) -> None:
        """End it, as a card is pulled out."""
        self._server.terminate()
        self._server.wait(20)

    def _pactl(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(["pactl", *words], env=self.env, capture_output=True, timeout=30)

    def pactl(self, *words: str) -> str:
        """Change the server; tells what it answers."""
        done = self._pactl(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def speak(self, pcm: bytes, *, rate_hz: int = 16_000, channels: int = 1) -> None:
        """Say it into the microphone; returns as soon as it has begun. The server itself plays it: nothing is late."""
        self._said += 1
        path = self.folder / f"said-{self._said}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            file.writeframes(pcm)
        await asyncio.to_thread(self.pactl, "upload-sample", str(path), path.stem)
        await asyncio.to_thread(self.pactl, "play-sample", path.stem, "room")

    @contextlib.asynccontextmanager
    async def hearing(self) -> AsyncIterator[Heard]:
        """Hear what the speaker plays, from now on."""
        process = await asyncio.create_subprocess_exec(
            *("parec", "-d", "ear.monitor", "--raw", "--format=s16le", "--rate=16000", "--channels=1"),
            "--latency-msec=20",
            env=self.env,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        heard = Heard(process.stdout)
        listening = asyncio.create_task(heard.run())
        try:
            await heard.more(640)
            yield heard
        finally:
            process.terminate()
            await listening
            await process.wait()


class Heard:
    """What came out of the speaker, 16 kHz mono."""

    def __init__(self, stream: asyncio.StreamReader) -> None:
        self._stream = stream
        self._more = asyncio.Condition()
        self.pcm = b""

    async def run(self) -> None:
        """Listen until there is nothing more."""
        while piece := await self._stream.read(65_536):
            async with self._more:
                self.pcm += piece
                self._more.notify_all()

    async def more(self, count: int) -> None:
        """Hear so many bytes more."""
        due = len(self.pcm) + count
        async with asyncio.timeout(60), self._more:
            await self._more.wait_for(lambda: len(self.pcm) >= due)


@contextlib.contextmanager
def stage() -> Iterator[Stage]:
    """A sound server, and this process's environment set so that ALSA and PortAudio find it."""
    made = Stage(Path(tempfile.mkdtemp(prefix="stage-")))
    before = dict(os.environ)
    os.environ.update(made.env)
    try:
        yield made
    finally:
        os.environ.clear()
        os.environ.update(before)
        made.close()


def babble(seconds: float, seed: int, rate_hz: int = 16_000) -> bytes:
    """Sound with the band and the unevenness of speech, unlike itself anywhere else: sines of 150 to 4000 Hz."""
    dice = random.Random(seed)
    count = int(seconds * rate_hz)
    time_s = np.arange(count) / rate_hz
    sound = np.zeros(count)
    for _ in range(40):
        hz, phase, slow = dice.uniform(150, 4000), dice.uniform(0, 2 * math.pi), dice.uniform(1, 6)
        sound += np.sin(2 * math.pi * hz * time_s + phase) * (1 + np.sin(2 * math.pi * slow * time_s + phase))
    return (sound / np.abs(sound).max() * 12_000).astype(np.int16).tobytes()


def like(heard: bytes, said: bytes) -> float:
    """How much of `said` was heard, piece by piece and in its order: 1.0 for all of it, at any loudness.

    A busy machine may stretch what is heard by a gap; that breaks one piece, not all that come after it.
    """
    a = np.trim_zeros(np.frombuffer(heard[: len(heard) // 2 * 2], np.int16).astype(float))
    b = np.frombuffer(said, np.int16).astype(float)
    if len(a) < len(b) * 3 // 4:
        return 0.0
    size = 1 << (len(a) + _PIECE).bit_length()
    spectrum = np.fft.rfft(a, size)
    energy = np.concatenate(([0.0], np.cumsum(a * a)))
    norms = np.sqrt(np.maximum(energy[_PIECE:] - energy[:-_PIECE], _FAINT))
    likenesses, after = [], 0
    for at in range(0, len(b) - _PIECE + 1, _PIECE):
        piece = b[at : at + _PIECE]
        cross = np.fft.irfft(spectrum * np.conj(np.fft.rfft(piece, size)), size * _FINER) * _FINER
        found = cross[: len(norms) * _FINER] / np.repeat(norms, _FINER) / np.sqrt((piece * piece).sum())
        place = int(found.argmax())
        in_order = place >= after
        likenesses.append(float(found[place]) if in_order else 0.0)
        after = place if in_order else after
    return sum(likenesses) / len(likenesses)


def level_of(pcm: bytes) -> int:
    """The loudest sample."""
    samples = array("h", pcm[: len(pcm) // 2 * 2])
    return max(max(samples, default=0), -min(samples, default=0))
