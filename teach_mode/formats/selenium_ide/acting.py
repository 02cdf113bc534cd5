"""Commands that do something to an element, or ask something of it, as steps."""

from __future__ import annotations

import re
from collections.abc import Callable

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from teach_mode.formats.selenium_ide import keys
from teach_mode.formats.selenium_ide.asking import with_text
from teach_mode.formats.selenium_ide.meanings import Place, Seen, interpolated
from teach_mode.formats.selenium_ide.schema import Command
from teach_mode.formats.selenium_ide.state import State
from teach_mode.skill import Action, Target
from teach_mode.templates import literal

_PATH = re.compile(r"(?:[A-Za-z]:[\\/]|/|~/|\.{1,2}/).*?([^\\/]+\.\w{1,5})")
_FILE = re.compile(r"file|upload|attach", re.IGNORECASE)
_OPTION = re.compile(r"(?P<by>label|value|id|index)=(?P<rest>.*)", re.DOTALL)
_PLAIN_MATCH = re.compile(r"(?:mostly-equals|exact):(?P<rest>.*)", re.DOTALL)
_PATTERN_MATCH = re.compile(r"(?:glob|regexp|regexpi):")
_MARKUP = re.compile(r"<[a-zA-Z/][^>]*>")
_MOST_KEYS = 40
# What has the focus, as our exports name it.
FOCUSED = ("css=:focus", "css=*:focus")
Handler = Callable[[State, Command], None]


def _simply(action: Action) -> Handler:
    def handle(state: State, command: Command) -> None:
        target = state.target(command)
        if target is not None:
            state.add(action, command, target)

    return handle


def _click(state: State, command: Command) -> None:
    target = state.target(command)
    if target is None:
        return
    last = state.made.last
    if target.fingerprint.tag == "option" and last is not None and last.action == "select":
        state.note(command, "the option is chosen by the command before it")
        return
    state.add("click", command, target)


def _at(action: Action) -> Handler:
    def handle(state: State, command: Command) -> None:
        _simply(action)(state, command)
        if command.value.strip(" ,0"):
            state.made.note("its middle is pressed, wherever the file says", line=command.line, step=command.written)

    return handle


def _type(state: State, command: Command) -> None:
    target = state.target(command)
    if target is None:
        return
    path = _PATH.fullmatch(command.value)
    named = target.fingerprint.attributes.get("type") == "file" or _FILE.search(command.target) is not None
    if path is not None and named:
        state.add("upload", command, target, value=literal(path[1]))
        state.made.note(
            f"the file {path[1]!r} is not in this file: keep it with the skill, under this name",
            line=command.line,
            step=command.written,
        )
        return
    _fill(state, command, target, command.value)


def _fill(state: State, command: Command, target: Target, text: str) -> None:
    kind = state.secret_in(text)
    if kind is None:
        state.add("fill", command, target, value=state.text(command, text))
        return
    state.add("fill", command, target, secret=kind, one_time=kind == "one_time_code")
    words = f"the secret is left out: it is typed from the vault's {kind!r}"
    state.made.note(words, line=command.line, step=command.written)


def _edit_content(state: State, command: Command) -> None:
    target = state.target(command)
    if target is None:
        return
    plain = _MARKUP.sub(" ", command.value)
    if plain != command.value:
        state.made.note("its markup is left out, and the text is typed", line=command.line, step=command.written)
        plain = " ".join(plain.split())
    state.add("fill", command, target, value=state.text(command, plain))


def _send_keys(state: State, command: Command) -> None:
    typed = keys.keys_of(command.value)
    if typed is None:
        state.note(command, "it names a key that there is not")
        return
    focused = command.target in FOCUSED
    target = None if focused else state.target(command)
    if target is None and not focused:
        return
    if target is not None and target.fingerprint.attributes.get("type") == "file":
        _type(state, command)
        return
    moved = False
    for number, one in enumerate(typed):
        if isinstance(one, keys.Pressed):
            state.add("press", command, None if moved else target, value=literal(one.chord))
            moved = moved or one.chord.split("+")[-1] == "Tab"
        elif number == 0 and target is not None:
            _type_on(state, command, target, one.text)
        else:
            _press_each(state, command, None if moved else target, interpolated(one.text))
    if not typed:
        state.note(command, "it sends no keys")


