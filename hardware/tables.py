"""What the pages say of the wiring, as Markdown: the firmware's pins, every wire, lines for config.txt. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from device.boot import boot_lines
from device.builds import from_wiring, pins_of
from device.wiring import Wired, Wiring
from hardware.wires import told, wires_of


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def builds_table(wiring: Wiring) -> str:
    """Which builds there are."""
    rows = [[f"`{one.name}`", one.board, one.summary] for one in wiring.builds]
    return table(["build", "board", "made of"], rows)


def pins_table(wiring: Wiring) -> str:
    """The pins that the setting `pins` can change, with those of each build."""
    pins = [pins_of(from_wiring(one)) for one in wiring.builds]
    rows = [[f"`{name}`", *("none" if one[name] < 0 else str(one[name]) for one in pins)] for name in pins[0]]
    return table(["pin", *(f"`{one.name}`" for one in wiring.builds)], rows)


def taken_table(wiring: Wiring) -> str:
    """The pins that nothing else may have."""
    rows = [
        [bus.title, ", ".join(f"{pin} ({name})" for name, pin in bus.lines.items())] for bus in wiring.buses.values()
    ]
    for one in wiring.builds:
        rows += [[f"`{one.name}`: kernel's driver", f"{pin} ({name})"] for name, pin in one.kernel_pins.items()]
    return table(["taken by", "pins"], rows)


def wires_table(wiring: Wiring, build: Wired) -> str:
    """Every wire of a build, part by part."""
    rows = []
    for part in build.parts:
        title = f"**{part.title}**" + (" (may be left out)" if part.optional else "")
        if part.socket:
            rows.append([title, "", part.socket, "", "plugged"])
        for wire in wires_of(wiring, build, part):
            header = str(wire.end.header) if wire.end.header else ""
            rows.append([title, wire.contact, told(wire.end), header, "plugged" if wire.plugged else wire.kind.value])
            title = ""
    return table(["part", "contact", "goes to", "header pin", "wire"], rows)


def boot_block(wiring: Wiring, build: Wired) -> str:
    """The lines for config.txt, to be copied."""
    return "\n".join(["```ini", f"# Leveret, build {build.name}", *boot_lines(wiring, build), "```"])
