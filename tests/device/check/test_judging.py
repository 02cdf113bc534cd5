"""What each observation is taken for: the verdict, the reason and the next step."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from device.check import judging, reaching
from device.check.acoustics import Echo, Levels
from device.check.findings import Finding, Verdict
from device.check.seen import (
    BatterySeen,
    ButtonSeen,
    ClockSeen,
    CloudSeen,
    ColoursSeen,
    DiskSeen,
    EchoSeen,
    MachineSeen,
    MicrophoneSeen,
    MuteSeen,
    Network,
    NetworkSeen,
    NoPart,
    PictureSeen,
    SpeakerSeen,
    WatchdogSeen,
    WheelSeen,
)

NEEDED = ("dtparam=spi=on", "dtparam=i2c_arm=on")
PI = MachineSeen(model="Raspberry Pi Zero 2 W Rev 1.0", overlays=("dtparam=spi=on,i2c_arm=on",), needed=NEEDED)
EDGES = ((True, 0), (False, 80), (True, 1_000), (False, 1_900))
CLEAN = Levels(32_000, -30.0, -12.0, 3, 0.0, False)
HEARD = MicrophoneSeen(CLEAN, took_ms=2_000, open_ms=40, spoke=True, recognised=True)
SHARP = PictureSeen(1280, 960, 90_000, 120.0, 22.0, 300, True)
HOME = Network("wlan0", True, True, "192.168.1.7", -51)
PAIRED = CloudSeen(host="cloud.example", encrypted=True, joined_ms=40, round_trip_ms=31.0)


def judged(seen: Any) -> Finding:
    judges: dict[type, Any] = {
        MachineSeen: judging.machine,
        ButtonSeen: judging.button,
        WheelSeen: judging.wheel,
        MuteSeen: judging.mute,
        SpeakerSeen: judging.speaker,
        MicrophoneSeen: judging.microphone,
        EchoSeen: judging.echo,
        PictureSeen: judging.picture,
        BatterySeen: judging.battery,
        NoPart: judging.no_part,
        ColoursSeen: judging.lights,
        NetworkSeen: reaching.network,
        ClockSeen: reaching.clock,
        DiskSeen: reaching.disk,
        WatchdogSeen: judging.watchdog,
        CloudSeen: reaching.cloud,
    }
    found: Finding = judges[type(seen)](seen)
    return found


@pytest.mark.parametrize(
    "seen",
    [
        PI,
        ButtonSeen(False, True, EDGES),
        WheelSeen(True, 2, -3, 1),
        MuteSeen(True, (False, True, False)),
        ColoursSeen((("red", True), ("green", True))),
        SpeakerSeen(True, 600, 640),
        HEARD,
        EchoSeen(Echo(380.0, 0.9), 300),
        SHARP,
        BatterySeen(80, False),
        NetworkSeen((HOME,)),
        ClockSeen(2026, True),
        DiskSeen(9_000, False, 12),
        WatchdogSeen(unit_s=20.0),
        WatchdogSeen(path="/dev/watchdog", chip="Broadcom BCM2835 Watchdog timer", chip_s=15, fed=True),
        PAIRED,
    ],
)
def test_what_is_as_it_should_be_is_good(seen: Any) -> None:
    assert judged(seen).verdict is Verdict.GOOD


@pytest.mark.parametrize(
    ("seen", "reason", "step"),
    [
        (
            replace(PI, libraries="RPi.GPIO and rpi-lgpio are both installed"),
            "both installed",
            "pip uninstall RPi.GPIO",
        ),
        (replace(PI, kernel_said=("wm8960 1-001a: No MCLK configured",)), "No MCLK", "apt-mark hold"),
        (ButtonSeen(True, False), "closed", "pull"),
        (ButtonSeen(False, True), "no edge", "gpiomon"),
        (ButtonSeen(False, True, EDGES[:3]), "release was lost", "sticky"),
        (ButtonSeen(False, True, (*EDGES[:2], (True, 500), (False, 560))), "hold of a second", "again"),
        (WheelSeen(True), "no step", "ground"),
        (WheelSeen(True, -2, 2, 1), "wrong way", "Swap"),
        (WheelSeen(True, 2, 0, 1), "one way", "loose"),
        (WheelSeen(True, 2, -2, 0), "no push", "wheel_push"),
        (MuteSeen(True, (False,)), "changed nothing", "[pins]"),
        (ColoursSeen((("red", True), ("green", False))), "green", "swap the pins"),
        (SpeakerSeen(False, 600, 610), "not heard", "alsamixer"),
        (SpeakerSeen(True, 600, 1_650), "too slowly", "plughw"),
        (replace(HEARD, levels=Levels(0, -100, -100, 0, 0, True)), "deaf", "plugged in"),
        (replace(HEARD, levels=replace(CLEAN, stuck=True, offset=0)), "deaf", "No MCLK"),
        (replace(HEARD, took_ms=3_000), "0.67 times", "-9997"),
        (replace(HEARD, levels=replace(CLEAN, clipped=0.02)), "clipped", "gain down"),
        (replace(HEARD, recognised=False), "played back", "-9997"),
        (EchoSeen(None, 300), "deaf", "volume"),
        (replace(SHARP, right=False), "not of what is before", "ribbon"),
        (BatterySeen(-1, False), "no reading", "i2c_arm"),
        (NetworkSeen((replace(HOME, up=False),), blocked=True), "rfkill", "country"),
        (NetworkSeen((replace(HOME, up=False),)), "no network", "nmtui"),
        (NetworkSeen((replace(HOME, address=""),)), "without an address", "DHCP"),
        (ClockSeen(1970, None), "certificate", "timedatectl"),
        (DiskSeen(9_000, True, -1), "only be read", "card"),
        (DiskSeen(0, False, -1, "No space left on device"), "No space left", "room"),
        (DiskSeen(9_000, False, 9, errors=("mmcblk0: error -110",)), "mmcblk0", "dying"),
        (replace(PAIRED, failed="name", reason="no address"), "no address", "name server"),
        (replace(PAIRED, failed="certificate", reason="expired"), "expired", "clock"),
        (replace(PAIRED, failed="pairing", reason="unpaired"), "unpaired", "leveret pair"),
        (replace(PAIRED, failed="pairing", reason="old", code="upgrade_required"), "old", "Update"),
    ],
)
def test_what_does_not_work_says_the_reason_and_the_next_step(seen: Any, reason: str, step: str) -> None:
    found = judged(seen)
    assert found.verdict is Verdict.BAD
    assert reason.lower() in found.reason.lower() and step in found.next_step


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (replace(PI, overlays=("dtparam=spi=on",), config_txt=True), "dtparam=i2c_arm=on"),
        (replace(PI, needed=(*PI.needed, "dtoverlay=googlevoicehat-soundcard"), config_txt=True), "voicehat"),
        (MachineSeen(), "no Raspberry Pi"),
        (ButtonSeen(False, True, (*EDGES, (True, 2_000), (False, 2_004))), "bounces"),
        (replace(HEARD, levels=replace(CLEAN, offset=2_400)), "offset of 2400"),
        (replace(HEARD, levels=replace(CLEAN, peak_db=-55.0)), "hardly heard"),
        (replace(HEARD, spoke=False, recognised=None, levels=replace(CLEAN, rms_db=-20.0)), "noise"),
        (replace(HEARD, open_ms=900), "900 ms"),
        (EchoSeen(Echo(900.0, 0.9), 300), "long way round"),
        (replace(SHARP, brightness=6.0), "black"),
        (replace(SHARP, brightness=250.0), "white"),
        (replace(SHARP, sharpness=1.0), "blurred"),
        (BatterySeen(9, False), "low"),
        (NetworkSeen((replace(HOME, signal_dbm=-82),)), "weak"),
        (ClockSeen(2026, False), "not set by the network"),
        (DiskSeen(50, False, 12), "little room"),
        (DiskSeen(9_000, False, 2_400), "slow card"),
        (replace(PAIRED, round_trip_ms=900.0), "long way"),
    ],
)
def test_what_works_badly_is_told_with_its_reason(seen: Any, reason: str) -> None:
    found = judged(seen)
    assert found.verdict is Verdict.DOUBTFUL and reason in found.reason and found.next_step


@pytest.mark.parametrize(
    "seen",
    [
        ButtonSeen(False, False),
        WheelSeen(False),
        MuteSeen(False, (True,)),
        ColoursSeen((("red", None),)),
        SpeakerSeen(None, 600, 610),
        replace(SHARP, right=None),
    ],
)
def test_what_only_a_person_could_judge_is_not_asked(seen: Any) -> None:
    assert judged(seen).verdict is Verdict.NOT_ASKED


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("GPIO busy: GPIO 17 is in use", "systemctl stop"),
        ("[Errno -9997] Invalid sample rate", "plughw"),
        ("no permission for /dev/gpiochip0", "usermod"),
        ("The screen at /dev/spidev0.0 cannot be reached", "dtparam=spi=on"),
        ("there is no I2C bus 1", "dtparam=i2c_arm=on"),
        ("Cannot determine SOC peripheral base address", "rpi-lgpio"),
        ("[Errno 12] Cannot allocate memory", "cma-128"),
        ("No module named 'libcamera'", "python3-picamera2"),
    ],
)
def test_what_libraries_say_on_real_pis_leads_to_a_next_step(said: str, step: str) -> None:
    found = judged(NoPart(said))
    assert found.verdict is Verdict.BAD and found.reason == said and step in found.next_step


def test_a_part_that_the_build_has_not_is_not_there() -> None:
    assert judged(NoPart()).verdict is Verdict.ABSENT


def test_a_watchdog_that_nobody_feeds_or_that_cannot_be_had_is_told() -> None:
    assert judged(WatchdogSeen()).verdict is Verdict.DOUBTFUL
    assert judged(WatchdogSeen(unit_s=0.0)).reason.startswith("WatchdogSec is missing")
    taken = judged(WatchdogSeen(path="/dev/watchdog", reason="Device or resource busy; systemd has it already"))
    assert taken.verdict is Verdict.BAD and "RuntimeWatchdogSec" in taken.next_step
    assert judged(WatchdogSeen(path="/dev/watchdog", endless=True)).verdict is Verdict.NOT_ASKED