def _type_on(state: State, command: Command, target: Target, text: str) -> None:
    """What is sent to a field that was just typed into goes on there."""
    last = state.made.last
    if (
        last is not None
        and last.action == "fill"
        and last.target == target
        and not last.secret
        and last.tab == state.tab
    ):
        state.made.amend(value=last.value + state.text(command, text))
        state.carry(command)
        return
    _fill(state, command, target, text)


def _press_each(state: State, command: Command, target: Target | None, text: str) -> None:
    """A text key by key."""
    if "${" in text or len(text) > _MOST_KEYS:
        state.made.note(f"{text!r} after a key is not typed", line=command.line, step=command.written)
        state.carry(command)
        return
    for sign in text:
        state.add("press", command, target, value="Space" if sign == " " else literal(sign))


def _option(state: State, command: Command) -> str | None:
    """The option that a command names, a template; None with a note."""
    value = interpolated(command.value)
    match = _OPTION.fullmatch(value)
    by, rest = (match["by"], match["rest"]) if match is not None else ("label", value)
    plain = _PLAIN_MATCH.fullmatch(rest)
    rest = plain["rest"] if plain is not None else rest
    if by in ("id", "index") or _PATTERN_MATCH.match(rest):
        state.note(command, "an option is chosen by what it says; put its label in place of this")
        return None
    return state.text(command, rest)


def _select(state: State, command: Command) -> None:
    target = state.target(command)
    option = _option(state, command) if target is not None else None
    if target is not None and option is not None:
        state.add("select", command, target, value=option)


def _add_selection(state: State, command: Command) -> None:
    target = state.target(command)
    option = _option(state, command) if target is not None else None
    if target is None or option is None:
        return
    last = state.made.last
    if last is not None and last.action == "select" and last.target == target and last.tab == state.tab:
        state.made.amend(value=f"{last.value}\n{option}")
        state.carry(command)
        return
    state.add("select", command, target, value=option)


def _drag(state: State, command: Command) -> None:
    target = state.target(command)
    onto = state.onto(command) if target is not None else None
    if target is not None and onto is not None:
        state.add("drag", command, target, onto=onto)


def _mouse_down(state: State, command: Command) -> None:
    target = state.target(command)
    if target is None:
        return
    if state.pressed is not None:
        state.note(state.pressed[0], "the button is pressed and never let go")
    state.pressed = (command, target)
    state.carry(command)


def _mouse_up(state: State, command: Command) -> None:
    target = state.target(command)
    pressed, state.pressed = state.pressed, None
    if target is None:
        if pressed is not None:
            state.note(pressed[0], "the button is let go in a place that cannot be told")
        return
    if pressed is None:
        state.note(command, "the button is let go, and was not pressed")
    elif pressed[1] == target:
        state.note(pressed[0], "pressed and let go on one element; a click of it is a command of its own")
        state.note(command, "pressed and let go on one element; a click of it is a command of its own")
    else:
        state.add("drag", command, pressed[1], onto=target)


def _wait(*, visible: bool) -> Handler:
    def handle(state: State, command: Command) -> None:
        condition = state.condition(command, visible=visible)
        if condition is not None:
            state.add("wait", command, wait=condition)

    return handle


def _assert(*, visible: bool) -> Handler:
    def handle(state: State, command: Command) -> None:
        condition = state.condition(command, visible=visible)
        if condition is not None:
            state.add("assert", command, wait=condition)

    return handle


