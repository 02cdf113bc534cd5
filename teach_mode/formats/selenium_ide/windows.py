"""Commands about where the next ones are done: addresses, frames, windows, dialogs."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec.structs import replace

from teach_mode.formats.selenium_ide.locators import LITERAL, unquoted
from teach_mode.formats.selenium_ide.meanings import Handle, interpolated
from teach_mode.formats.selenium_ide.schema import Command
from teach_mode.formats.selenium_ide.state import State
from teach_mode.skill import DialogAnswer
from teach_mode.templates import literal

_HOST = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*|^\$\{\w+\}[^/?#]*")
_INDEX = re.compile(r"index=(?P<path>(?:\d{1,3}|\.\.)(?:\\(?:\d{1,3}|\.\.))*)")
_NAMED = re.compile(r"""(?:id|name)=(?P<plain>.+)""")
_IN_CSS = re.compile(r"""(?:css=)?\w*(?:\#(?P<hash>[\w-]+)|\[(?:id|name)=["']?(?P<attribute>[^"'\]]+)["']?\])""")
_IN_XPATH = re.compile(r"""(?:xpath=)?//\w+\[@(?:id|name)=(?P<quote>["'])(?P<value>[^"']+)(?P=quote)\]""")
_SOURCE = re.compile(r"""(?:css=|xpath=//)?\w*\[@?src=(?P<quote>["'])(?P<url>https?://[^"']+)(?P=quote)\]""")
_ONLY = re.compile(r"(?:css=|xpath=//|//|tag=)?i?frame")
_NTH = re.compile(r"(?:xpath=)?\(//i?frame\)\[(?P<number>\d{1,3})\]")
_HANDLE = re.compile(r"handle=\$\{(?P<name>\w+)\}")
_SERIAL = re.compile(r"(?:name=|win_ser=|title=)?win_ser_(?P<number>local|\d{1,3})")
# As our exports name them.
_EITHER = r"//\*\[\(self::iframe or self::frame\) and "
_BY_NAME = re.compile(rf"xpath=\(?{_EITHER}\(@name=(?P<text>{LITERAL}) or @id=(?P=text)\)\]")
_BY_PATH = re.compile(rf"xpath=\(?{_EITHER}contains\(@src,(?P<text>{LITERAL})\)\]")
_WHICH = re.compile(r"\)\[(?P<number>\d{1,3})\]")
Handler = Callable[[State, Command], None]


def _open(state: State, command: Command) -> None:
    if state.tab is None:
        state.note(command, state.lost)
        return
    url = interpolated(command.target)
    host = _HOST.match(url)
    if host is not None and "${" in host[0]:
        known = state.known_text(host[0])
        if known is None:
            state.note(command, "its host comes from a variable; a skill goes to hosts that it names")
            return
        url = known + url[host.end() :]
    template = state.text(command, url)
    state.frame = ()
    if state.made.goto(template, line=command.line, tab=state.tab) is not None:
        state.answered = False
    state.carry(command)


def _select_frame(state: State, command: Command) -> None:
    written = command.target
    index = _INDEX.fullmatch(written)
    if written in ("relative=top", ""):
        state.frame = ()
        state.carry(command)
    elif state.frame is None:
        state.note(command, state.lost)
    elif written == "relative=parent":
        state.frame = state.frame[:-1]
        state.carry(command)
    elif index is not None:
        for one in index["path"].split("\\"):
            state.frame = state.frame[:-1] if one == ".." else (*state.frame, f"index={int(one)}")
        state.carry(command)
    else:
        address = frame_of((written, *command.targets))
        if address is None:
            state.lose("it is in a frame of which the file says too little")
            state.note(command, "a frame is known by its name, id, number or whole address; this says none of them")
            return
        state.frame = (*state.frame, address)
        state.carry(command)


def frame_of(written: tuple[str, ...]) -> str | None:
    """The address of a frame that one of these locators names; None where none says enough."""
    for one in written:
        ours = _of_ours(one)
        if ours is not None:
            return ours
        for pattern in (_NAMED, _IN_CSS, _IN_XPATH):
            match = pattern.fullmatch(one)
            if match is not None and "${" not in one:
                name = next(value for key, value in match.groupdict().items() if value and key != "quote")
                return f"name={literal(name)}"
        source = _SOURCE.fullmatch(one)
        if source is not None and "${" not in one:
            parts = urlsplit(source["url"])
            return f"url={literal(f'{parts.scheme}://{parts.netloc}{parts.path}')}"
        number = _NTH.fullmatch(one)
        if number is not None and int(number["number"]) > 0:
            return f"index={int(number['number']) - 1}"
        if _ONLY.fullmatch(one):
            return "index=0"
        if re.fullmatch(r"[\w-]+", one):
            return f"name={one}"
    return None


def _of_ours(written: str) -> str | None:
    which = _WHICH.search(written) if written.startswith("xpath=(") else None
    bare = written[: which.start()] if which is not None else written
    nth = f" nth={int(which['number']) - 1}" if which is not None else ""
    for pattern, kind in ((_BY_NAME, "name="), (_BY_PATH, "url={site}")):
        match = pattern.fullmatch(bare)
        if match is not None and "${" not in written:
            return kind + literal(unquoted(match["text"])) + nth
    return None


def _select_window(state: State, command: Command) -> None:
    handle, serial = _HANDLE.fullmatch(command.target), _SERIAL.fullmatch(command.target)
    tab: str | None = None
    if handle is not None:
        state.use(handle["name"])
        meaning = state.values.get(handle["name"])
        tab = meaning.tab if isinstance(meaning, Handle) else None
    elif serial is not None:
        number = 0 if serial["number"] == "local" else int(serial["number"])
        tab = "" if number == 0 else state.opened[number - 1] if number <= len(state.opened) else None
    elif command.target in ("", "null", "title=", "name="):
        tab = ""
    if tab is None or (tab and tab not in state.opened):
        state.tab = None
        state.lose("it is done in a window that no command before it opens")
        state.note(command, "no command before it opens this window, so that what follows in it cannot be done")
        return
    state.tab, state.frame = tab, ()
    state.carry(command)


def _store_handle(state: State, command: Command) -> None:
    if state.tab is None:
        state.note(command, state.lost)
        return
    state.values[command.target] = Handle(state.tab)
    state.carry(command)


def _close(state: State, command: Command) -> None:
    if not state.tab:
        state.note(command, "the first window closes with the run" if state.tab == "" else state.lost)
        return
    state.add("close", command)
    state.opened = [one if one != state.tab else "" for one in state.opened]
    state.tab = None
    state.lose("it is done in a window that was closed")


def _answer(*, accept: bool, answers: bool = False) -> Handler:
    """A dialog that stands there is answered."""

    def handle(state: State, command: Command) -> None:
        text = state.text(command, command.target) if answers else ""
        _answered(state, command, accept=accept, text=text, done=True)

    return handle


def _says(*, alert: bool) -> Handler:
    """A dialog that stands there says something."""

    def handle(state: State, command: Command) -> None:
        message = state.text(command, command.target)
        _answered(state, command, accept=alert, message=message, done=False)

    return handle


def _answered(state: State, command: Command, *, accept: bool, done: bool, text: str = "", message: str = "") -> None:
    last = state.made.last
    if last is None or last.action in ("wait", "assert", "read", "close", "goto", "scroll") or last.tab != state.tab:
        state.note(command, "no step right before it brings up a dialog")
        return
    if state.answered:
        state.note(command, "of several dialogs after one step only the first is answered; the others get a no")
        return
    known = last.dialog
    answer = known or DialogAnswer()
    if done:
        answer = replace(answer, accept=accept, text=text)
    else:
        answer = replace(answer, message=message, accept=known.accept if known is not None else accept)
    state.made.amend(dialog=answer)
    state.answered = done
    state.carry(command)


def _next(*, accept: bool, answers: bool = False) -> Handler:
    """The dialog that the next step brings up is answered."""

    def handle(state: State, command: Command) -> None:
        text = state.text(command, command.target) if answers else ""
        state.pending_dialog = DialogAnswer(accept=accept, text=text)
        state.pending_command = command
        state.carry(command)

    return handle


HANDLERS: dict[str, Handler] = {
    "open": _open,
    "selectFrame": _select_frame,
    "selectWindow": _select_window,
    "storeWindowHandle": _store_handle,
    "close": _close,
    "acceptAlert": _answer(accept=True),
    "acceptConfirmation": _answer(accept=True),
    "dismissConfirmation": _answer(accept=False),
    "answerPrompt": _answer(accept=True, answers=True),
    "dismissPrompt": _answer(accept=False),
    "answerOnNextPrompt": _next(accept=True, answers=True),
    "chooseOkOnNextConfirmation": _next(accept=True),
    "chooseCancelOnNextConfirmation": _next(accept=False),
    "chooseCancelOnNextPrompt": _next(accept=False),
    **{
        f"{verb}{what}": _says(alert=what == "Alert")
        for verb in ("assert", "verify")
        for what in ("Alert", "Confirmation", "Prompt")
    },
}
