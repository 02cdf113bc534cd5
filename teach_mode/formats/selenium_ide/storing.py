"""Commands that give variables a value, compare them, or run a script."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from msgspec.structs import replace

from browser.conditions import Condition
from teach_mode.formats.selenium_ide import acting, scripts
from teach_mode.formats.selenium_ide.comparing import Comparison
from teach_mode.formats.selenium_ide.meanings import VARIABLE, Items, Place, Seen, Unknown, interpolated, when_of
from teach_mode.formats.selenium_ide.schema import Command
from teach_mode.formats.selenium_ide.state import SAYS_NOTHING, State
from teach_mode.skill import When

STORES = frozenset(
    (
        "store",
        "storeJson",
        "storeText",
        "storeValue",
        "storeAttribute",
        "storeElementCount",
        "storeTitle",
        "executeScript",
    )
)
_SCRIPT = "a script is never run; put what it is for into a step that people can do"
_NAME = re.compile(r"\w+")
Handler = Callable[[State, Command], None]


def _store(state: State, command: Command) -> None:
    name = command.value
    if not _NAME.fullmatch(name):
        state.note(command, "it names no variable")
        return
    text = state.known_text(interpolated(command.target)) if "${" in command.target else interpolated(command.target)
    if text is None:
        state.values[name] = Unknown("it is made of what is not known")
        state.note(command, f"{name!r} is made of what the file does not say")
        return
    state.store(command, name, text)


def _json(state: State, command: Command) -> None:
    try:
        value: object = json.loads(interpolated(command.target))
    except (ValueError, RecursionError):
        state.values[command.value] = Unknown("its JSON cannot be read")
        state.note(command, "this is no JSON")
        return
    _keep(state, command, value)


def _keep(state: State, command: Command, value: object) -> None:
    """A value of the file's own under the variable of a command."""
    name = command.value
    if isinstance(value, list) and all(
        isinstance(one, (str, int, float)) and not isinstance(one, bool) for one in value
    ):
        state.values[name] = Items(state.new_slug(name), tuple(str(one) for one in value))
        state.await_use(command, name, f"nothing goes through the list {name!r}")
    elif isinstance(value, (str, int, float, bool)):
        state.store(command, name, str(value).lower() if isinstance(value, bool) else str(value))
    else:
        state.values[name] = Unknown("only texts and lists of texts can be kept")
        state.note(command, "only texts and lists of texts can be kept")


def _script(state: State, command: Command) -> None:
    script, name = command.target, command.value
    down = scripts.scrolled(script)
    if down is not None and not name:
        _scroll(state, command, down)
        return
    field = scripts.field_that_is_set(script)
    if field is not None and not name:
        acting.HANDLERS["type"](state, replace(command, command="type", target=f"css={field[0]}", value=field[1]))
        state.carry(command)
        return
    value = scripts.returned(script)
    filtered, glob = scripts.filtered(script), scripts.address_tested(script)
    if not name or not _NAME.fullmatch(name):
        state.note(command, _SCRIPT)
    elif value is not None:
        _keep(state, command, value)
    elif scripts.reads_address(script):
        state.values[name] = Seen(None, after=state.done)
        state.await_use(command, name, "the page's address is not read, only compared")
    elif glob is not None:
        state.values[name] = Seen(Condition(url=state.text(command, glob)), after=state.done)
        state.await_use(command, name, "nothing depends on what it finds")
    elif filtered is not None and isinstance(place := state.values.get(filtered[0]), Place):
        state.place_of(command, filtered[0])
        state.values[name] = Place(f"{{{place.name}|{filtered[1]}}}")
        state.carry(command)
    else:
        state.values[name] = Unknown("a script would make it")
        state.note(command, _SCRIPT)


def _scroll(state: State, command: Command, down: int) -> None:
    if down == 0 or state.tab is None:
        state.note(command, "each step brings its element into view")
    else:
        state.add("scroll", command, value=str(down))


def _attribute(state: State, command: Command) -> None:
    state.values[command.value] = Unknown("an attribute would be it")
    state.note(command, "what an attribute holds is not read, only what an element says")


def _assert(state: State, command: Command) -> None:
    name, meaning = command.target, state.meaning(command.target)
    asked = when_of(Comparison(name, "==", command.value), meaning)
    if isinstance(asked, When) and asked.page is not None:
        state.use(name)
        state.add("assert", command, wait=asked.page)
    elif isinstance(asked, bool):
        state.use(name)
        so = "it always holds" if asked else "it never holds, and would end each run"
        state.note(command, f"it compares what the file itself says: {so}")
    else:
        state.note(command, f"the value {name!r} is not compared with another")


def _echo(state: State, command: Command) -> None:
    """What is said last, and tells what was read, is the skill's answer."""
    read = [
        meaning.name for name in VARIABLE.findall(command.target) if isinstance(meaning := state.meaning(name), Place)
    ]
    if set(read) & state.saved:
        state.answer = (command, state.text(command, command.target).replace("[", "[[").replace("]", "]]"))
        state.carry(command)
    else:
        state.note(command, SAYS_NOTHING)


HANDLERS: dict[str, Handler] = {
    "echo": _echo,
    "store": _store,
    "storeJson": _json,
    "storeAttribute": _attribute,
    "executeScript": _script,
    "executeAsyncScript": _script,
    "runScript": _script,
    "assert": _assert,
    "verify": _assert,
}
