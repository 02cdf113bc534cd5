"""From a device that knows nothing to one that is let in: its page on a phone, the portal's page, both in Chromium."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import zxingcpp
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from browser.launch import find_chromium
from device import away
from device.config import Config, read_key
from device.handheld import Handheld
from device.journal import Entry
from device.main import setup_of
from device.parts.interfaces import Parts
from device.parts.simulated import FileCamera, PngScreen, SimulatedButton, WavMicrophone, WavSpeaker
from device.provisioning import steps
from device.provisioning.network_manager import NetworkManagerRadio
from device.provisioning.reader import codes_in
from device.provisioning.setting_up import wizard_of
from device.provisioning.state import Purpose, Stage
from device.provisioning.wizard import Outside, Wizard
from tests.device.provisioning.played import network_manager
from wire.qr import CloudCode, WifiCode, cloud_code, read, wifi_code

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

WAIT_S = 60.0
PHONE = {"width": 390, "height": 844}


@pytest_asyncio.fixture(loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium("", playwright.chromium.executable_path)
        )
        yield browser
        await browser.close()


def parts_of(folder: Path) -> Parts:
    sees = FileCamera()
    return Parts(SimulatedButton(), WavMicrophone(fast=True), WavSpeaker(fast=True), PngScreen(folder), camera=sees)


class Desk:
    """A setup that runs, and what is known of it."""

    def __init__(self, folder: Path, bus: str) -> None:
        self.folder = folder
        self.config = Config(
            key_file=folder / "device.key", settings_file=folder / "settings.json", kept_dir=folder / "kept"
        )
        self.parts = parts_of(folder / "screens")
        radio = NetworkManagerRadio(bus, "127.0.0.1")
        outside = Outside(ports=(0,), answered_s=0.2)
        self.running: asyncio.Task[Any] | None = None
        self.wizard: Wizard = wizard_of(self.config, self.parts, Purpose.FIRST, radio=radio, outside=outside)

    async def stage(self, stage: Stage, true: Callable[[], Any] = lambda: True) -> None:
        """Waits until it is there."""
        journal = self.wizard.journal
        try:
            async with asyncio.timeout(WAIT_S):
                while self.wizard.state.stage is not stage or not true():
                    await journal.changed()
        except TimeoutError:
            pytest.fail(f"{stage} was not reached: {[entry.data for entry in journal.since(0)]}")

    async def page(self) -> str:
        """The address of its page, as soon as it is open."""
        await self.stage(Stage.HOTSPOT, lambda: self.wizard.state.hotspot)
        assert self.wizard.state.hotspot is not None
        return f"http://{self.wizard.state.hotspot.address}/"


@pytest_asyncio.fixture(loop_scope="session")
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    with network_manager(tmp_path) as bus:
        made = Desk(tmp_path, bus)
        running = made.running = asyncio.create_task(made.wizard.run())
        yield made
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        made.parts.close()


async def phone(chromium: Browser, *, scripts: bool = False) -> Page:
    """A page as wide as a phone; without scripts, as ours needs none."""
    context = await chromium.new_context(viewport=PHONE, java_script_enabled=scripts, device_scale_factor=2)
    return await context.new_page()


async def joined(folder: Path, config: Config) -> Entry:
    """The device at its next start: let in with what was written down."""
    handheld = Handheld(setup_of(config, read_key(config.key_file), "ab" * 16), parts_of(folder))
    running = asyncio.create_task(handheld.run())
    try:
        async with asyncio.timeout(WAIT_S):
            return await handheld.journal.wait("joined")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def due_title(code: CloudCode | WifiCode) -> str:
    return "The code of this cloud" if isinstance(code, CloudCode) else f"The code of {code.name}"


async def test_a_new_device_is_set_up_on_a_phone_and_paired_in_the_portal(
    theatre: Any, desk: Desk, chromium: Browser, tmp_path: Path
) -> None:
    page = await phone(chromium)
    await page.goto(await desk.page())
    await expect(page.get_by_role("radio")).to_have_count(5)
    assert await page.locator("html").evaluate("it => it.scrollWidth <= innerWidth")
    await page.get_by_label("Vogelweide").check()
    await page.get_by_label("Password", exact=True).fill("wrong horse")
    await page.get_by_label("Country").fill("de")
    await page.get_by_label("Address of your cloud").fill(theatre.stage.cloud)
    await page.get_by_role("button", name="Connect").click()
    await expect(page.get_by_text("I try it now.")).to_be_visible()
    await desk.stage(Stage.HOTSPOT, lambda: desk.wizard.state.trouble == steps.REFUSED)

    await page.goto(await desk.page())
    await expect(page.get_by_role("alert")).to_contain_text(steps.REFUSED)
    await expect(page.get_by_label("Vogelweide")).to_be_checked()
    await page.get_by_label("Password", exact=True).fill("correct horse")
    await page.get_by_role("button", name="Connect").click()
    await desk.stage(Stage.PAIRING)
    code = desk.wizard.state.code
    assert code is not None

    portal = await chromium.new_page(base_url=theatre.stage.cloud)
    await portal.goto("/devices")
    await portal.get_by_label("The owner's token").fill(theatre.stage.token)
    await portal.get_by_role("button", name="Sign in").click()
    await portal.get_by_text("Show the device a QR code").click()
    for button, due in (
        ("Show the code of this cloud", CloudCode(desk.wizard.state.cloud)),
        ("Show the code of this Wi-Fi", WifiCode("Vogel;weide", "correct horse")),
    ):
        await portal.locator("#wifi-name").fill("Vogel;weide")
        await portal.locator("#wifi-password").fill("correct horse")
        await portal.get_by_role("button", name=button).click()
        await expect(portal.locator("#qr p")).to_have_text(due_title(due))
        picture = portal.locator("#qr img")
        seen = await codes_in(await picture.screenshot(type="jpeg"))
        assert list(map(read, seen)) == [due], "what the camera would see"
    await portal.get_by_label("The code on its screen").fill(code.code.lower())
    await portal.get_by_role("button", name="Go on").click()
    await expect(portal.get_by_text(" ".join(code.words))).to_be_visible()
    await portal.locator("#new-name").fill("Set up here")
    await portal.get_by_role("button", name="They are the same").click()
    await expect(portal.get_by_text("Set up here is paired.")).to_be_visible()
    await portal.context.close()
    await page.context.close()
    assert desk.running is not None and (await asyncio.wait_for(desk.running, WAIT_S)).stage is Stage.DONE
    kept = desk.config.key_file
    assert kept.stat().st_mode & 0o777 == 0o600 and read_key(kept).device == "set-up-here"
    assert (await joined(tmp_path / "then", desk.config)).data["session"]


def show(desk: Desk, *texts: str) -> None:
    """Hold these codes before its camera."""
    wall = Image.new("L", (1280, 720), 220)
    for at, text in enumerate(texts):
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=9)
        wall.paste(Image.fromarray(made), (80 + 600 * at, 120))
    camera = desk.parts.camera
    assert isinstance(camera, FileCamera)
    camera.path = desk.folder / f"seen-{len(texts)}-{len(texts[-1])}.png"
    wall.save(camera.path)


async def test_codes_before_the_camera_do_without_a_page_and_a_cloud_that_is_not_there_can_be_left(
    theatre: Any, desk: Desk
) -> None:
    await desk.page()
    button = desk.parts.button
    assert isinstance(button, SimulatedButton)
    nowhere, here = "ws://127.0.0.1:9/device", theatre.stage.device_url
    show(desk, wifi_code(WifiCode("Vogelweide", "correct horse")), cloud_code(nowhere))
    button.down()
    await desk.stage(Stage.REACHING, lambda: desk.wizard.state.trouble == away.CLOUD_AWAY)
    button.up()
    button.down()
    await desk.page()
    button.up()
    show(desk, wifi_code(WifiCode("Vogelweide", "correct horse")), cloud_code(here))
    button.down()
    await desk.stage(Stage.PAIRING)
    button.up()
    assert desk.wizard.state.code is not None and desk.wizard.state.cloud == here


PROBES = (
    "captive.apple.com/hotspot-detect.html",
    "connectivitycheck.gstatic.com/generate_204",
    "www.msftconnecttest.com/connecttest.txt",
    "detectportal.firefox.com/canonical.html",
)


async def test_a_phone_that_looks_for_the_internet_is_shown_the_page(desk: Desk) -> None:
    page = (await desk.page()).removeprefix("http://").removesuffix("/")
    where, port = page.split(":")
    for address in PROBES:
        host, path = address.split("/")
        reader, writer = await asyncio.open_connection(where, int(port))
        writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        head = (await reader.read()).decode()
        writer.close()
        assert head.startswith("HTTP/1.1 302") and f"location: http://{page}/\r\n" in head, address


async def test_a_revoked_device_is_put_out_and_what_it_asked_for_is_stopped_before_the_act(enter: Any) -> None:
    scene = await enter()
    await scene.person.say("order a large pepperoni pizza")
    ask = await scene.question()
    device = scene.person.handheld.link.identity.device
    (
        await scene.client.delete(f"/api/devices/{device}", headers={"content-type": "application/json"})
    ).raise_for_status()
    assert (await scene.noted("link_ended")).data["code"] == "unpaired"
    assert (await scene.event("task_done"))["status"] == "cancelled"
    await scene.client.post(f"/api/asks/{ask.ask}", json={"digest": ask.digest, "answer": "yes"})
    assert scene.ordered == [] and not scene.of("intent"), "a yes that comes after it counts for nothing"
