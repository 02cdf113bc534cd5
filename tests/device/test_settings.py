from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from device.errors import SettingsError
from device.handheld import Handheld, Setup
from device.inputs import Wheel
from device.keeping import Kept
from device.parts.interfaces import Parts
from device.parts.simulated import PngScreen, SimulatedButton, WavMicrophone, WavSpeaker
from device.settings import Settings, SettingsFile
from wire.link import Identity

CHANGED = Settings(volume=10, brightness=40, camera=False, sleep_s=0, text="large", language="de")


def test_what_was_set_is_there_again(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.json")
    assert file.read(Settings(volume=5)) == (Settings(volume=5), "")
    file.write(CHANGED)
    assert file.read(Settings()) == (CHANGED, "")
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_a_torn_file_is_as_new_and_said(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    SettingsFile(path).write(CHANGED)
    whole = path.read_bytes()
    for cut in range(len(whole) - 1):
        path.write_bytes(whole[:cut])
        settings, sentence = SettingsFile(path).read(Settings())
        assert settings == Settings() and "as new" in sentence


@pytest.mark.parametrize("text", ['{"volume":101}', '{"text":"huge"}', "[]", '{"sleep_s":-1}', '{"brightness":0}'])
def test_values_that_cannot_be_are_as_new_and_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    assert SettingsFile(path).read(Settings())[1]


def test_settings_of_a_newer_device_are_read_for_what_is_known(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"volume":10,"colour":"green"}')
    assert SettingsFile(path).read(Settings()) == (Settings(volume=10), "")


def test_a_disk_that_takes_nothing_is_said_and_what_was_kept_still_is(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    SettingsFile(path).write(CHANGED)
    (tmp_path / "settings.json.new").mkdir()
    with pytest.raises(SettingsError, match="cannot be kept"):
        SettingsFile(path).write(Settings())
    assert SettingsFile(path).read(Settings()) == (CHANGED, "")


async def test_a_disk_that_stays_full_is_said_once(tmp_path: Path) -> None:
    said: list[str] = []
    tried = asyncio.Event()

    class Full(SettingsFile):
        def write(self, settings: Settings) -> None:
            loop.call_soon_threadsafe(tried.set)
            raise SettingsError("Your settings cannot be kept: No space left on device.")

    loop = asyncio.get_running_loop()
    kept = Kept(Full(tmp_path / "settings.json"), said.append, rest_s=0)
    writing = asyncio.create_task(kept.run())
    for volume in range(3):
        tried.clear()
        kept.keep(Settings(volume=volume))
        await asyncio.wait_for(tried.wait(), 20)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    assert len(said) == 1


def test_what_waits_when_the_device_stops_is_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"

    async def stop() -> None:
        kept = Kept(SettingsFile(path), lambda _: None)
        kept.keep(Settings(volume=3))
        kept.keep(Settings(volume=4))
        kept.close()

    asyncio.run(stop())
    assert SettingsFile(path).read(Settings())[0].volume == 4
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


async def device_with(path: Path) -> tuple[Handheld, asyncio.Task[None]]:
    handheld = Handheld(
        Setup(
            address="ws://127.0.0.1:1/device",
            identity=Identity(device="hare", key=bytes(32), boot="ab" * 16),
            kept=SettingsFile(path),
        ),
        Parts(SimulatedButton(), WavMicrophone(fast=True), WavSpeaker(fast=True), PngScreen()),
    )
    running = asyncio.create_task(handheld.run())
    await handheld.started.wait()
    return handheld, running


async def switched_off(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_device_that_is_switched_off_and_on_is_as_it_was_set(tmp_path: Path) -> None:
    handheld, running = await device_with(tmp_path / "settings.json")
    handheld.feed(Wheel(steps=3))
    await switched_off(running)
    handheld, running = await device_with(tmp_path / "settings.json")
    assert handheld.state.settings.volume == 90
    await switched_off(running)


async def test_a_device_says_once_that_its_settings_were_torn(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"volume":')
    handheld, running = await device_with(tmp_path / "settings.json")
    assert handheld.state.notice is not None and "as new" in handheld.state.notice.sentence
    handheld.feed(Wheel(steps=1))
    await switched_off(running)
    handheld, running = await device_with(tmp_path / "settings.json")
    assert handheld.state.notice is None and handheld.state.settings.volume == 80
    await switched_off(running)
