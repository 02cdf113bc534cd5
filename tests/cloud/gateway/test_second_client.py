"""The client that was written from docs/protocol.md alone, and the real gateway."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cloud.cli import program
from cloud.commands import AnswerAsk, HandleUtterance
from cloud.gateway import Gateway
from tests.cloud.gateway.second_client import Refused, SecondClient, opus_samples
from wire import opus
from wire.cloud_link import Snapshot
from wire.messages import Ask

needs_opus = pytest.mark.skipif(bool(opus.missing()), reason=opus.missing())
SPOKEN = b"".join(bytes([piece, 0]) * 320 for piece in range(1, 61))


def paired(folder: Path) -> tuple[str, bytes]:
    """What `leveret pair` wrote."""
    written = folder / "kitchen.key"
    told = CliRunner().invoke(program, ["pair", "kitchen", "--data-dir", str(folder), "--write", str(written)])
    assert told.exit_code == 0, told.output
    file = json.loads(written.read_text())
    return file["device"], bytes.fromhex(file["key"])


@asynccontextmanager
async def joined(house: Any, folder: Path) -> AsyncIterator[SecondClient]:
    client = SecondClient(house.url, *paired(folder))
    await client.join()
    try:
        yield client
    finally:
        await client.leave()


async def test_it_is_paired_speaks_a_turn_and_hears_the_answer(house: Any, gateway: Gateway, tmp_path: Path) -> None:
    async with joined(house, tmp_path) as client:
        await client.start()
        await client.speak(SPOKEN)
        await client.end()
        done = await client.message("turn_done")
        await client.until(lambda: list(client.kept) == [0])
        finals = [one["text"] for one in client.told if one["type"] == "transcript" and one.get("final")]
    assert done["turn"] == 1 and finals == [house.stt.text]
    assert [pcm for _, pcm in house.stt.heard] == [SPOKEN]
    assert len(client.sound[1]) == 32_000 and client.sound[1].startswith(b"II")


@needs_opus
async def test_it_speaks_opus_and_hears_opus(house: Any, gateway: Gateway, tmp_path: Path) -> None:
    gateway.formats = opus.formats()
    encoder, decoder = opus.OpusEncoder(), opus.OpusDecoder()
    packets = [*encoder.encode(SPOKEN), *encoder.rest()]
    client = SecondClient(house.url, *paired(tmp_path), formats=("opus_16000", "pcm_s16le_16000"))
    await client.join()
    assert (client.welcome["records"], client.welcome["plays"]) == ("opus_16000", "opus_16000")
    await client.start(format="opus_16000")
    await client.speak_opus(packets)
    await client.end()
    await client.message("turn_done")
    start, end = await client.message("say_start"), await client.message("say_end")
    await client.leave()
    assert [len(pcm) for _, pcm in house.stt.heard] == [2 * (sum(map(opus_samples, packets)) - 104)]
    assert start["format"] == "opus_16000" and not client.sound
    heard = b"".join(decoder.decode(packet, opus_samples(packet)) for packet in client.packets[1])
    assert len(heard) == 2 * (end["samples"] - 104) >= 32_000


async def test_it_answers_a_question_by_its_digest(house: Any, gateway: Gateway, tmp_path: Path) -> None:
    async def ask(command: Any) -> None:
        if isinstance(command, HandleUtterance):
            question = {"ask": "a1", "kind": "irreversible", "text": "Order it?", "digest": "d1", "expires_at": 9e9}
            await house.tell("t", "heard", {"text": "", "device": command.device, "turn": command.turn})
            await house.tell("t", "asked", question | {"rows": [["price", "14.50"]], "choices": []})
        else:
            await house.tell("t", "ask_closed", {"ask": "a1", "outcome": "yes"})
            await house.tell("t", "task_done", {"status": "done", "sentence": "Ordered."})

    house.on_command = ask
    async with joined(house, tmp_path) as client:
        await client.start()
        await client.speak(SPOKEN)
        await client.end()
        asked = await client.message("ask")
        await client.answer(asked, "yes")
        done = await client.message("task_done")
        await client.until(lambda: not client.kept[0])
    assert (asked["kind"], asked["rows"], done["outcome"]) == (
        "confirm",
        [{"label": "price", "value": "14.50"}],
        "done",
    )
    answers = [command for command in house.commands if isinstance(command, AnswerAsk)]
    assert [(one.ask, one.digest, one.answer) for one in answers] == [("a1", "d1", "yes")]


async def test_it_goes_on_after_a_drop_with_nothing_lost_or_twice(house: Any, gateway: Gateway, tmp_path: Path) -> None:
    async with joined(house, tmp_path) as client:
        await client.start()
        await client.speak(SPOKEN[: 640 * 20])
        await client.message("transcript")
        await client.drop()
        await client.speak(SPOKEN[640 * 20 :])
        await client.join()
        assert client.welcome["resumed"] is True
        await client.end()
        await client.message("turn_done")
        numbers = [one["number"] for one in client.told if "number" in one]
    assert [pcm for _, pcm in house.stt.heard] == [SPOKEN]
    assert numbers == sorted(set(numbers))


async def test_another_gateway_has_the_turn_from_its_first_number_on(house: Any, restart: Any, tmp_path: Path) -> None:
    device = paired(tmp_path)
    async with restart():
        client = await SecondClient(house.url, *device).join()
        await client.start()
        await client.speak(SPOKEN[: 640 * 20])
        await client.message("transcript")
        await client.drop()
    await client.speak(SPOKEN[640 * 20 :])
    async with restart():
        client.url = house.url
        await client.join()
        assert not client.welcome.get("resumed", False)
        await client.end()
        await client.message("turn_done")
        await client.leave()
    assert house.stt.heard[-1][1] == SPOKEN


async def test_a_question_in_the_snapshot_has_no_number(house: Any, gateway: Gateway, tmp_path: Path) -> None:
    house.snapshot = Snapshot(asks=(Ask(ask="a", kind="confirm", text="Sure?", digest="d", expires_at_ms=9_000_000),))
    async with joined(house, tmp_path) as client:
        assert [one["ask"] for one in client.welcome["asks"]] == ["a"]
        assert "number" not in client.welcome["asks"][0]


async def test_an_old_answer_is_not_heard_in_a_new_turn(house: Any, gateway: Gateway, tmp_path: Path) -> None:
    async with joined(house, tmp_path) as client:
        for _ in range(3):
            await client.start()
            await client.speak(SPOKEN)
            await client.end()
        await client.until(lambda: [one for one in client.told if one["type"] == "turn_done" and one["turn"] == 3])
        started = [one for one in client.told if one["type"] == "say_start"]
    assert started[-1]["turn"] == 3
    assert len(client.sound[started[-1]["say"]]) == 32_000
    assert not [one for one in client.told if one["type"] == "sound" and one["turn"] < one["newest"]]


@pytest.mark.parametrize(("key", "code"), [(b"\0" * 32, "bad_proof"), (None, "unpaired")])
async def test_it_is_refused_by_code(
    house: Any, gateway: Gateway, tmp_path: Path, key: bytes | None, code: str
) -> None:
    device, _ = paired(tmp_path) if key else ("nobody", b"")
    with pytest.raises(Refused, match=code):
        await SecondClient(house.url, device, key or bytes(32)).join()
