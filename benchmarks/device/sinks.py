"""A sound server of the benchmark's own: a room that is spoken in, and an ear that hears the speaker."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MICROPHONE = "mic"
SPEAKER = "ear"
_SERVER = f"""
load-module module-native-protocol-unix auth-anonymous=1
load-module module-null-sink sink_name=room rate=48000 channels=2 norewinds=1
load-module module-null-sink sink_name={SPEAKER} rate=48000 channels=2 norewinds=1
load-module module-remap-source source_name={MICROPHONE} master=room.monitor
set-default-source {MICROPHONE}
set-default-sink {SPEAKER}
"""
# One card and nothing else, as on a device: with a desktop's configuration PortAudio loads plug-ins of 14 MB.
_ALSA = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"
_STARTS_S = 30.0


@contextlib.contextmanager
def sinks(speech: Path) -> Iterator[dict[str, str]]:
    """PulseAudio with null sinks, and `speech` (a WAV) said in the room again and again; the environment to use it."""
    folder = Path(tempfile.mkdtemp(prefix="sinks-"))
    env = {
        **os.environ,
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_RUNTIME_PATH": str(folder / "pulse"),
        "PULSE_SERVER": f"unix:{folder}/pulse/native",
        "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
    }
    (folder / "pulse").mkdir(mode=0o700)
    (folder / "server.pa").write_text(_SERVER)
    (folder / "asound.conf").write_text(_ALSA)
    command = ["pulseaudio", "-n", "-F", str(folder / "server.pa"), "--exit-idle-time=-1", "--use-pid-file=no"]
    command += ["--disable-shm=yes", f"--log-target=file:{folder}/log"]
    server = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    said = None
    try:
        until = time.monotonic() + _STARTS_S
        while subprocess.run(["pactl", "info"], env=env, capture_output=True, timeout=_STARTS_S).returncode:
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"PulseAudio does not start: {(folder / 'log').read_text()[-300:]}")
            time.sleep(0.05)
        loop = f"while paplay -d room {speech}; do :; done"
        said = subprocess.Popen(["sh", "-c", loop], env=env, stderr=subprocess.DEVNULL, start_new_session=True)
        yield env
    finally:
        for process in (said, server):
            if process is not None:
                process.terminate()
                process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
