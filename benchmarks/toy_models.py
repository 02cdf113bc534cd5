"""Models with random weights, for tests and benchmarks: the real libraries load and run them, and nothing is fetched.

What they say is noise; what they cost is what a trained model of the same shape costs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

# Layers, width and heads as published for Whisper; `toy` is for tests.
SIZES = {"toy": (1, 64, 1), "tiny": (4, 384, 6), "base": (6, 512, 8)}
_TEXT = 50256
_LANGUAGES = 99
_TIMESTAMPS = 1501
_SPECIAL = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    *(f"<|l{number}|>" for number in range(1, _LANGUAGES)),
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)


def make_whisper(folder: Path, size: str = "toy", seed: int = 7) -> Path:
    """An English-only Whisper in CTranslate2's format; returns its folder."""
    from ctranslate2.specs import WhisperSpec

    layers, width, heads = SIZES[size]
    rng = np.random.default_rng(seed)
    spec = WhisperSpec(layers, heads, layers, heads)
    words = [*_words(), *_SPECIAL, *(f"<|{at * 0.02:.2f}|>" for at in range(_TIMESTAMPS))]

    def normal(*shape: int) -> Any:
        return rng.normal(0, 0.02, shape).astype(np.float32)

    def linear(layer: Any, out: int, into: int) -> None:
        layer.weight, layer.bias = normal(out, into), np.zeros(out, np.float32)

    def norm(layer: Any) -> None:
        layer.gamma, layer.beta = np.ones(width, np.float32), np.zeros(width, np.float32)

    def block(layer: Any) -> None:
        norm(layer.self_attention.layer_norm)
        linear(layer.self_attention.linear[0], 3 * width, width)
        linear(layer.self_attention.linear[1], width, width)
        norm(layer.ffn.layer_norm)
        linear(layer.ffn.linear_0, 4 * width, width)
        linear(layer.ffn.linear_1, width, 4 * width)

    encoder, decoder = spec.encoder, spec.decoder
    encoder.conv1.weight, encoder.conv1.bias = normal(width, 80, 3), np.zeros(width, np.float32)
    encoder.conv2.weight, encoder.conv2.bias = normal(width, width, 3), np.zeros(width, np.float32)
    encoder.position_encodings.encodings = normal(1500, width)
    decoder.position_encodings.encodings = normal(448, width)
    decoder.embeddings.weight = normal(len(words), width) * 10
    decoder.projection.weight = decoder.embeddings.weight
    for part in (encoder, decoder):
        norm(part.layer_norm)
        for layer in part.layer:
            block(layer)
    for layer in decoder.layer:
        norm(layer.attention.layer_norm)
        linear(layer.attention.linear[0], width, width)
        linear(layer.attention.linear[1], 2 * width, width)
        linear(layer.attention.linear[2], width, width)
    spec.register_vocabulary(words)
    spec.config.suppress_ids = list(range(_TEXT + 1, len(words)))
    spec.config.suppress_ids_begin = [220, _TEXT]
    spec.config.lang_ids = list(range(_TEXT + 2, _TEXT + 2 + _LANGUAGES))
    spec.config.alignment_heads = [[layers - 1, 0]]
    spec.validate()
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    _write_tokenizer(folder / "tokenizer.json")
    shape = {"feature_size": 80, "sampling_rate": 16000, "hop_length": 160, "chunk_length": 30, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps(shape))
    return folder


def _words() -> list[str]:
    """The bytes as the byte-level tokenizer writes them, then filling."""
    from tokenizers.pre_tokenizers import ByteLevel

    letters = sorted(ByteLevel.alphabet())
    return [*letters, *(f"Ġw{number}" for number in range(_TEXT - len(letters)))]


def _write_tokenizer(path: Path) -> None:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    tokenizer = Tokenizer(models.BPE(vocab={word: number for number, word in enumerate(_words())}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    stamps = (f"<|{at * 0.02:.2f}|>" for at in range(_TIMESTAMPS))
    tokenizer.add_special_tokens([AddedToken(word, special=True) for word in (*_SPECIAL, *stamps)])
    tokenizer.save(str(path))


PIPER_RATE_HZ = 22_050
_SAMPLES_A_PHONEME = 512


def make_piper(path: Path) -> Path:
    """A Piper voice that hums: each phoneme is a short tone, louder or softer. Writes `path` and `path`.json."""
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    ramp = np.arange(_SAMPLES_A_PHONEME, dtype=np.float32)
    tone = (np.sin(2 * np.pi * ramp * 16 / _SAMPLES_A_PHONEME) * 0.004).astype(np.float32)
    nodes = (
        _node("Cast", ["input"], ["ids"], _attribute("to", 1)),
        _node("Reshape", ["ids", "column"], ["loudness"]),
        _node("Mul", ["loudness", "tone"], ["tones"]),
        _node("Reshape", ["tones", "flat"], ["output"]),
    )
    constants = (
        _tensor("tone", 1, [1, _SAMPLES_A_PHONEME], tone.tobytes()),
        _tensor("column", 7, [2], np.array([-1, 1], np.int64).tobytes()),
        _tensor("flat", 7, [4], np.array([1, 1, 1, -1], np.int64).tobytes()),
    )
    graph = b"".join(
        [
            *(_field(1, node) for node in nodes),
            _field(2, b"hum"),
            *(_field(5, constant) for constant in constants),
            _field(11, _value("input", 7, ["one", "phonemes"])),
            _field(11, _value("input_lengths", 7, ["one"])),
            _field(11, _value("scales", 1, [3])),
            _field(12, _value("output", 1, [1, 1, 1, "samples"])),
        ]
    )
    opset = _field(1, b"") + _number(2, 15)
    path.write_bytes(_number(1, 8) + _field(7, graph) + _field(8, opset))
    config = {
        "audio": {"sample_rate": PIPER_RATE_HZ},
        "espeak": {"voice": "en-us"},
        "phoneme_type": "espeak",
        "num_symbols": 256,
        "num_speakers": 1,
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
    }
    Path(f"{path}.json").write_text(json.dumps(config))
    return path


# ONNX is protocol buffers; these few functions write the messages of onnx.proto that a voice needs. -------------------


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _attribute(name: str, value: int) -> bytes:
    return _field(1, name.encode()) + _number(3, value) + _number(20, 2)


def _node(kind: str, inputs: list[str], outputs: list[str], *attributes: bytes) -> bytes:
    parts = [_field(1, each.encode()) for each in inputs] + [_field(2, each.encode()) for each in outputs]
    return b"".join([*parts, _field(4, kind.encode()), *(_field(5, each) for each in attributes)])


def _tensor(name: str, kind: int, shape: list[int], data: bytes) -> bytes:
    sizes = b"".join(_number(1, size) for size in shape)
    return sizes + _number(2, kind) + _field(8, name.encode()) + _field(9, data)


def _value(name: str, kind: int, shape: list[int | str]) -> bytes:
    sizes = b"".join(
        _field(1, _number(1, size) if isinstance(size, int) else _field(2, size.encode())) for size in shape
    )
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, kind) + _field(2, sizes)))
