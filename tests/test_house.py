"""The rules of the house that a tool can check."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("language", "wire", "release", "installer", "device", "browser", "teach_mode", "cloud")
HEAVY = (
    "playwright",
    "numpy",
    "moonshine_voice",
    "dbos",
    "zxingcpp",
    "openai",
    "rapidocr",
    "faster_whisper",
    "opuslib",
)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_every_import_keeps_to_the_floors() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("package", ["language", "wire", "device.assistant", "teach_mode.skill"])
def test_importing_a_room_loads_no_engine(package: str) -> None:
    code = f"import {package}, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout.strip() == "[]", run.stdout + run.stderr


def test_constraints_pin_names_and_name_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    assert all("==" in line for line in lines if line.strip() and not line.startswith("#"))


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = {line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines()}
    extras = project["optional-dependencies"]
    wanted = project["dependencies"] + [need for name, needs in extras.items() if name != "camera" for need in needs]
    names = {re.split(r"[\[<>=; ]", need)[0].lower().translate({ord("_"): "-", ord("."): "-"}) for need in wanted}
    assert names <= pinned, names - pinned


def test_no_file_names_a_machine_path_or_a_registry() -> None:
    suspicious = re.compile(r"/root/|/work/(main|shared)|index-url\s*=|--index-url[ =]http|--registry[ =]http")
    named = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.suffix in {".py", ".md", ".toml", ".txt", ".sh", ".json", ".html", ".js", ".yaml", ""}
        and path != Path(__file__)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if suspicious.search(line)
    ]
    assert not named


def test_the_readme_names_every_make_target() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    assert not [target for target in targets if target != "help" and f"make {target}" not in readme]
