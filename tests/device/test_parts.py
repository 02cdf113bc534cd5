"""The simulated parts keep the rules of real ones."""

from __future__ import annotations

import asyncio
import time
import wave
from pathlib import Path

import pytest
from PIL import Image

from device.drawing import blank
from device.errors import CameraError, MicrophoneError, SpeakerError
from device.parts.simulated import (
    CHUNK_BYTES,
    FAINT,
    FileCamera,
    FixedBattery,
    PngScreen,
    SimulatedButton,
    SimulatedWheel,
    WavMicrophone,
    WavSpeaker,
    read_wav,
)
from device.pictures import jpeg_of
from wire import limits


def write_wav(path: Path, pcm: bytes, *, rate: int = 16000, channels: int = 1, width: int = 2) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(pcm)
    return path


async def test_a_fast_microphone_gives_all_that_is_said_and_then_silence(tmp_path: Path) -> None:
    pcm = b"\1\0" * 1000
    microphone = WavMicrophone(fast=True)
    microphone.speak(write_wav(tmp_path / "a.wav", pcm))
    await microphone.open()
    heard = b"".join([await microphone.read() for _ in range(4)])
    assert microphone.said.is_set()
    assert heard[: len(pcm)] == pcm and heard[len(pcm) :] == FAINT[len(pcm) % CHUNK_BYTES :]
    await microphone.close()


async def test_a_microphone_in_real_time_is_paced_by_its_clock_and_does_not_drift(tmp_path: Path) -> None:
    microphone = WavMicrophone()
    microphone.speak(write_wav(tmp_path / "a.wav", bytes(CHUNK_BYTES * 20)))
    await microphone.open()
    began = time.monotonic()
    for _ in range(15):
        await microphone.read()
    assert time.monotonic() - began >= 15 * 0.02 - 0.001, "sound cannot come before it was spoken"


async def test_a_closed_microphone_hears_nothing() -> None:
    microphone = WavMicrophone()
    with pytest.raises(MicrophoneError, match="closed"):
        await microphone.read()
    await microphone.close()
    await microphone.close()


async def test_what_is_said_is_said_once(tmp_path: Path) -> None:
    microphone = WavMicrophone(fast=True)
    microphone.speak(write_wav(tmp_path / "a.wav", b"\1\0" * 320))
    await microphone.open()
    assert await microphone.read() != FAINT
    await microphone.close()
    await microphone.open()
    assert await microphone.read() == FAINT


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({"rate": 44100}, "44100 Hz"),
        ({"rate": 8000}, "8000 Hz"),
        ({"channels": 2}, "2 channel"),
        ({"width": 1}, "8 bit"),
    ],
)
def test_a_wav_of_another_kind_is_refused_with_what_is_due(tmp_path: Path, made: dict[str, int], words: str) -> None:
    with pytest.raises(MicrophoneError, match=words) as raised:
        read_wav(write_wav(tmp_path / "a.wav", bytes(6400), **made))
    assert "16000 Hz, 1 channel, 16 bit" in str(raised.value)


@pytest.mark.parametrize("cut", [0, 3, 20, 43, 44, 100])
def test_a_torn_wav_is_said_to_be_broken_or_is_empty(tmp_path: Path, cut: int) -> None:
    path = write_wav(tmp_path / "a.wav", bytes(6400))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(MicrophoneError, match="broken"):
        read_wav(path)


async def test_what_was_heard_is_written_when_the_speaker_closes(tmp_path: Path) -> None:
    speaker = WavSpeaker(tmp_path / "reply.wav", fast=True)
    await speaker.play(b"\1\0" * 320)
    speaker.close()
    speaker.close()
    assert read_wav(tmp_path / "reply.wav") == b"\1\0" * 320


async def test_a_cut_is_heard_as_a_cut() -> None:
    speaker = WavSpeaker()
    playing = asyncio.create_task(speaker.play(bytes(320_000)))
    await asyncio.sleep(0)
    speaker.cut()
    await asyncio.wait_for(playing, 20)
    assert len(speaker.heard) < 300_000


