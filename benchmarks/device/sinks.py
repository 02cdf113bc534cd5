"""A sound server of the benchmark's own: a room that is spoken in, and an ear that hears the speaker."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.device.sound_stage import Stage

MICROPHONE = "mic"
SPEAKER = "ear"
# One card and nothing else, as on a device: with a desktop's configuration PortAudio loads plug-ins of 14 MB.
_ALSA = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"


@contextlib.contextmanager
def sinks(speech: Path) -> Iterator[dict[str, str]]:
    """PulseAudio with null sinks, and `speech` (a WAV) said in the room again and again; the environment to use it."""
    stage = Stage(Path(tempfile.mkdtemp(prefix="sinks-")), alsa=_ALSA)
    loop = f"while paplay -d room {speech}; do :; done"
    said = subprocess.Popen(["sh", "-c", loop], env=stage.env, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield stage.env
    finally:
        said.terminate()
        said.wait(20)
        stage.close()
