"""The real Piper over a voice that hums."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from cloud.speech.errors import ModelMissing
from cloud.speech.piper import PiperSpeech
from cloud.speech.sound import from_pcm
from cloud.speech.tts import CHUNK_BYTES


async def test_a_sentence_becomes_audible_pcm_in_short_pieces(piper_path: Path) -> None:
    voice = PiperSpeech(piper_path)
    pieces = [piece async for piece in voice.speak("Your timer is set. It rings at noon.")]
    await voice.close()
    assert voice.name == "piper-en_US-hum-low"
    assert all(0 < len(piece) <= CHUNK_BYTES for piece in pieces)
    samples = from_pcm(b"".join(pieces))
    assert 0.5 < len(samples) / 16_000 < 5
    assert np.abs(samples).max() > 0.1


def refused(path: Path) -> str:
    voice = PiperSpeech(path)
    with pytest.raises(ModelMissing) as error:
        asyncio.run(voice.prepare(["Hello."]))
    asyncio.run(voice.close())
    return str(error.value)


def test_a_missing_voice_is_named_with_what_is_missing(tmp_path: Path, piper_path: Path) -> None:
    alone = tmp_path / "alone.onnx"
    alone.write_bytes(piper_path.read_bytes())
    assert "alone.onnx.json is missing" in refused(alone)


@pytest.mark.parametrize(("onnx", "config"), [(b"no voice", None), (None, b"{}"), (None, b"no json")])
def test_a_damaged_voice_is_named(tmp_path: Path, piper_path: Path, onnx: bytes | None, config: bytes | None) -> None:
    path = tmp_path / "torn.onnx"
    path.write_bytes(onnx or piper_path.read_bytes())
    Path(f"{path}.json").write_bytes(config or Path(f"{piper_path}.json").read_bytes())
    assert "torn.onnx cannot be loaded" in refused(path)
