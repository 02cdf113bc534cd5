"""All checks, on simulated parts, with somebody there and with nobody; and on the real libraries over false edges."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from device.check import plan
from device.check.asking import Nobody, Person
from device.check.command import main
from device.check.desk import Desk, Room
from device.check.findings import Checked, Finding, Report, Verdict, plain, text
from device.check.making import real
from device.check.stand import Stand
from device.config import Config, Key
from device.parts.microphone import PyAudioMicrophone
from device.parts.sound_cards import SoundCards
from device.parts.speaker import PyAudioSpeaker
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from tests.device.contract.pins import false_chip
from tests.device.sound_stage import Stage
from tests.device.test_builds import WHISPLAY, edges

ROOT = Path(__file__).parents[3]
PARTS = ("button", "wheel", "light", "mute", "speaker", "microphone", "echo", "screen", "camera", "eye", "battery")
SHORT: dict[str, Any] = {"patience_s": 0.2, "record_s": 0.2}


async def verdicts(stand: Stand, *names: str) -> dict[str, Verdict]:
    with stand:
        return {one.name: one.finding.verdict for one in await plan.run(stand, names or PARTS)}


async def test_on_a_desk_everything_is_good() -> None:
    desk = Desk()
    stand = Stand(Config(), desk.make(), desk, patience_s=20, record_s=0.3)
    assert set((await verdicts(stand)).values()) == {Verdict.GOOD}
    assert {"check button Press the button once, and let it go.", "check corners", "check camera"} <= set(
        desk.screen.faces
    )


async def test_with_nobody_there_what_needs_a_person_is_not_asked_and_the_rest_is_judged() -> None:
    desk = Desk()
    found = await verdicts(Stand(Config(), desk.make(), Nobody(), **SHORT))
    unasked = {name for name, verdict in found.items() if verdict is Verdict.NOT_ASKED}
    assert unasked == {"button", "wheel", "light", "mute", "speaker", "screen", "camera", "eye"}
    assert {found[name] for name in ("microphone", "echo", "battery")} == {Verdict.GOOD}


async def test_a_device_that_nobody_can_work_is_bad() -> None:
    desk = Desk(willing=False, room=Room(deaf=True))
    found = await verdicts(Stand(Config(), desk.make(), desk, **SHORT), "button", "wheel", "mute", "echo")
    assert set(found.values()) == {Verdict.BAD}


async def test_a_build_without_parts_has_none_of_them() -> None:
    assert set((await verdicts(Stand(Config(), {}, Nobody()))).values()) == {Verdict.ABSENT}


async def test_a_build_on_the_real_libraries_over_false_edges_names_each_part_that_is_missing() -> None:
    with false_chip() as chip, ExitStack() as held:
        # Its button pulls down: nothing presses it.
        chip.drive(WHISPLAY.button.pin, 0)
        make = real(WHISPLAY, held, edges(WHISPLAY, chip))
        stand = Stand(Config(), make, Nobody(), **SHORT)
        with stand:
            found = {one.name: one.finding for one in await plan.run(stand, PARTS)}
    assert {name for name, one in found.items() if one.verdict is Verdict.ABSENT} == {"wheel", "mute", "camera", "eye"}
    assert {name for name, one in found.items() if one.verdict is Verdict.BAD} == {"speaker", "microphone", "echo"}
    assert "There is no microphone" in found["microphone"].reason and "arecord -l" in found["microphone"].next_step
    assert found["battery"].saw == "64 %, not charging"


def test_on_a_desk_without_any_hardware_each_part_says_why() -> None:
    only = [word for name in ("button", "light", "screen", "battery") for word in ("--only", name)]
    line = [sys.executable, "-m", "device.main", "check", "--yes", "--json", "--build", "whisplay", *only]
    run = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    found = {one["check"]: one for one in json.loads(run.stdout)["checks"]}
    assert run.returncode == 1 and {one["verdict"] for one in found.values()} == {"bad"}
    assert "no Raspberry Pi" in found["button"]["reason"]
    assert all(one["reason"] and one["next_step"] for one in found.values())


async def test_the_real_sound_parts_hear_one_another(sound: Stage) -> None:
    joined = sound.pactl("load-module", "module-loopback", "source=ear.monitor", "sink=room", "latency_msec=20")
    cards = SoundCards()
    microphone, speaker = PyAudioMicrophone(cards), PyAudioSpeaker(cards)
    make = {"microphone": lambda: microphone, "speaker": lambda: speaker}
    try:
        stand = Stand(Config(volume=100), make, Nobody())
        with stand:
            (found,) = await plan.run(stand, ("echo",))
    finally:
        microphone.release()
        cards.close()
        sound.pactl("unload-module", joined.strip())
    assert found.finding.verdict in (Verdict.GOOD, Verdict.DOUBTFUL), found
    assert float(found.finding.figures["likeness"]) > 0.5


class Refusing(Nobody):
    """Says no to everything."""

    there = True

    async def ask(self, question: str) -> bool:
        return False


async def test_a_no_is_believed() -> None:
    person: Person = Refusing()
    found = await verdicts(
        Stand(Config(), Desk().make(), person, **SHORT), "light", "speaker", "screen", "camera", "eye"
    )
    assert set(found.values()) == {Verdict.BAD}


# The cloud -----------------------------------------------------------------------------------------------------------


async def cloud_check(address: str, key: Key | None) -> Finding:
    stand = Stand(Config(cloud=address), {}, Nobody(), key=key, no_key="there is no key file")
    with stand:
        (found,) = await plan.run(stand, ("cloud",))
    return found.finding


async def test_the_cloud_is_reached_stage_by_stage() -> None:
    async with Cloud().open() as cloud:
        found = await cloud_check(cloud.address, Key(DEVICE, KEY))
        assert found.verdict is Verdict.GOOD and float(found.figures["round_trip_ms"]) >= 0
        assert "there is no key file" in (await cloud_check(cloud.address, None)).reason
        wrong = await cloud_check(cloud.address, Key(DEVICE, bytes(32)))
        assert wrong.verdict is Verdict.BAD and "`leveret pair`" in wrong.next_step
    gone = await cloud_check(cloud.address, Key(DEVICE, KEY))
    assert "the connection failed" in gone.saw and gone.next_step


async def test_a_name_that_nobody_knows_and_a_server_that_is_no_cloud_are_told_apart() -> None:
    unknown = await cloud_check("wss://nowhere.invalid/device", Key(DEVICE, KEY))
    assert "the name failed" in unknown.saw

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        other = await cloud_check(f"ws://127.0.0.1:{port}/device", Key(DEVICE, KEY))
        assert "the handshake failed" in other.saw
        plainly = await cloud_check(f"wss://127.0.0.1:{port}/device", Key(DEVICE, KEY))
        assert "the certificate failed" in plainly.saw


# The report ----------------------------------------------------------------------------------------------------------


def test_the_report_can_be_pasted_and_says_reason_and_next_step() -> None:
    bad = Finding(Verdict.BAD, "no press was told", "no edge came", "Look at the wire.")
    report = Report(
        "leveret", "whisplay", "today", (Checked("button", bad), Checked("light", Finding(Verdict.GOOD, "red")))
    )
    told = text(report)
    assert told.startswith("```text\n") and told.endswith("```") and not report.passed
    assert "[NO] button" in told and "reason: no edge came" in told and "next:   Look at the wire." in told
    assert "1 good, 1 bad" in told


def test_the_command_prints_one_json_line_without_any_secret_and_tells_by_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "ab" * 32
    key_file = tmp_path / "device.key"
    key_file.write_text(json.dumps({"device": "hare", "key": secret}))
    words = ["--simulated", "--yes", "--json", "--key-file", str(key_file), "--cloud", "ws://127.0.0.1:9/device"]
    assert main([*words, "--only", "battery", "--only", "disk"]) == 0
    assert main([*words, "--only", "cloud"]) == 1
    lines = capsys.readouterr().out.splitlines()
    told = [json.loads(line) for line in lines]
    assert [[one["check"] for one in report["checks"]] for report in told] == [["battery", "disk"], ["cloud"]]
    assert told[0]["passed"] and not told[1]["passed"]
    assert secret not in "".join(lines)
    assert set(told[0]) == set(plain(Report("", "", "", ())))


def test_an_unknown_setting_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "device.toml"
    path.write_text("volme = 3\n")
    assert main(["--config", str(path), "--yes"]) == 2
    assert "did you mean 'volume'" in capsys.readouterr().err
