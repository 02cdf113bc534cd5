"""What the commands of `leveret skill` show to a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

WHY = {
    "taught": "taught",
    "healed": "healed itself",
    "edited": "edited",
    "reverted": "gone back to",
    "imported": "imported",
    "shared": "shared by somebody",
    "file": "from a file",
}
EFFECT = {"read": "reads only", "reversible": "can be undone", "irreversible": "asks before what cannot be undone"}
# That there is nothing of it is worth saying, too.
ALWAYS = frozenset({"acts", "types"})
_STYLE = {"added": "green", "gone": "red", "changed": "yellow"}


class Telling:
    """Prints to a console; times in `zone`."""

    def __init__(self, out: Console, zone: ZoneInfo) -> None:
        self._out = out
        self._zone = zone

    def say(self, words: str, style: str = "") -> None:
        """One line, as it stands; signs that a terminal would obey are shown as unknown ones."""
        self._out.print(_plain(words), style=style or None, highlight=False, markup=False, soft_wrap=True)

    def cards(self, skills: list[dict[str, Any]], removed: list[dict[str, Any]]) -> None:
        """All skills; what can be brought back."""
        if not skills:
            self.say("There are no skills yet. Teach one in the studio, or import one: leveret skill import FILE")
        else:
            table = self._table("name", "does", "version", "came", "what it may do")
            for one in skills:
                name = f"[red]{escape(one['name'])}[/]" if one["problem"] else escape(one["name"])
                does = one["problem"] or one["title"]
                row = (
                    name,
                    escape(_plain(does)),
                    str(one["version"]),
                    WHY[one["why"]],
                    EFFECT.get(one.get("effect", ""), ""),
                )
                table.add_row(*row)
            self._out.print(table)
        for one in removed:
            self.say(f"removed {self.when(one['at'])}: {one['name']}; leveret skill restore {one['name']}", "dim")

    def history(self, versions: list[dict[str, Any]]) -> None:
        """All versions, newest first."""
        table = self._table("version", "when", "came", "by", "what is known of it")
        for one in versions:
            known = ". ".join(filter(None, (one["note"].rstrip("."), one["problem"])))
            row = (str(one["number"]), self.when(one["saved_at"]), came(one), by(one["whence"]), known)
            table.add_row(*(escape(_plain(cell)) for cell in row), style="red" if one["problem"] else None)
        self._out.print(table)

    def powers(self, powers: list[dict[str, Any]], *, but: tuple[str, ...] = ()) -> None:
        """What a skill may do, question by question."""
        for one in powers:
            if one["key"] in but or (not one["lines"] and one["key"] not in ALWAYS):
                continue
            self.say(one["title"], "bold")
            numbered = one["key"] == "steps"
            for number, line in enumerate(one["lines"], 1):
                self.say(f"  {f'{number}. ' if numbered else '- '}{line}")
            if not one["lines"]:
                self.say(f"  {one['nothing']}", "dim")

    def weaknesses(self, weaknesses: list[dict[str, Any]]) -> None:
        """What could be better."""
        for one in weaknesses:
            self.say(f"  weak: {one['step'] + ': ' if one['step'] else ''}{one['words']}", "yellow")

    def notes(self, notes: list[dict[str, Any]]) -> None:
        """What could not be carried, by line."""
        for one in notes:
            where = ", ".join(filter(None, (f"line {one['line']}" if one["line"] else "", one["step"])))
            self.say(f"  {where + ': ' if where else ''}{one['words']}", "yellow")

    def comparison(self, told: dict[str, Any], *, lines: bool) -> None:
        """What differs between two versions."""
        if not told["from"]:
            self.say("It is the first version; there is nothing before it.")
            return
        self.say(f"version {told['from']} → version {told['to']}", "bold")
        for one in told["words"]:
            self.say(f"  {one['words']}", _STYLE[one["what"]])
        if not told["words"]:
            self.say("  They are the same, but for the number.", "dim")
        for line in told["lines"] if lines else ():
            self.say(line, "green" if line.startswith("+") else "red" if line.startswith("-") else "dim")

    def handed_on(self, shared: dict[str, Any], place: str) -> None:
        """What is in a shared file, and what was taken out of it."""
        for title, key in (("Taken out", "taken"), ("Stays as it is", "stays")):
            self.say(title, "bold")
            for one in shared[key]:
                self.say(f"  - {one['step'] + ': ' if one['step'] else ''}{one['words']}")
            if not shared[key]:
                self.say("  Nothing.", "dim")
        self.powers(shared["powers"], but=("steps",))
        for kind in ("pictures", "files"):
            if shared[kind]:
                self.say(f"{kind} that can go along, by --{kind[:-1]}: {', '.join(shared[kind])}", "dim")
        self.say(f"Signed by {shared['maker']}, digest {shared['digest'][:16]}.", "dim")
        if place:
            self.say(f"It is in {place}.", "green")

    def offered(self, one: dict[str, Any]) -> None:
        """A shared skill, before it is accepted."""
        shared = one["shared"]
        by = shared["author"] or "somebody who gives no name"
        known = f", who also made {', '.join(shared['known'])}" if shared["known"] else ", whose key is new to you"
        self.say(f"{one['title']}", "bold")
        self.say(f"Made by {by}, key {shared['maker']}{known}; {self.when(shared['made_at'])}; {shared['digest'][:16]}")
        self.powers(one["powers"])
        self.say("What is not in it", "bold")
        self.say("  - passwords, codes and card numbers: it names them, and your vault has them or not")
        for name in shared["lacks"]:
            self.say(f'  - the file “{name}”: give one with --give "{name}"=PATH, or it cannot be run', "yellow")

    def when(self, seconds: float) -> str:
        """A moment in the person's zone."""
        return f"{datetime.fromtimestamp(seconds, self._zone):%Y-%m-%d %H:%M}" if seconds else ""

    @staticmethod
    def _table(*columns: str) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(column, overflow="fold")
        return table


def came(version: dict[str, Any]) -> str:
    """How a version came to be."""
    why = WHY[version["why"]]
    return f"{why} {version['from_version']}" if version["why"] == "reverted" else why


def by(whence: dict[str, Any]) -> str:
    """Where a version was saved, and what it was read from."""
    run = f"run {whence['task']}" if whence.get("task") else whence.get("surface", "")
    return ", ".join(filter(None, (run, whence.get("source", ""), whence.get("author", ""))))


def _plain(words: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in words)
