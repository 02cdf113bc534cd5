"""What happens, live: the cloud's events and the device's journal as lines that people can read."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console
from rich.text import Text

STYLES = {
    "heard": "bold cyan",
    "understood": "cyan",
    "planned": "cyan",
    "browser": "dim",
    "asked": "bold yellow",
    "pressed": "bold yellow",
    "answered": "yellow",
    "acted": "bold magenta",
    "said": "bold green",
    "done": "bold green",
    "failed": "bold red",
    "speaking": "cyan",
}


class Timeline:
    """Prints a line for what is worth one; `began` is when the clock of the first column starts."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._began = time.monotonic()

    def line(self, what: str, text: str) -> None:
        """One line: when, what, and the words of it."""
        stamp = f"{time.monotonic() - self._began:7.2f} s  "
        self._out.print(Text.assemble((stamp, "dim"), (f"{what:<11}", STYLES.get(what, "")), text), soft_wrap=True)

    def event(self, kind: str, data: dict[str, Any]) -> None:
        """An event of the cloud."""
        match kind:
            case "heard":
                self.line("heard", f"“{data['text']}”  ({data.get('engine', '')})")
            case "corrected":
                self.line("understood", f"“{data['text']}”  (distance {float(data.get('distance', 0)):.2f})")
            case "understood":
                for intent in data["intents"]:
                    self.line("understood", f"{intent['tool']}  {spelled(intent['values'])}")
            case "planned":
                for step in data["steps"]:
                    self.line("planned", f"{step['number']}. {step['words']}  ({step['effect']})")
            case "progress":
                of = f"{data['number']}/{data['of']}  " if data.get("of") else ""
                self.line("browser", of + data["text"])
            case "asked":
                self.line("asked", data["text"])
            case "answered":
                self.line("answered", f"{data['answer']}  ({data['surface']})")
            case "intent":
                self.line("acted", str(data.get("words", "")))
            case "said":
                self.line("said", f"“{data['text']}”")
            case "task_done":
                self.line("done" if data["status"] == "done" else "failed", f"{data['status']}: {data['sentence']}")


def spelled(values: dict[str, Any]) -> str:
    """Slots and their values on one line."""
    return ", ".join(f"{name}={', '.join(v) if isinstance(v, list) else v}" for name, v in values.items())
