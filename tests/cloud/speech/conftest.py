"""Models for the tests of this folder: random weights made once, and a trained Whisper."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.toy_models import make_piper, make_whisper
from benchmarks.trained_models import trained_whisper


@pytest.fixture(scope="session")
def whisper_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_whisper(tmp_path_factory.mktemp("models") / "toy.en")


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_whisper(tmp_path_factory.mktemp("trained"))


@pytest.fixture(scope="session")
def piper_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_piper(tmp_path_factory.mktemp("voices") / "en_US-hum-low.onnx")