def test_a_reply_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    speaker = WavSpeaker(tmp_path / "missing" / "reply.wav")
    with pytest.raises(SpeakerError, match="cannot be written"):
        speaker.close()


async def test_a_png_is_seen_as_a_jpeg(tmp_path: Path) -> None:
    Image.new("RGBA", (50, 40), (255, 0, 0, 128)).save(tmp_path / "a.png")
    jpeg = await FileCamera(tmp_path / "a.png").picture()
    assert jpeg.startswith(b"\xff\xd8") and jpeg.endswith(b"\xff\xd9")


async def test_a_camera_that_sees_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="sees nothing"):
        await FileCamera().picture()
    with pytest.raises(CameraError, match="no file"):
        await FileCamera(tmp_path / "none.jpg").picture()


def picture(path: Path, size: tuple[int, int], **options: object) -> bytes:
    Image.effect_noise(size, 80).convert("RGB").save(path, **options)  # type: ignore[arg-type]
    return path.read_bytes()


def test_a_jpeg_that_is_fine_is_sent_as_it_is(tmp_path: Path) -> None:
    data = picture(tmp_path / "a.jpg", (640, 480))
    assert jpeg_of(data) is data


def test_a_picture_that_is_too_big_is_made_smaller(tmp_path: Path) -> None:
    jpeg = jpeg_of(picture(tmp_path / "a.jpg", (2600, 1800), quality=95))
    (tmp_path / "b.jpg").write_bytes(jpeg)
    with Image.open(tmp_path / "b.jpg") as image:
        assert max(image.size) <= 1280
    assert len(jpeg) <= limits.PICTURE_BYTES


def test_a_picture_that_lies_on_its_side_is_put_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    jpeg = jpeg_of(picture(tmp_path / "a.jpg", (300, 200), exif=exif))
    (tmp_path / "b.jpg").write_bytes(jpeg)
    with Image.open(tmp_path / "b.jpg") as image:
        assert image.size == (200, 300)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_torn_jpeg_is_said_to_be_torn(tmp_path: Path, share: float) -> None:
    data = picture(tmp_path / "a.jpg", (640, 480))
    with pytest.raises(CameraError, match="torn"):
        jpeg_of(data[: int(len(data) * share)])


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff", bytes(1000), b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_said(data: bytes) -> None:
    with pytest.raises(CameraError):
        jpeg_of(data)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    Image.new("1", (9000, 9000)).save(tmp_path / "bomb.png")
    with pytest.raises(CameraError, match="too big"):
        jpeg_of((tmp_path / "bomb.png").read_bytes())


def test_the_screen_writes_every_face_that_is_really_different(tmp_path: Path) -> None:
    screen = PngScreen(tmp_path / "screens")
    for key in ("idle a", "idle a", "listening b", "idle a"):
        screen.show(blank(), key)
    names = sorted(path.name for path in (tmp_path / "screens").iterdir())
    assert names == ["001-idle.png", "002-listening.png", "003-idle.png"]


def test_button_and_wheel_report_only_while_somebody_listens() -> None:
    edges: list[bool] = []
    turns: list[int] = []
    button, wheel = SimulatedButton(), SimulatedWheel()
    button.down()
    button.up()
    wheel.turn(1)
    button.start(lambda down, _: edges.append(down))
    wheel.start(turns.append, lambda: turns.append(99))
    button.down()
    button.up()
    wheel.turn(-2)
    wheel.push()
    button.close()
    wheel.close()
    button.down()
    wheel.turn(5)
    assert edges == [True, False] and turns == [-2, 99]


def test_a_battery_tells_what_it_was_told() -> None:
    read = FixedBattery(40, charging=True).read()
    assert read is not None and (read.percent, read.charging) == (40, True)
