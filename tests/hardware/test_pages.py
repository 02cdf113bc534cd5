"""What the documentation says of the hardware is what the data says; `python -m hardware` writes it anew."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from device.boot import boot_lines
from device.builds import from_wiring, pins_of
from device.wiring import FILE, Wired, Wiring, read_wiring, wiring
from hardware.diagram import diagram
from hardware.pages import data, filled, pieces, places, stale

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / FILE).read_text()
DATA = data(ROOT)
NAMES = [one.name for one in wiring().builds]


def named(text: str, name: str) -> tuple[Wiring, Wired]:
    told = read_wiring(text)
    return told, next(one for one in told.builds if one.name == name)


def test_all_pages_and_drawings_say_what_the_data_says() -> None:
    assert not stale(ROOT, DATA), "run `python -m hardware`"


def test_every_piece_has_one_place_and_every_place_its_piece() -> None:
    there = [name for page in sorted((ROOT / "docs").glob("*.md")) for name in places(page.read_text())]
    assert sorted(there) == sorted(pieces(DATA))


@pytest.mark.parametrize(
    ("name", "pin", "old", "new"),
    [("whisplay", "button", 17, 26), ("discrete", "wheel_a", 5, 4), ("discrete", "backlight", 12, 14)],
)
def test_a_changed_pin_changes_firmware_table_drawing_and_config_txt(name: str, pin: str, old: int, new: int) -> None:
    before = named(TEXT, name)
    head, _, tail = TEXT.partition(f'name = "{name}"')
    after = named(f'{head}name = "{name}"{tail.replace(f"{pin} = {old}", f"{pin} = {new}", 1)}', name)
    assert (pins_of(from_wiring(before[1]))[pin], pins_of(from_wiring(after[1]))[pin]) == (old, new)
    then, now = pieces(replace(DATA, wiring=before[0])), pieces(replace(DATA, wiring=after[0]))
    assert {piece for piece in then if then[piece] != now[piece]} == {"pins", f"wires {name}", f"boot {name}"}
    assert f"GPIO {new} ({pin})" in now[f"wires {name}"] and f"GPIO {old} ({pin})" not in now[f"wires {name}"]
    assert f"pin {after[0].header.index(f'GPIO{new}') + 1}<" in diagram(*after) != diagram(*before)
    lines = boot_lines(*after)
    assert any(line.startswith(f"gpio={new}=") for line in lines)
    assert not any(line.startswith(f"gpio={old}=") for line in lines)
    page = (ROOT / "docs" / "wiring.md").read_text()
    assert filled(page, then) == page != filled(page, now)


def test_no_page_names_a_pin_or_an_address_beside_those_that_are_made_from_the_file() -> None:
    for page in ("wiring", "builds", "parts", "build-guide", "bench-checklist"):
        by_hand = filled((ROOT / "docs" / f"{page}.md").read_text(), dict.fromkeys(pieces(DATA), ""))
        assert not re.findall(r"GPIO ?\d+|0x[0-9a-f]{2}\b|gpio=\d+|dtoverlay=\S+soundcard", by_hand), page


def test_the_firmware_tells_of_no_line_for_config_txt_that_the_file_has_not() -> None:
    told = wiring()
    known = {bus.boot for bus in told.buses.values()}
    sources = [path.read_text() for path in (ROOT / "device").rglob("*.py") if path.name != "boot.py"]
    assert {line for text in sources for line in re.findall(r"dtparam=\w+=on", text)} <= known


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_has_a_line_for_every_wire_and_a_name_for_every_contact(name: str) -> None:
    told, build = named(TEXT, name)
    root = ElementTree.fromstring(diagram(told, build))
    space = "{http://www.w3.org/2000/svg}"
    texts = [one.text or "" for one in root.iter(f"{space}text")]
    for part in build.parts:
        assert part.title in texts
        assert set(part.wires) <= set(texts)
    to_header = sum(1 for part in build.parts for end in part.wires.values() if not end.startswith(("mic", "mute s")))
    lines = [one for one in root.iter(f"{space}path") if one.get("fill") == "none"]
    assert len(lines) >= to_header
    width = float(root.attrib["viewBox"].split()[2])
    assert all(0 <= float(one.get("x", "0")) <= width for one in root.iter(f"{space}text"))


def test_the_script_has_nothing_to_write() -> None:
    run = subprocess.run([sys.executable, "-m", "hardware"], cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
