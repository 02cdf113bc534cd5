"""The real PyAudio over ALSA's `file` plugin: every byte can be compared. The parts pace themselves: it does not."""

from __future__ import annotations

import asyncio
import os
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.errors import MicrophoneError, SpeakerError
from device.parts.microphone import PyAudioMicrophone
from device.parts.sound_cards import SoundCards, Way
from device.parts.speaker import PyAudioSpeaker
from tests.device.sound_stage import babble

_ALSA = """
</usr/share/alsa/alsa.conf>
pcm.hare_in {{ type file slave.pcm null file /dev/null infile {folder}/said.raw format raw }}
pcm.hare_out {{ type file slave.pcm null file {folder}/heard.wav format wav }}
"""


@pytest.fixture
def cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundCards]:
    (tmp_path / "asound.conf").write_text(_ALSA.format(folder=tmp_path))
    (tmp_path / "said.raw").write_bytes(b"")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
    made = SoundCards()
    yield made
    made.close()


async def test_the_bytes_of_the_microphone_arrive_as_they_are(cards: SoundCards, tmp_path: Path) -> None:
    said = babble(1.0, 7)
    (tmp_path / "said.raw").write_bytes(said)
    microphone = PyAudioMicrophone(cards, "hare_in")
    await microphone.open()
    heard = b""
    async with asyncio.timeout(60):
        while len(heard) < len(said):
            heard += await microphone.read()
    await microphone.close()
    microphone.release()
    assert heard[: len(said)] == said


async def test_the_last_bytes_before_the_release_arrive_as_they_are_and_none_twice(
    cards: SoundCards, tmp_path: Path
) -> None:
    said = babble(3.0, 7)
    (tmp_path / "said.raw").write_bytes(said)
    microphone = PyAudioMicrophone(cards, "hare_in")
    await microphone.open()
    opened_s = time.monotonic()
    heard = b"".join([await microphone.read() for _ in range(5)])
    held_s = time.monotonic() - opened_s
    microphone.finish()
    async with asyncio.timeout(60):
        while piece := await microphone.read():
            heard += piece
    await microphone.close()
    microphone.release()
    assert heard[: len(said)] == said[: len(heard)]
    assert len(heard) // 2 >= int(held_s * 16_000), "all that the clock says was captured while it was held"


async def test_the_bytes_that_are_played_leave_as_they_are(cards: SoundCards, tmp_path: Path) -> None:
    said = babble(0.5, 8)
    speaker = PyAudioSpeaker(cards, "hare_out")
    await speaker.play(said)
    speaker.close()
    with wave.open(str(tmp_path / "heard.wav"), "rb") as file:
        assert file.getframerate() == 16_000
        heard = file.readframes(1 << 30) or (tmp_path / "heard.wav").read_bytes()
    assert said in heard
    assert len(heard) < 10 * len(said), "silence is paced, too"


async def test_a_name_that_is_not_there_is_answered_with_those_that_are(cards: SoundCards) -> None:
    with pytest.raises(MicrophoneError, match=r"no microphone called 'wm8960'; there are: .*hare_in"):
        cards.open(Way.IN, "wm8960")
    speaker = PyAudioSpeaker(cards, "wm8960")
    with pytest.raises(SpeakerError, match=r"no speaker called 'wm8960'; there are: .*hare_out"):
        await speaker.play(bytes(640))
    speaker.close()


def test_a_part_of_the_name_in_any_case_is_enough(cards: SoundCards) -> None:
    opened = cards.open(Way.IN, "HARE_I")
    assert opened.device == "hare_in" and opened.format.rate_hz == 16_000
    cards.give_back(opened)


def test_alsa_and_portaudio_say_nothing_on_stderr(cards: SoundCards, capfd: pytest.CaptureFixture[str]) -> None:
    cards.names(Way.IN)
    os.write(2, b"others may\n")
    assert capfd.readouterr().err == "others may\n"
