"""The image's files, as far as they can be held to without a root of their own; `make image-test` does the rest."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml

IMAGE = Path(__file__).parents[2] / "hardware" / "image"
SCRIPTS = sorted(IMAGE.rglob("*.sh"))


@pytest.mark.parametrize("script", [*SCRIPTS, IMAGE / "pi-gen" / "config"], ids=lambda path: path.name)
def test_a_script_is_well_formed_and_may_be_run(script: Path) -> None:
    shell = "bash" if "pi-gen" in script.parts else "sh"
    assert subprocess.run([shell, "-n", script], capture_output=True, text=True).stderr == ""
    assert script.name == "config" or os.access(script, os.X_OK)


@pytest.mark.parametrize("words", [[], ["banana"], ["--dry-run"]])
def test_what_is_no_build_is_refused_with_those_that_there_are(words: list[str]) -> None:
    done = subprocess.run([IMAGE / "install.sh", *words], capture_output=True, text=True)
    assert done.returncode == 2
    assert "whisplay or discrete" in done.stderr


def test_pi_gen_is_told_the_stage_that_is_here(tmp_path: Path) -> None:
    line = f". {IMAGE}/pi-gen/config; set -- $STAGE_LIST; shift 3; echo $1; . $1/EXPORT_IMAGE; echo $IMG_SUFFIX"
    environ = {**os.environ, "LEVERET_BUILD": "discrete"}
    told = subprocess.run(["bash", "-ec", line], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True)
    stage, suffix = told.stdout.split()
    assert Path(stage) == IMAGE / "pi-gen" / "stage-leveret"
    assert suffix == "-discrete"


def test_the_examples_for_cloud_init_are_yaml_with_its_keys() -> None:
    text = (IMAGE / "user-data.example").read_text()
    assert text.startswith("#cloud-config\n")
    data = yaml.safe_load(text)
    assert {"hostname", "timezone", "users", "ssh_pwauth", "runcmd"} == set(data)
    assert data["ssh_pwauth"] is False
    network = yaml.safe_load((IMAGE / "network-config.example").read_text())["network"]
    assert network["version"] == 2
    assert "wlan0" in network["wifis"]
    seeds = yaml.safe_load((IMAGE / "99-leveret.cfg").read_text())
    assert seeds["datasource"]["NoCloud"]["seedfrom"] == "file:///boot/firmware/"
