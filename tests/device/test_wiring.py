"""`hardware/pins.toml`: what the firmware opens comes from it, and what cannot be is told with all its reasons."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from device.boot import boot_lines, missing_lines, needed_lines
from device.builds import builds, from_wiring, pins_of
from device.errors import ConfigError
from device.parts.power import MAX17048, PISUGAR3
from device.wiring import FILE, Wired, Wiring, clashes, end_of, read_wiring, wiring

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / FILE).read_text()


def changed(old: str, new: str) -> str:
    """The file with its first such line otherwise."""
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def named(text: str, name: str) -> tuple[Wiring, Wired]:
    told = read_wiring(text)
    return told, next(one for one in told.builds if one.name == name)


@pytest.mark.parametrize("name", list(builds()))
def test_nothing_clashes_and_every_wire_ends_somewhere(name: str) -> None:
    told, build = named(TEXT, name)
    assert clashes(told, build) == []
    for part in build.parts:
        for end in (end_of(told, build, one) for one in part.wires.values()):
            assert end.gpio < 0 or told.header[end.header - 1] == f"GPIO{end.gpio}"


def test_the_file_is_in_the_package_that_is_installed() -> None:
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    package, _, name = FILE.partition("/")
    assert package in setuptools["packages"]["find"]["include"]
    assert f"*{Path(name).suffix}" in setuptools["package-data"]["*"]
    assert wiring() == read_wiring(TEXT)


def test_a_pin_that_is_changed_there_is_changed_in_the_firmware_and_in_config_txt() -> None:
    before, after = named(TEXT, "discrete"), named(changed("wheel_a = 5", "wheel_a = 4"), "discrete")
    assert pins_of(from_wiring(before[1]))["wheel_a"] == 5 and "gpio=5=ip,pu" in boot_lines(*before)
    assert pins_of(from_wiring(after[1])) == {**pins_of(from_wiring(before[1])), "wheel_a": 4}
    assert "gpio=4=ip,pu" in boot_lines(*after) and "gpio=5=ip,pu" not in boot_lines(*after)
    other = named(changed('CS = "spi0.cs0"', 'CS = "spi0.cs1"'), "whisplay")[1]
    assert from_wiring(other).panel.device == 1


@pytest.mark.parametrize("name", list(builds()))
def test_what_the_firmware_expects_on_the_bus_is_there(name: str) -> None:
    build = named(TEXT, name)[1]
    there = {address for part in build.parts for address in part.i2c}
    expected = {"pisugar3": PISUGAR3, "max17048": MAX17048}
    assert {expected[kind] for kind in build.batteries if kind in expected} <= there


def test_until_the_firmware_runs_every_pin_is_quiet() -> None:
    lines = boot_lines(*named(TEXT, "whisplay"))
    assert lines[:4] == ("dtparam=i2c_arm=on", "dtparam=spi=on", "dtparam=i2s=on", "dtoverlay=whisplay-soundcard")
    assert {"gpio=17=ip,np", "gpio=25=op,dh", "gpio=22=op,dh", "gpio=4=op,dh", "gpio=27=op,dl"} <= set(lines)
    lines = boot_lines(*named(TEXT, "discrete"))
    assert lines.count("dtoverlay=googlevoicehat-soundcard") == 1 and "camera_auto_detect=1" in lines
    assert {"gpio=17=ip,pu", "gpio=22=op,dl", "gpio=12=op,dl"} <= set(lines)


def test_what_config_txt_lacks_is_found_however_its_lines_are_written() -> None:
    needed = needed_lines(*named(TEXT, "discrete"))
    assert "dtoverlay=googlevoicehat-soundcard" in needed
    # A HAT may bring its driver itself.
    assert not [line for line in needed_lines(*named(TEXT, "whisplay")) if "dtoverlay" in line]
    there = ("dtparam=i2c_arm=on,spi=on", "dtparam=i2s=on", "dtoverlay=googlevoicehat-soundcard,slave", "gpio=17=ip,pu")
    assert missing_lines(needed, there) == ()
    assert missing_lines(needed, there[1:]) == ("dtparam=i2c_arm=on", "dtparam=spi=on")
    assert missing_lines(needed, (*there[:2], "dtoverlay=googlevoicehat")) == ("dtoverlay=googlevoicehat-soundcard",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("red = 25", "red = 17", "'whisplay': pins 'button' and 'red' are both 17"),
        ("green = 24", "green = 19", "pin 'green' is 19, which belongs to the I2S bus"),
        ("green = 24", "green = 7", "pin 'green' is 7, which belongs to the SPI bus"),
        ("green = 24", "green = 0", "belongs to the HAT identification bus"),
        ("mute = 26", "mute = 16", r"belongs to the kernel's driver \(amplifier_on\)"),
        ("i2c = [0x10, 0x1a]", "i2c = [0x10, 0x68]", "two parts have the I2C address 0x68"),
        ('LRCLK = "i2s.frame"', 'LRCLK = "spi0.cs0"', "two parts have the SPI chip select spi0.cs0"),
        ('DIN = "i2s.out"', 'DIN = "i2s.in"', "two parts speak on i2s.in"),
        ('overlay = "googlevoicehat-soundcard"', 'overlay = "hifiberry-dac"', "one I2S bus has one driver"),
        ("camera = true", 'camera = true\nhardware_pwm = ["button"]', "wants hardware pulses, which GPIO 17 has not"),
        ('"3V3:17"', '"3V3:18"', "'3V3:18' is no pin of the header with 3V3"),
        ('"GND:9"', '"GND:nine"', "'GND:nine' is no pin of the header"),
        ('VDD = "mute switch.2B"', 'VDD = "mute switch.2A"', "which does not go to microphone.VDD"),
        ('KEY = "button"', 'KEY = "buton"', "'buton' is no pin, no line of a bus and no contact"),
        ('KEY = "button"', 'KEY = "red"', "pin 'button' goes to no part"),
        ('name = "light"', 'name = "button"', "there are two parts 'button'"),
        ('name = "discrete"', 'name = "whisplay"', "there are two builds 'whisplay'"),
        ("button = 17", "button = 40", r"Expected `int` <= 27 .*builds\[0\]\.pins"),
        ("button = 17", "button = -1", r"Expected `int` >= 0"),
        ("[0x57, 0x68]", "[0x57, 0x88]", "Expected `int` <= 119"),
        ('button_pull = "none"', 'button_pul = "none"', "unknown field `button_pul`"),
        ("format = 1", "format = 2", "Invalid enum value 2"),
        ("format = 1", "format 1", "cannot be used"),
    ],
)
def test_what_cannot_be_is_told(old: str, new: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as raised:
        read_wiring(changed(old, new))
    assert str(raised.value).startswith(FILE)


def test_two_on_one_channel_of_the_pulse_generator_are_told() -> None:
    both = changed("camera = true", 'camera = true\nhardware_pwm = ["backlight", "wheel_a"]')
    both = (
        both.replace("{ clock = 18, frame", "{ clock = 3, frame")
        .replace("scl = 3", "scl = 21")
        .replace("out = 21", "out = 15")
    )
    with pytest.raises(ConfigError, match="'backlight' and 'wheel_a' share channel 0"):
        read_wiring(both.replace("wheel_a = 5", "wheel_a = 18"))


def test_a_build_whose_screen_has_no_chip_select_and_a_pin_that_no_part_knows_are_told() -> None:
    with pytest.raises(ConfigError, match="no chip select for the screen"):
        from_wiring(named(changed('CS = "spi0.cs0"', 'CS = "spi0.miso"'), "whisplay")[1])
    odd = changed("button = 17", "buton = 17").replace('KEY = "button"', 'KEY = "buton"', 1)
    with pytest.raises(ConfigError, match=re.escape("unknown pin 'buton'; did you mean 'button'?")):
        from_wiring(named(odd, "whisplay")[1])
