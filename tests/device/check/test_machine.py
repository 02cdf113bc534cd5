"""The computer, read from files as a Pi has them."""

from __future__ import annotations

from pathlib import Path

from device.check.machine import Machine


def write(root: Path, files: dict[str, str]) -> Machine:
    for name, words in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words)
    return Machine(root)


PI = {
    "proc/device-tree/model": "Raspberry Pi Zero 2 W Rev 1.0\0",
    "etc/os-release": 'NAME=x\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    "proc/meminfo": "MemTotal:         426068 kB\nMemFree: 1 kB\n",
    "boot/firmware/config.txt": "# dtparam=i2c_arm=on\ndtparam=spi=on\ndtoverlay=wm8960-soundcard\n",
}


def test_a_pi_is_known_by_its_files(tmp_path: Path) -> None:
    seen = write(tmp_path, PI).look()
    assert (seen.model, seen.system, seen.memory_mb) == (
        "Raspberry Pi Zero 2 W Rev 1.0",
        "Debian GNU/Linux 12 (bookworm)",
        416,
    )
    assert seen.overlays == ("dtparam=spi=on", "dtoverlay=wm8960-soundcard") and seen.config_txt


def test_networks_signal_and_a_blocked_radio_are_read(tmp_path: Path) -> None:
    seen = write(
        tmp_path,
        {
            "sys/class/net/lo/operstate": "unknown\n",
            "sys/class/net/wlan0/operstate": "down\n",
            "sys/class/net/wlan0/wireless/link": "",
            "proc/net/wireless": "Inter-| sta\n face | tus\n wlan0: 0000   54.  -56.  -256\n",
            "sys/class/rfkill/rfkill0/type": "wlan\n",
            "sys/class/rfkill/rfkill0/soft": "1\n",
        },
    ).networks()
    assert [(one.name, one.wireless, one.up, one.signal_dbm) for one in seen.networks] == [("wlan0", True, False, -56)]
    assert seen.blocked


def test_the_clock_tells_whether_the_network_sets_it(tmp_path: Path) -> None:
    assert Machine(tmp_path).clock().in_step is None
    assert write(tmp_path, {"run/systemd/timesync/clock": ""}).clock().in_step is False
    assert write(tmp_path, {"run/systemd/timesync/synchronized": ""}).clock().in_step is True


def test_a_disk_is_written_and_left_as_it_was(tmp_path: Path) -> None:
    seen = Machine(tmp_path).disk(tmp_path)
    assert seen.write_ms >= 0 and seen.free_mb > 0 and not list(tmp_path.iterdir())


UNIT = "[Service]\nType=notify\nWatchdogSec=20\n"
CHIP = {"identity": "Broadcom BCM2835 Watchdog timer\n", "timeout": "15\n", "nowayout": "0\n"}


def test_the_unit_tells_whether_systemd_watches(tmp_path: Path) -> None:
    assert Machine(tmp_path).watchdog("").unit_s == -1
    assert write(tmp_path, {"etc/systemd/system/leveret-device.service": "[Service]\n"}).watchdog("").unit_s == 0
    assert write(tmp_path, {"etc/systemd/system/leveret-device.service": UNIT}).watchdog("").unit_s == 20


def test_the_chips_watchdog_is_fed_and_stopped_and_never_started_when_it_cannot_be_stopped(tmp_path: Path) -> None:
    machine = write(tmp_path, {f"sys/class/watchdog/watchdog0/{name}": words for name, words in CHIP.items()})
    device = tmp_path / "watchdog"
    device.touch()
    seen = machine.watchdog(str(device))
    assert seen.fed and (seen.chip_s, device.read_text()) == (15, "1V")
    assert "cannot be had" in machine.watchdog(str(tmp_path / "none")).reason
    write(tmp_path, {"sys/class/watchdog/watchdog0/nowayout": "1\n"})
    device.write_text("")
    assert machine.watchdog(str(device)).endless and device.read_text() == ""