def _text(action: Action, *, there: bool) -> Handler:
    def handle(state: State, command: Command) -> None:
        target = state.target(command)
        if target is None:
            return
        text = state.text(command, command.value)
        frame = target.fingerprint.frame
        exact = with_text(target.locators, text)
        if exact is not None:
            found = (exact,)
            wanted = Condition(visible=found, frame=frame) if there else Condition(hidden=found, frame=frame)
            state.add(action, command, wait=wanted)
        elif there and text:
            state.add(action, command, wait=Condition(visible=target.locators, text=text, frame=frame))
            state.made.note("its text may stand anywhere on the page", line=command.line, step=command.written)
        else:
            state.note(command, "an element named like this cannot be asked for its text")

    return handle


def _text_on_page(state: State, command: Command) -> None:
    if state.frame is None:
        state.note(command, state.lost)
    elif text := state.text(command, command.target):
        state.add("assert", command, wait=Condition(text=text, frame=state.frame))
    else:
        state.note(command, "it names no text")


def _so(action: Action, selector: str) -> Handler:
    """A state of an element that CSS can ask for."""

    def handle(state: State, command: Command) -> None:
        target = state.target(command)
        if target is None:
            return
        plain = [
            one.value
            for one in target.locators
            if one.kind is LocatorKind.CSS and not re.search(r",|:not|::", one.value)
        ]
        if not plain:
            state.note(command, "that cannot be asked of an element that has no id, name or CSS")
            return
        frame = target.fingerprint.frame
        at = (Locator(kind=LocatorKind.CSS, value=plain[0] + selector),)
        state.add(action, command, wait=Condition(visible=at, frame=frame))

    return handle


def _read(state: State, command: Command) -> None:
    target = state.target(command)
    name = command.value
    if target is None:
        return
    if not name:
        state.note(command, "it names no variable")
        return
    slug = state.new_slug(name)
    state.add("read", command, target, saves=slug)
    state.saved.add(slug)
    state.values[name] = Place("{" + slug + "}")


def _count(state: State, command: Command) -> None:
    condition = state.condition(command)
    if condition is None:
        return
    state.values[command.value] = Seen(condition, counts=True, after=state.done)
    state.await_use(command, command.value, "how many there are is asked of a page only where something depends on it")


HANDLERS: dict[str, Handler] = {
    "click": _click,
    "clickAt": _at("click"),
    "doubleClick": _simply("double_click"),
    "doubleClickAt": _at("double_click"),
    "mouseOver": _simply("hover"),
    "check": _simply("check"),
    "uncheck": _simply("uncheck"),
    "type": _type,
    "editContent": _edit_content,
    "sendKeys": _send_keys,
    "select": _select,
    "addSelection": _add_selection,
    "dragAndDropToObject": _drag,
    "mouseDown": _mouse_down,
    "mouseDownAt": _mouse_down,
    "mouseUp": _mouse_up,
    "mouseUpAt": _mouse_up,
    "waitForElementPresent": _wait(visible=True),
    "waitForElementVisible": _wait(visible=True),
    "waitForElementNotPresent": _wait(visible=False),
    "waitForElementNotVisible": _wait(visible=False),
    "waitForText": _text("wait", there=True),
    "waitForTextPresent": _text_on_page,
    "waitForElementEditable": _so("wait", ":enabled:not([readonly])"),
    "waitForElementNotEditable": _so("wait", ":is(:disabled,[readonly])"),
    "storeText": _read,
    "storeValue": _read,
    "storeElementCount": _count,
    **{
        f"{verb}{what}": handler
        for verb in ("assert", "verify")
        for what, handler in {
            "ElementPresent": _assert(visible=True),
            "ElementVisible": _assert(visible=True),
            "ElementNotPresent": _assert(visible=False),
            "Text": _text("assert", there=True),
            "NotText": _text("assert", there=False),
            "Checked": _so("assert", ":checked"),
            "NotChecked": _so("assert", ":not(:checked)"),
            "Editable": _so("assert", ":enabled:not([readonly])"),
            "NotEditable": _so("assert", ":is(:disabled,[readonly])"),
        }.items()
    },
}
