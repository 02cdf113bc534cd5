"""Piper: the stronger voice, once one is there. A voice is an ONNX file with a JSON file beside it.

The GPL-3.0 package `piper-tts` runs it, and is installed only by who wants it (`make speech`).
"""

from __future__ import annotations

import json
from pathlib import Path

from cloud.speech.errors import ModelMissing, VoiceFailed
from cloud.speech.sound import SAMPLE_RATE_HZ, resample, to_pcm
from cloud.speech.tts import SentenceVoice

_HOW = "let `tts = auto` fetch it, or name a voice's .onnx file in weights.piper"


class PiperSpeech(SentenceVoice["Piper"]):
    """Piper as a voice. `path` is that of the ONNX file."""

    def __init__(self, path: Path) -> None:
        self.name = f"piper-{path.stem}"
        super().__init__(lambda: Piper(path))

    def make(self, model: Piper, sentence: str) -> bytes:
        return model.say(sentence)


class Piper:
    """The loaded voice. Not for use from several threads at once: its owner runs it in one."""

    def __init__(self, path: Path, threads: int = 2) -> None:
        missing = [each.name for each in (path, Path(f"{path}.json")) if not each.is_file()]
        if missing:
            raise ModelMissing(f"no Piper voice in {path.parent}: {' and '.join(missing)} is missing; {_HOW}")
        try:
            from piper import PiperConfig, PiperVoice
        except ImportError as error:
            raise ModelMissing("piper-tts is not installed: run `make speech`") from error
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as faults

        self._name = path.stem
        self._broken = (
            faults.Fail,
            faults.InvalidArgument,
            faults.InvalidProtobuf,
            faults.RuntimeException,
            ValueError,
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            config = PiperConfig.from_dict(json.loads(Path(f"{path}.json").read_bytes()))
            session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except (*self._broken, KeyError, TypeError) as error:
            raise ModelMissing(f"the Piper voice {path} cannot be loaded: {error}; remove it, and {_HOW}") from error
        self._voice = PiperVoice(session=session, config=config)

    def say(self, sentence: str) -> bytes:
        """16-bit mono PCM at 16 kHz. Raises VoiceFailed."""
        try:
            said = [(one.audio_float_array, one.sample_rate) for one in self._voice.synthesize(sentence)]
        except self._broken as error:
            raise VoiceFailed(f"the Piper voice {self._name} could not say {sentence[:40]!r}: {error}") from error
        return b"".join(to_pcm(resample(sound, rate_hz, SAMPLE_RATE_HZ)) for sound, rate_hz in said)
