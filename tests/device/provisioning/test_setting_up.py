"""A setup as the program begins it: with the device's own settings, and told on stderr."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from device.config import Config, Key
from device.parts.interfaces import Parts
from device.parts.simulated import PngScreen, SimulatedButton, WavMicrophone, WavSpeaker
from device.provisioning.setting_up import known_cloud, set_up
from device.provisioning.state import Purpose, Stage


async def test_a_machine_without_a_message_bus_says_so_and_is_left_with_two_clicks(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
    button, screen = SimulatedButton(), PngScreen(tmp_path)
    parts = Parts(button, WavMicrophone(fast=True), WavSpeaker(fast=True), screen)
    config = Config(key_file=tmp_path / "key", settings_file=tmp_path / "settings")
    key = Key("hare", bytes(32))
    running = asyncio.create_task(set_up(config, parts, Purpose.WIFI, key=key))
    async with asyncio.timeout(40):
        while "no message bus" not in capfd.readouterr().err:  # noqa: ASYNC110  # stderr wakes nobody
            await asyncio.sleep(0.02)
    await button.click(2)
    assert (await asyncio.wait_for(running, 40)).stage is Stage.DONE
    assert not config.key_file.exists()


def test_the_address_that_stands_for_none_is_no_cloud() -> None:
    assert known_cloud(Config(), None) == ""
    assert known_cloud(Config(cloud="wss://hare.example/device"), None) == "wss://hare.example/device"
    assert (
        known_cloud(Config(), Key("hare", bytes(32), cloud="wss://other.example/device"))
        == "wss://other.example/device"
    )
    assert known_cloud(Config(), Key("hare", bytes(32))) == Config().cloud, "one with a key file by hand has it there"
