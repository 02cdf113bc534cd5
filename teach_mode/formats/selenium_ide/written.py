"""A command as the file has it, and how it names a frame. Pure."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from teach_mode.formats.selenium_ide.locators import Way
from teach_mode.formats.xpaths import xpath_text

WINDOW_TIMEOUT_MS = 10_000
_FRAME = re.compile(r"(?P<kind>name|url|index)=(?P<rest>.*?)(?: nth=(?P<nth>\d+))?", re.DOTALL)


class Written(Struct, frozen=True):
    """A command of the file; `targets` and `fallbacks` are all ways to name its element, and its second one."""

    command: str
    target: str = ""
    value: str = ""
    targets: tuple[Way, ...] = ()
    fallbacks: tuple[Way, ...] = ()
    opens: str = ""
    comment: str = ""

    def as_json(self, ident: str) -> dict[str, Any]:
        """The command as the file has it."""
        made: dict[str, Any] = {
            "id": ident,
            "comment": self.comment,
            "command": self.command,
            "target": self.target,
            "targets": [[way.written, way.strategy] for way in self.targets],
            "value": self.value,
        }
        if self.fallbacks:
            made["valueFallback"] = [[way.written, way.strategy] for way in self.fallbacks]
        if self.opens:
            made |= {"opensWindow": True, "windowHandleName": self.opens, "windowTimeout": WINDOW_TIMEOUT_MS}
        return made


def frame_locator(address: str) -> str:
    """How `selectFrame` names a frame."""
    match = _FRAME.fullmatch(address)
    if match is None or match["kind"] == "index":
        return address
    either = "(self::iframe or self::frame)"
    rest = match["rest"]
    if match["kind"] == "name":
        found = f"//*[{either} and (@name={xpath_text(rest)} or @id={xpath_text(rest)})]"
    else:
        path = re.sub(r"^[a-z]+://[^/]*", "", rest.replace("{site}", "")) or "/"
        found = f"//*[{either} and contains(@src,{xpath_text(path)})]"
    return f"xpath={found}" if match["nth"] is None else f"xpath=({found})[{int(match['nth']) + 1}]"
