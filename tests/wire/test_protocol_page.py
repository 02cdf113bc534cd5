"""docs/protocol.md is enough to write a client from: every type, field, limit, code and outcome stands in it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.wire.conftest import KEY
from wire import limits, parts
from wire.codec import decode_from_cloud, decode_from_device, types_of
from wire.frames import Frame, Kind, encode_frame
from wire.messages import FromCloud, FromDevice, Message, Numbered
from wire.outcomes import CLOSES, OUTCOMES, CloseCode, Outcome
from wire.proof import proof
from wire.toc import samples_of

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
TYPES: dict[str, type[Message]] = {**types_of(FromDevice), **types_of(FromCloud)}
PARTS = [parts.Kept, parts.Wanted, parts.Resume, parts.Row, parts.AskChoice, parts.TaskState]
PARTS += [parts.Timer, parts.Limits]


def section(heading: str) -> str:
    assert heading in PAGE, f"{heading} is missing"
    rest = PAGE.split(heading, 1)[1]
    return re.split(r"\n(?:#|\*\*[A-Z])", rest, maxsplit=1)[0]


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_message_is_documented_with_every_field(name: str) -> None:
    text = section(f"### `{name}`\n")
    fields = set(TYPES[name].__struct_fields__)
    if issubclass(TYPES[name], Numbered):
        assert "*Numbered.*" in text
        fields -= {"turn", "number"}
    documented = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert documented == fields


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_part_of_a_message_is_documented_with_every_field(part: Any) -> None:
    documented = set(re.findall(r"^\| `(\w+)` \|", section(f"**{part.__name__}**\n"), re.MULTILINE))
    assert documented == set(part.__struct_fields__)


def test_no_message_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"^### `(\w+)`$", PAGE, re.MULTILINE)) == set(TYPES)


@pytest.mark.parametrize("code", list(CloseCode))
def test_every_close_code_stands_in_its_table(code: CloseCode) -> None:
    closing = CLOSES[code]
    assert f"| `{code.value}` | {closing.number} | {closing.retry.value} | {closing.sentence} |" in PAGE


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_stands_in_its_table(outcome: Outcome) -> None:
    ending = OUTCOMES[outcome]
    assert f"| `{outcome.value}` | {ending.retry.value} | {ending.sentence} | {ending.tone.value} |" in PAGE


@pytest.mark.parametrize("name", [name for name in vars(limits) if name.isupper() and "VERSION" not in name])
def test_every_limit_is_stated(name: str) -> None:
    value = getattr(limits, name)
    assert re.search(rf"(?<!\d){re.escape(str(value))}(?!\d)", PAGE), f"{name} = {value} is not stated"


def test_the_examples_are_messages() -> None:
    block = PAGE.split("```json\n", 1)[1].split("```", 1)[0]
    for line in block.splitlines():
        kind = json.loads(line)["type"]
        read = decode_from_device if kind in types_of(FromDevice) else decode_from_cloud
        assert read(line).__struct_config__.tag == kind


def test_the_worked_proofs_and_the_worked_frame_are_right() -> None:
    told = {"version": 1, "device": "hare", "boot": "0123456789abcdef" * 2, "nonces": ("00" * 16, "01" * 16)}
    assert proof(KEY, "device", **told) in PAGE  # type: ignore[arg-type]
    assert proof(KEY, "cloud", **told) in PAGE  # type: ignore[arg-type]
    frame = encode_frame(Frame(kind=Kind.AUDIO_UP, turn=3, number=7, offset=1600, payload=bytes(640)))
    assert "   ".join(frame[at : at + 4].hex(" ") for at in range(0, 24, 4)) in PAGE
    packet = encode_frame(Frame(kind=Kind.OPUS_UP, turn=3, number=7, offset=1920, payload=b"\x58\x01\x02"))
    assert "   ".join(packet[at : at + 4].hex(" ") for at in range(0, 28, 4)) in PAGE


def test_the_worked_lengths_of_opus_frames_are_right() -> None:
    rows = re.findall(r"^\| (\d+) to (\d+), by its (?:two )?lowest bits? \| ([\d, ]+) \|$", PAGE, re.MULTILINE)
    told = {}
    for first, last, lengths in rows:
        samples = [int(length) for length in lengths.split(",")]
        told |= {one: samples[one % len(samples)] for one in range(int(first), int(last) + 1)}
    assert told == {one: samples_of(bytes([one << 3])) for one in range(32)}
