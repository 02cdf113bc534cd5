"""What a `.side` file holds, read leniently: real files lack fields, and have others of the wrong type. Pure."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from teach_mode.formats.selenium_ide.commands import called


class Command(Struct, frozen=True, kw_only=True):
    """One command, by its name of today, as it stands in the file at `line`, 1-based. `targets` and `fallbacks` are
    locators of the element and of the second one of a drag. `off`: the player leaves it out. `opens` names the window
    that it opens."""

    line: int
    command: str
    target: str = ""
    value: str = ""
    targets: tuple[str, ...] = ()
    fallbacks: tuple[str, ...] = ()
    comment: str = ""
    off: bool = False
    opens: str = ""

    @property
    def written(self) -> str:
        """The command as people write it in a line, `click | id=go`, without what is typed: that may be a secret."""
        parts = [self.command or "(nothing)", self.target, self.value]
        if self.command == "store":
            parts[1:] = [self.value]
        elif self.command in ("type", "sendKeys", "editContent"):
            parts[2:] = []
        while parts and not parts[-1]:
            parts.pop()
        return " | ".join(part if len(part) <= 80 else part[:79] + "…" for part in parts)


class Test(Struct, frozen=True, kw_only=True):
    """One test of a project."""

    name: str
    commands: tuple[Command, ...]


class Project(Struct, frozen=True, kw_only=True):
    """A whole file. `url` is what its addresses are relative to, "" when it has none."""

    name: str
    url: str
    tests: tuple[Test, ...]


def parse(raw: Any) -> Project:
    """The project in a file's JSON. Raises ValueError, which says what is not as in such a file."""
    if not isinstance(raw, dict) or not isinstance(raw.get("tests"), list):
        raise ValueError("a Selenium IDE project is a JSON object with a list `tests`")
    tests = []
    for number, test in enumerate(raw["tests"], 1):
        if isinstance(test, dict):
            commands = test.get("commands")
            read = tuple(_command(one) for one in (commands if isinstance(commands, list) else ()))
            tests.append(Test(name=_text(test.get("name")) or f"test {number}", commands=read))
    urls = raw.get("urls")
    first = _text(urls[0]) if isinstance(urls, list) and urls else ""
    return Project(name=_text(raw.get("name")), url=_text(raw.get("url")) or first, tests=tuple(tests))


def _command(raw: Any) -> Command:
    if not isinstance(raw, dict):
        return Command(line=0, command=called(_text(raw)))
    name = _text(raw.get("command"))
    switched_off = name.startswith("//")
    targets = _locators(raw, "targets", "fallbackTargets", "targetFallback")
    return Command(
        line=getattr(raw, "line", 0),
        command=called(name.removeprefix("//")),
        target=_text(raw.get("target")),
        value=_text(raw.get("value")),
        targets=targets,
        fallbacks=_locators(raw, "values", "valueFallback"),
        comment=_text(raw.get("comment")),
        off=switched_off or raw.get("skip") is True,
        opens=_text(raw.get("windowHandleName")) if raw.get("opensWindow") is True else "",
    )


def _locators(raw: dict[str, Any], *keys: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for key in keys:
        listed = raw.get(key)
        for one in listed if isinstance(listed, list) else ():
            first = one[0] if isinstance(one, list) and one else one
            if isinstance(first, str) and first.strip():
                found.setdefault(first.strip())
    return tuple(found)


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    return str(value).strip() if isinstance(value, (str, int, float)) else ""
