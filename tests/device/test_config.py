from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from device.config import Config, read_config, read_key
from device.errors import ConfigError
from device.main import main

KEY = {"device": "hare", "key": "00" * 32}


def test_flags_come_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text('cloud = "wss://file/device"\nvolume = 10\ncamera = false\n')
    environ = {"LEVERET_DEVICE_VOLUME": "20", "LEVERET_DEVICE_CLOUD": "wss://environ/device", "LEVERET_PORT": "1"}
    config = read_config(path, environ, {"cloud": "wss://flag/device", "deadline_s": None})
    assert config == Config(cloud="wss://flag/device", volume=20, camera=False)


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"LEVERET_DEVICE_VOLUM": "20"}, "did you mean 'volume'"),
        ({"LEVERET_DEVICE_ZZZ": "20"}, "known are"),
        ({"LEVERET_DEVICE_VOLUME": "loud"}, "volume"),
        ({"LEVERET_DEVICE_VOLUME": "101"}, "volume"),
        ({"LEVERET_DEVICE_CLOUD": "http://x"}, "no address"),
        ({"LEVERET_DEVICE_CLOUD": "ws://[broken"}, "no address"),
        ({"LEVERET_DEVICE_CLOUD": "wss://host:99999/"}, "no address"),
        ({"LEVERET_DEVICE_CLOUD": "ws://example.org/device"}, "not encrypted"),
    ],
)
def test_a_wrong_setting_is_told_by_name(environ: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words.replace("(", r"\(")):
        read_config(None, environ, {})


def test_an_open_address_is_taken_only_on_this_machine_or_when_allowed() -> None:
    for address in ("ws://127.0.0.1:1/device", "ws://localhost/device", "ws://[::1]:2/device"):
        assert read_config(None, {}, {"cloud": address}).cloud == address
    assert read_config(None, {}, {"cloud": "ws://cloud.lan/device", "plain": True}).plain


def test_the_key_file_is_what_pairing_wrote(tmp_path: Path) -> None:
    (tmp_path / "k").write_text(json.dumps(KEY))
    key = read_key(tmp_path / "k")
    assert (key.device, key.key) == ("hare", bytes(32))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"device":"hare","key":"00"}',
        '{"device":"hare","key":"zz"}',
        '{"device":"","key":"%s"}' % ("00" * 32),
    ],
)
def test_a_broken_key_file_says_how_to_get_a_new_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "k").write_text(text)
    with pytest.raises(ConfigError, match="leveret pair"):
        read_key(tmp_path / "k")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--simulated", "--key-file", "none", "--text", "a"], "cannot be read"),
        (["--key-file", "KEY"], "--simulated"),
        (["--simulated", "--key-file", "KEY"], "does nothing"),
        (["--simulated", "--key-file", "KEY", "--text", "a", "--press", "often"], "none of"),
        (["--simulated", "--key-file", "KEY", "--scenario", "none.yaml"], "cannot be read"),
        (["--simulated", "--key-file", "KEY", "--text", "a", "--cloud", "nowhere"], "no address"),
    ],
)
def test_the_program_tells_what_is_wrong_and_exits_with_2(
    argv: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LEVERET_DEVICE_CONFIG", "LEVERET_DEVICE_CLOUD"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "k").write_text(json.dumps(KEY))
    assert main([str(tmp_path / "k") if one == "KEY" else one for one in argv]) == 2
    assert words in capsys.readouterr().err


def test_without_a_cloud_the_program_exits_with_3_and_prints_its_journal(tmp_path: Path) -> None:
    (tmp_path / "k").write_text(json.dumps(KEY))
    argv = ["--simulated", "--key-file", str(tmp_path / "k"), "--cloud", "ws://127.0.0.1:9/device", "--text", "hello"]
    run = subprocess.run(
        [sys.executable, "-m", "device.main", *argv, "--deadline", "1", "--json", "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=180,
        cwd=Path(__file__).parents[2],
    )
    assert run.returncode == 3, run.stderr
    told = json.loads(run.stdout)
    assert told["result"]["outcome"] == "offline"
    assert any(entry["event"] == "socket" and not entry["up"] for entry in told["journal"])
    assert (tmp_path / "out" / "journal.jsonl").exists()


def test_importing_the_simulated_device_loads_nothing_heavy() -> None:
    heavy = (
        "gpiozero",
        "RPi",
        "picamera2",
        "playwright",
        "numpy",
        "pyaudio",
        "opuslib",
        "luma",
        "yaml",
        "cryptography",
        "cloud",
        "browser",
    )
    code = f"import device.main, device.simulation, sys; print([name for name in {heavy!r} if name in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=180, cwd=Path(__file__).parents[2]
    )
    assert run.stdout.strip() == "[]", run.stdout + run.stderr
