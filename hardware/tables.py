"""What the pages say of the wiring, as Markdown: the firmware's pins, every wire, lines for config.txt. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from device.boot import boot_lines
from device.builds import from_wiring, pins_of
from device.wiring import Wired, Wiring
from hardware.bill import Bill, total
from hardware.case import Enclosure, outside, pieces_of
from hardware.power import STATES, Budget, drawn_mw, hours, most_mw
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
        title += f", I2C {' and '.join(f'{one:#04x}' for one in part.i2c)}" if part.i2c else ""
        if part.socket:
            rows.append([title, "", part.socket, "", "plugged"])
        for wire in wires_of(wiring, build, part):
            header = str(wire.end.header) if wire.end.header else ""
            rows.append([title, wire.contact, told(wire.end), header, "plugged" if wire.plugged else wire.kind.value])
            title = ""
    return table(["part", "contact", "goes to", "header pin", "wire"], rows)


def bill_table(bill: Bill, build: str) -> str:
    """What to buy, and what it roughly costs."""
    items = bill.builds[build]
    rows = [
        [one.item, str(one.count), f"{one.count * one.each:g}", ", ".join(one.sources), one.alternatives]
        for one in items
    ]
    head = ["part", "count", f"{bill.currency}, {bill.month}, roughly", "sources", "instead of it"]
    return table(head, [*rows, ["**together**", "", f"**{total(items):.0f}**", "", ""]])


def cases_table(told: Enclosure) -> str:
    """What is printed, and how large it is together."""
    rows = []
    for name, case in told.builds.items():
        size = " x ".join(f"{side:.1f}" for side in outside(told.printing, case).size)
        rows.append([f"`{name}`", ", ".join(pieces_of(case)), f"{size} mm"])
    return table(["build", "pieces", "wide, high, deep"], rows)


def loads_table(budget: Budget, build: str) -> str:
    """What a build draws, by what and when."""
    supply = budget.builds[build]
    rows = [
        [load.name, *(f"{load.at(state):g}" for state in STATES), f"{load.most:g}", load.source]
        for load in supply.loads
    ]
    busy = [f"{drawn_mw(budget, supply, state) - sum(load.at(state) for load in supply.loads):.0f}" for state in STATES]
    source = f"share of a core: {budget.processor.source}; a core {supply.slower:g} times slower: reckoned"
    rows.append(["processor, for the device", *busy, f"{supply.cores * supply.core_mw:g}", source])
    sums = [f"**{drawn_mw(budget, supply, state):.0f}**" for state in STATES]
    rows.append(["**together**", *sums, f"**{most_mw(supply):.0f}**", f"supply: {supply.supply_mw:g}"])
    return table(["mW at 5 V", *STATES, "at most", "source"], rows)


def turn_table(budget: Budget) -> str:
    """How long a turn takes."""
    turn = budget.turn
    seconds = [f"{one:g} s" for one in (turn.listening_s, turn.working_s, turn.speaking_s)]
    return table(["held", "worked on", "answered", "source"], [[*seconds, turn.source]])


def hours_table(budget: Budget, sleep_s: float) -> str:
    """How long a battery lasts."""
    rows = []
    for day in budget.days:
        lasts = [f"{hours(budget, supply, day, sleep_s):.1f} h" for supply in budget.builds.values()]
        rows.append([day.name, str(day.turns_an_hour), *lasts])
    cells = [f"`{name}`, {supply.cell_mah:g} mAh" for name, supply in budget.builds.items()]
    return table(["a day that", "turns an hour", *cells], rows)


def boot_block(wiring: Wiring, build: Wired) -> str:
    """The lines for config.txt, to be copied."""
    return "\n".join(["```ini", f"# Leveret, build {build.name}", *boot_lines(wiring, build), "```"])
