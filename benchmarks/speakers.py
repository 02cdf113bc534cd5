"""Voices that are not ours: what the benchmark's commands are spoken by."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cloud.speech.espeak import espeak
from cloud.speech.sound import SAMPLE_RATE_HZ, Floats, from_pcm, resample

VOICES = ("espeak-ng", "flite-rms", "flite-slt", "hts-slt")


def speak_all(lines: Sequence[tuple[str, str]], folder: Path) -> list[Floats]:
    """(voice, text) to sound at 16 kHz, in order. Festival is started once for all of its lines."""
    hts = [(at, text) for at, (voice, text) in enumerate(lines) if voice == "hts-slt"]
    _festival(hts, folder)
    sounds = []
    for at, (voice, text) in enumerate(lines):
        if voice == "espeak-ng":
            engine = espeak()
            sounds.append(resample(from_pcm(engine.say(text)), engine.sample_rate_hz, SAMPLE_RATE_HZ))
            continue
        path = folder / f"{at}.wav"
        if voice.startswith("flite-"):
            subprocess.run(["flite", "-voice", voice.removeprefix("flite-"), "-t", text, "-o", str(path)], check=True)
        sounds.append(read_wav(path))
    return sounds


def _festival(lines: Sequence[tuple[int, str]], folder: Path) -> None:
    if not lines:
        return
    script = ["(voice_cmu_us_slt_arctic_hts)"]
    for at, text in lines:
        quoted = text.replace("\\", " ").replace('"', " ")
        script.append(f'(utt.save.wave (utt.synth (Utterance Text "{quoted}")) "{folder / f"{at}.wav"}" "riff")')
    subprocess.run(
        ["festival", "--batch", "--pipe"], input="\n".join(script), text=True, check=True, capture_output=True
    )


def read_wav(path: Path) -> Floats:
    """A mono wav as floats at 16 kHz."""
    with wave.open(str(path)) as file:
        return resample(from_pcm(file.readframes(file.getnframes())), file.getframerate(), SAMPLE_RATE_HZ)


def with_noise(samples: Floats, signal_to_noise_db: float, rng: np.random.Generator) -> Floats:
    """White noise under the whole clip and half a second on both sides, measured against the clip's mean power."""
    room = np.zeros(SAMPLE_RATE_HZ // 2, np.float32)
    clip = np.concatenate([room, samples, room])
    level = float(np.sqrt((samples**2).mean() / 10 ** (signal_to_noise_db / 10)))
    noisy: Floats = (clip + rng.normal(0, level, len(clip))).astype(np.float32)
    return noisy
