"""Batteries as each source tells of them, and the watchdogs. Registers and answers are those of their makers."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.errors import PowerError
from device.guard import SILENT_MS, Guard
from device.parts.interfaces import BatteryState
from device.parts.power import (
    MAX17048,
    PISUGAR3,
    PolledBattery,
    max17048,
    open_battery,
    open_bus,
    pisugar3,
    pisugar_server,
    power_supply,
)
from device.parts.watchdog import HardwareWatchdog, SystemdWatchdog, systemd_watchdog


class FalseBus:
    """An I2C bus of registers; who has none does not answer."""

    def __init__(self, registers: dict[tuple[int, int], int], *, wrong: int = errno.EREMOTEIO) -> None:
        self.registers = registers
        self.wrong = wrong
        self.closed = False

    def _read(self, address: int, register: int) -> int:
        if (address, register) not in self.registers:
            raise OSError(self.wrong, os.strerror(self.wrong))
        return self.registers[address, register]

    read_byte_data = read_word_data = _read

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("percent", "control", "expected"),
    [
        (84, 0b1100_0000, BatteryState(84, True)),
        (84, 0b0100_0000, BatteryState(84, False)),
        (84, 0b1000_0000, BatteryState(84, False)),
        (100, 0b1110_0000, BatteryState(100, True)),
        (0, 0, BatteryState(0, False)),
    ],
)
def test_a_pisugar_3_tells_percent_and_charging(percent: int, control: int, expected: BatteryState) -> None:
    assert pisugar3(FalseBus({(PISUGAR3, 0x2A): percent, (PISUGAR3, 0x02): control}))() == expected


def test_nonsense_on_the_bus_is_no_reading() -> None:
    with pytest.raises(PowerError, match="nonsense: 255"):
        pisugar3(FalseBus({(PISUGAR3, 0x2A): 255, (PISUGAR3, 0x02): 255}))()


@pytest.mark.parametrize(
    ("soc", "rate", "expected"),
    [
        (0x5A80, 0x0010, BatteryState(90, True)),
        (0x5A80, 0xFFF0, BatteryState(90, False)),
        (0x6680, 0x0000, BatteryState(100, False)),
        (0x0080, 0xFFFF, BatteryState(0, False)),
    ],
)
def test_a_max17048_tells_percent_and_charging(soc: int, rate: int, expected: BatteryState) -> None:
    swapped = {(MAX17048, 0x04): soc, (MAX17048, 0x16): rate}
    words = {key: int.from_bytes(value.to_bytes(2, "big"), "little") for key, value in swapped.items()}
    assert max17048(FalseBus(words))() == expected


def test_an_address_that_does_not_answer_is_named_with_how_to_look() -> None:
    with pytest.raises(PowerError, match=r"PiSugar 3 at I2C address 0x57: it does not answer.*i2cdetect"):
        pisugar3(FalseBus({}))()
    with pytest.raises(PowerError, match="another driver has it"):
        max17048(FalseBus({}, wrong=errno.EBUSY))()


def test_a_bus_that_is_not_there_says_how_to_switch_it_on() -> None:
    with pytest.raises(PowerError, match="i2c_arm=on"):
        open_bus(250)


class FalseServer:
    """A PiSugar server: answers line by line, and tells of things that nobody asked for."""

    def __init__(self, path: Path, answers: dict[str, str]) -> None:
        self.path, self.answers = path, answers
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            with line:
                while asked := line.recv(256):
                    name = asked.decode().removeprefix("get ").strip()
                    line.sendall(b"single\n" + f"{name}: {self.answers.get(name, '')}\n".encode())

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FalseServer]:
    made = FalseServer(tmp_path / "s", {"battery": "84.215", "battery_charging": "true"})
    yield made
    made.close()


def test_a_pisugar_server_tells_percent_and_charging(server: FalseServer) -> None:
    assert pisugar_server(server.path)() == BatteryState(84, True)
    server.answers["battery_charging"] = "false"
    assert pisugar_server(server.path)() == BatteryState(84, False)


def test_a_server_that_talks_nonsense_or_is_not_there_is_told(server: FalseServer, tmp_path: Path) -> None:
    server.answers["battery"] = "I2C not connected"
    with pytest.raises(PowerError, match="cannot be understood"):
        pisugar_server(server.path)()
    with pytest.raises(PowerError, match="Is it running"):
        pisugar_server(tmp_path / "nobody")()


def supply(root: Path, name: str, **files: str) -> None:
    (root / name).mkdir()
    for file, text in files.items():
        (root / name / file).write_text(text + "\n")


def test_the_kernel_s_battery_is_the_one_that_is_no_charger(tmp_path: Path) -> None:
    supply(tmp_path, "AC", type="Mains", online="1")
    supply(tmp_path, "broken", type="Battery", capacity="much", status="Full")
    with pytest.raises(PowerError, match="knows of none"):
        power_supply(tmp_path)()
    supply(tmp_path, "battery", type="Battery", capacity="42", status="Discharging")
    assert power_supply(tmp_path)() == BatteryState(42, False)


def test_the_first_kind_that_answers_is_taken_and_the_bus_of_others_is_closed() -> None:
    opened: list[FalseBus] = []

    def bus() -> FalseBus:
        opened.append(FalseBus({(MAX17048, 0x04): 0x0032, (MAX17048, 0x16): 0}))
        return opened[-1]

    battery = open_battery(["pisugar3", "max17048"], bus=bus)
    assert battery.read() == BatteryState(50, False)
    assert [one.closed for one in opened] == [True, False]
    battery.close()
    battery.close()
    assert opened[1].closed


def test_when_none_answers_each_is_told() -> None:
    with pytest.raises(PowerError, match=r"PiSugar 3.*MAX17048"):
        open_battery(["pisugar3", "max17048"], bus=lambda: FalseBus({}))


def test_a_reading_that_fails_now_and_then_is_overlooked_and_silence_is_not() -> None:
    asked = threading.Semaphore(0)
    go_on = threading.Semaphore(0)
    failing = [False]

    def source() -> BatteryState:
        asked.release()
        if threading.current_thread().name == "battery":
            go_on.acquire()
        if failing[0]:
            raise PowerError("gone")
        return BatteryState(50, False)

    battery = PolledBattery(source, period_s=0)
    asked.acquire()
    failing[0] = True
    for expected in (BatteryState(50, False), BatteryState(50, False), BatteryState(50, False)):
        asked.acquire()
        assert battery.read() == expected
        go_on.release()
    asked.acquire()
    assert battery.read() is None, "three failed readings are a battery that fell silent"
    failing[0] = False
    go_on.release()
    asked.acquire()
    assert battery.read() == BatteryState(50, False)
    battery._over.set()
    go_on.release(10)
    battery.close()


# Watchdogs -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(str(tmp_path / "notify"))
        made.settimeout(30)
        yield made


def test_systemd_hears_that_it_is_ready_and_lives_and_no_end_where_parts_are_opened_anew(
    systemd: socket.socket,
) -> None:
    environ = {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}
    made = systemd_watchdog(environ, 7)
    assert made is not None and made.feed_s == 10
    made.ready()
    made.feed()
    made.close()
    made.close()
    again = systemd_watchdog(environ, 7)
    assert again is not None
    again.ready()
    again.close()
    assert [systemd.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"READY=1"]


def test_without_systemd_there_is_no_watchdog_and_one_of_another_process_is_not_fed(systemd: socket.socket) -> None:
    assert systemd_watchdog({}, 7) is None
    environ = {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"}
    other = systemd_watchdog(environ, 7)
    assert other is not None and other.feed_s == 0
    other.close()


def test_a_systemd_that_has_gone_is_told_at_the_start_and_borne_later(systemd: socket.socket, tmp_path: Path) -> None:
    with pytest.raises(PowerError, match="does not listen"):
        SystemdWatchdog(str(tmp_path / "nobody"), 1)
    made = SystemdWatchdog(systemd.getsockname(), 1)
    systemd.close()
    made.feed()
    made.close()


def test_the_chip_s_watchdog_is_fed_and_put_to_rest(tmp_path: Path) -> None:
    path = tmp_path / "watchdog"
    path.touch()
    made = HardwareWatchdog(path)
    made.feed()
    made.close()
    made.close()
    made.feed()
    assert path.read_bytes() == b"1V" and made.feed_s == 5
    with pytest.raises(PowerError, match="needs root"):
        HardwareWatchdog(tmp_path / "none")


class CountingWatchdog:
    """Counts what it is given."""

    feed_s = 0.001

    def __init__(self) -> None:
        self.fed = 0
        self.is_ready = False

    def ready(self) -> None:
        self.is_ready = True

    def feed(self) -> None:
        self.fed += 1

    def close(self) -> None:
        """Nothing is held."""


async def test_it_is_fed_while_sound_comes_and_not_while_an_open_microphone_is_deaf() -> None:
    now_ms, asked = [0], [0]
    watchdog = CountingWatchdog()

    def clock_ms() -> int:
        asked[0] += 1
        return now_ms[0]

    guard = Guard(watchdog, clock_ms)
    running = asyncio.create_task(guard.run())

    async def fed_more() -> bool:
        """It is fed; or the guard looked at the clock three times more, and it was not."""
        fed, rounds = watchdog.fed, asked[0] + 3
        async with asyncio.timeout(30):
            while watchdog.fed == fed and asked[0] < rounds:  # noqa: ASYNC110 - the guard does not say when
                await asyncio.sleep(0)
        return watchdog.fed > fed

    assert await fed_more() and watchdog.is_ready
    guard.recording(True)
    now_ms[0] = SILENT_MS - 1
    guard.heard()
    now_ms[0] += SILENT_MS - 1
    assert guard.alive and await fed_more()
    now_ms[0] += 1
    assert not guard.alive and not await fed_more()
    guard.recording(False)
    assert guard.alive and await fed_more()
    running.cancel()
