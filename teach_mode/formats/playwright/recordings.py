"""What `playwright codegen --target jsonl` records, as a skill: one action a line, after a line of options."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from msgspec.structs import replace

from browser.conditions import Condition
from teach_mode.errors import ImportRefused
from teach_mode.formats.assembling import Assembly
from teach_mode.formats.playwright.carrying import Carrying, file_name, lasting
from teach_mode.formats.playwright.chains import Chain, Part, SelectorUnreadable, Words
from teach_mode.formats.playwright.naming import as_field
from teach_mode.formats.playwright.selectors import parse
from teach_mode.formats.reports import Imported
from teach_mode.formats.source import Source
from teach_mode.skill import Action, DialogAnswer
from teach_mode.templates import literal

TOOL = "Playwright codegen"
ACTIONS = frozenset(
    ("openPage", "navigate", "closePage", "click", "dblclick", "hover", "check", "uncheck", "fill", "press", "select")
    + ("setInputFiles", "assertText", "assertValue", "assertChecked", "assertVisible", "assertSnapshot")
)
MOST_LINE_CHARS = 100_000
_HEADER = frozenset(("browserName", "launchOptions", "contextOptions", "deviceName", "saveStorage"))
_GOING = ("openPage", "navigate")
_BLANK = ("", "about:blank", "chrome://newtab/")
_BUTTONS: dict[str, Action] = {"left": "click", "right": "right_click", "middle": "middle_click"}
_FOCUSED = (Part(engine="css", source=":focus"),)
_MODIFIERS = ((1, "Alt"), (2, "ControlOrMeta"), (4, "ControlOrMeta"), (8, "Shift"))
# Settings of a browser that change how a page is drawn, and not what is done.
_HARMLESS = frozenset(("viewport", "noDefaultViewport", "serviceWorkers"))


def recognises(source: Source) -> bool:
    """Whether a file looks like a recording: one of its first lines is an object with options or an action."""
    for text in [line for line in source.text.split("\n", 12) if line.strip()][:3]:
        entry = _entry(source, 0, text)
        if str(entry.get("name")) in ACTIONS or "browserName" in entry:
            return "steps" not in entry and "tests" not in entry
    return False


def read(source: Source, base: str = "") -> tuple[Imported, ...]:
    """The recording's skill; `base` is its site's address where no line has one. Raises ImportRefused."""
    recording = _Recording(PurePath(source.filename).stem or "recording", base)
    for line, entry in _entries(source, recording.made):
        recording.take(line, entry)
    return (recording.finish(),)


def _entries(source: Source, made: Assembly) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = source.text.split("\n")
    last = max((at for at, text in enumerate(lines) if text.strip()), default=0)
    for at, text in enumerate(lines):
        if not text.strip():
            continue
        try:
            entry = _entry(source, at + 1, text)
        except ImportRefused:
            if at != last or not made.last:
                raise
            made.note("the last line is cut off", line=at + 1)
            return
        yield at + 1, entry


def _entry(source: Source, line: int, text: str) -> dict[str, Any]:
    """The object on a line. Raises ImportRefused."""
    called = f"{source.called}: line {line}"
    if len(text) > MOST_LINE_CHARS:
        raise ImportRefused(f"{called} has more than {MOST_LINE_CHARS:,} characters", line=line)
    try:
        entry = Source(text.encode(), called).json
    except ImportRefused as error:
        raise ImportRefused(str(error), line=line) from error
    if not isinstance(entry, dict):
        raise ImportRefused(f"{called} is no action", line=line)
    return entry


class _Recording:
    """Takes the lines one by one."""

    def __init__(self, title: str, base: str) -> None:
        self.made = Assembly(title, tool=TOOL, base=base)
        self._carry = Carrying(self.made)
        self._tabs: dict[str, str] = {}
        self._opened: dict[str, str] = {}  # Tabs that were opened empty: nothing is gone to yet.
        self._steps = 0
        self._asserts = False  # What appeared is asserted by lines of its own.

    def take(self, line: int, entry: dict[str, Any]) -> None:
        """One line."""
        name = entry.get("name")
        if not isinstance(name, str):
            self._header(line, entry)
            return
        self._steps += 1
        tab = self._tab(str(entry.get("pageGuid") or entry.get("pageAlias") or ""), line, name)
        if tab is None:
            return
        before = self.made.last
        match name:
            case _ if name in _GOING:
                self._go(line, name, tab, _text(entry, "url"))
            case "closePage":
                self._close(line, tab)
            case _ if name not in ACTIONS:
                self.made.note("nothing here knows this action", line=line, step=name)
            case _:
                self._on_element(line, name, tab, entry)
        signals = entry.get("signals")
        self._signals(line, name, tab, signals if isinstance(signals, list) else [], self.made.last is not before)

    def finish(self) -> Imported:
        """The skill. Raises ImportRefused."""
        return self.made.finish(steps=self._steps)

    def _header(self, line: int, entry: dict[str, Any]) -> None:
        if not _HEADER & entry.keys():
            self._steps += 1
            self.made.note("left out: the line names no action", line=line)
            return
        self._asserts = entry.get("generateExpectSignal") is True
        options = entry.get("contextOptions")
        told = {**options} if isinstance(options, dict) else {}
        told |= {key: entry[key] for key in ("deviceName", "saveStorage") if entry.get(key)}
        for key in sorted(told.keys() - _HARMLESS):
            self.made.note(f"the browser's option {key} is not carried: a skill has none", line=line, step="options")

    def _tab(self, guid: str, line: int, name: str) -> str | None:
        """The tab of a page; None, with a note: nothing opened it."""
        if guid not in self._tabs:
            if not self._tabs:
                self._tabs[guid] = ""
            elif name == "openPage":
                self._tabs[guid] = f"page{len(self._tabs)}"
                self._opened[self._tabs[guid]] = "blank"
            else:
                self.made.note("left out: no line before it opens its page", line=line, step=name)
                return None
        return self._tabs[guid]

    def _go(self, line: int, name: str, tab: str, url: str) -> None:
        if url in _BLANK:
            if name == "navigate":
                self.made.note("left out: it goes to an empty page", line=line, step=name)
            return
        opens = tab if self._opened.pop(tab, "") else ""
        if self.made.goto(literal(url), line=line, tab="" if opens else tab, opens=opens) is not None:
            self._carry.went(tab, url)

    def _close(self, line: int, tab: str) -> None:
        if self._opened.pop(tab, ""):
            self.made.note("left out: a tab that nothing was done in", line=line, step="closePage")
        elif tab:
            self.made.add("close", line=line, tab=tab)
        # The first tab is closed by itself when a skill ends.

    def _on_element(self, line: int, name: str, tab: str, entry: dict[str, Any]) -> None:
        try:
            chain = parse(literal(_text(entry, "selector")))
        except SelectorUnreadable as error:
            self.made.note(f"left out: {error}", line=line, step=name)
            return
        if name.startswith("assert"):
            self._assert(line, name, tab, chain, entry)
            return
        chain = as_field(chain) if name == "setInputFiles" else chain
        target = self._carry.element(chain, tab=tab, line=line, step=name)
        if target is None:
            return
        self._inaccurate(line, name, entry)
        match name:
            case "click" | "dblclick":
                self.made.add(self._press_of(line, name, entry), line=line, target=target, tab=tab)
            case "hover" | "check" | "uncheck":
                self.made.add(name, line=line, target=target, tab=tab)
            case "fill" if isinstance(entry.get("text"), str):
                self.made.add("fill", line=line, target=target, tab=tab, value=literal(_text(entry, "text")))
            case "press":
                keys = "+".join([*_modifiers(entry), _text(entry, "key")])
                focused = chain == _FOCUSED
                self.made.add("press", line=line, target=None if focused else target, tab=tab, value=literal(keys))
            case "select" if options := _texts(entry.get("options")):
                self.made.add("select", line=line, target=target, tab=tab, value=literal("\n".join(options)))
            case "fill" | "select":
                self.made.note("left out: it says no value", line=line, step=name)
            case _:
                self._upload(line, name, tab, target, _texts(entry.get("files")))

    def _press_of(self, line: int, name: str, entry: dict[str, Any]) -> Action:
        count = entry.get("clickCount")
        number = 2 if name == "dblclick" else count if isinstance(count, int) else 1
        button = str(entry.get("button") or "left")
        modifiers = _modifiers(entry)
        if button not in _BUTTONS:
            self.made.note(f"the {button} button of the mouse is pressed as the left one", line=line, step=name)
        if number > 2:
            self.made.note(f"{number} clicks are made as two", line=line, step=name)
        if modifiers:
            self.made.note(f"no key is held during a click ({', '.join(modifiers)})", line=line, step=name)
        pressed = _BUTTONS.get(button, "click")
        return "double_click" if number > 1 and pressed == "click" else pressed

    def _inaccurate(self, line: int, name: str, entry: dict[str, Any]) -> None:
        if isinstance(entry.get("position"), dict):
            self.made.note("the place on the element is not carried: its middle is meant", line=line, step=name)

    def _upload(self, line: int, name: str, tab: str, target: Any, files: list[str]) -> None:
        names = [file_name(path) for path in files]
        if not names or not all(names):
            why = "it takes the files away again" if not names else "a file's name is none that a skill can keep"
            self.made.note(f"left out: {why}", line=line, step=name)
            return
        self.made.add("upload", line=line, target=target, tab=tab, value=literal("\n".join(names)))
        self.made.note(f"keep {', '.join(names)} with the skill: a recording has no files in it", line=line, step=name)

    def _assert(self, line: int, name: str, tab: str, chain: Chain, entry: dict[str, Any]) -> None:
        words = None
        if name == "assertText":
            words = Words(text=literal(_text(entry, "text")), exact=entry.get("substring") is False)
        elif name != "assertVisible":
            what = {"assertValue": "what a field holds", "assertChecked": "whether a box is checked"}
            said = what.get(name, "the structure of a part of the page")
            self.made.note(f"a skill cannot look at {said}: it is only seen to be there", line=line, step=name)
        condition = self._carry.seen(chain, tab=tab, line=line, step=name, words=words)
        if condition is not None:
            self.made.add("assert", line=line, tab=tab, wait=condition)

    def _signals(self, line: int, name: str, tab: str, signals: list[Any], done: bool) -> None:
        """What came of an action, as fields of its step."""
        led, shown = "", None
        for signal in signals:
            if not isinstance(signal, dict):
                continue
            match signal.get("name"):
                case "navigation":
                    led = _text(signal, "url")
                case "popup" | "download" | "dialog" if not done:
                    self.made.note(f"left out with its step: a {signal['name']}", line=line, step=name)
                case "popup":
                    opened = f"page{len(self._tabs)}"
                    self._tabs[str(signal.get("popupPageGuid") or signal.get("popupAlias") or "")] = opened
                    self.made.amend(opens=opened)
                case "download":
                    self.made.amend(downloads=f"download{_text(signal, 'downloadAlias')}")
                case "dialog":
                    self.made.amend(dialog=DialogAnswer())
                case "expect" if done and not self._asserts:
                    shown = self._shown(line, name, tab, _text(signal, "selector"))
                case "expect":
                    pass  # Asserted by the next line, or of a step that is noted already.
                case other:
                    self.made.note(f"not carried: the signal {str(other)[:40]!r}", line=line, step=name)
        url = self._led(tab, led) if led not in _BLANK else ""
        after = Condition(url=url if name not in _GOING else "")
        if shown is not None:
            after = replace(after, visible=shown.visible, frame=shown.frame)
        if done and after != Condition():
            self.made.amend(postcondition=after)

    def _led(self, tab: str, url: str) -> str:
        """Where the tab came to, as a pattern; "" when it was there before."""
        before = self._carry.urls.get(tab)
        self._carry.went(tab, url)
        if not url.startswith(("http://", "https://")) or url == before:
            return ""
        self.made.may_go_to(url)
        return literal(lasting(url))

    def _shown(self, line: int, name: str, tab: str, selector: str) -> Condition | None:
        """What appeared after an action, if it says nothing that is of one day alone."""
        try:
            chain = parse(literal(selector))
        except SelectorUnreadable as error:
            self.made.note(f"not waited for: {error}", line=line, step=name)
            return None
        if any(sign.isdigit() for sign in selector):
            self.made.note("not waited for: what appeared has a number in its name", line=line, step=name)
            return None
        return self._carry.seen(chain, tab=tab, line=line, step=name)


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _modifiers(entry: dict[str, Any]) -> list[str]:
    held = entry.get("modifiers")
    bits = held if isinstance(held, int) and not isinstance(held, bool) else 0
    return list(dict.fromkeys(name for bit, name in _MODIFIERS if bits & bit))
