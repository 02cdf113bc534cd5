"""`leveret-device boot` prints what the device of the settings needs in config.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.boot import boot_lines
from device.builds import wired_of
from device.main import main
from device.wiring import wiring


def test_it_prints_the_lines_of_the_build(capsys: pytest.CaptureFixture[str]) -> None:
    for build in ("whisplay", "discrete"):
        assert main(["boot", "--build", build]) == 0
        assert tuple(capsys.readouterr().out.splitlines()) == boot_lines(wiring(), wired_of(build))


def test_pins_of_the_settings_are_in_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "device.toml"
    path.write_text('build = "discrete"\n[pins]\nbutton = 4\nwheel_push = -1\neye = 14\n')
    assert main(["boot", "--config", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {"gpio=4=ip,pu", "gpio=14=op,dl"} <= set(lines)
    assert not [line for line in lines if line.startswith(("gpio=17=", "gpio=13="))]


@pytest.mark.parametrize(("build", "words"), [("simulated", "no config.txt"), ("whispley", "did you mean 'whisplay'")])
def test_what_has_none_is_told(build: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boot", "--build", build]) == 2
    assert words in capsys.readouterr().err
