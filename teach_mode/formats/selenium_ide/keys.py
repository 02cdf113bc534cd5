"""Key codes of `sendKeys`, `${KEY_ENTER}`, and our names of the same keys. Pure."""

from __future__ import annotations

import re

from msgspec import Struct

_CODE = re.compile(r"\$\{KEY_(\w+)\}")
# The code's name, then ours; where two codes mean one key, the one that is written comes first.
_NAMES = {
    "ENTER": "Enter",
    "RETURN": "Enter",
    "TAB": "Tab",
    "ESCAPE": "Escape",
    "ESC": "Escape",
    "BACK_SPACE": "Backspace",
    "BACKSPACE": "Backspace",
    "BKSP": "Backspace",
    "DELETE": "Delete",
    "DEL": "Delete",
    "INSERT": "Insert",
    "INS": "Insert",
    "SPACE": "Space",
    "HOME": "Home",
    "END": "End",
    "PAGE_UP": "PageUp",
    "PGUP": "PageUp",
    "PAGE_DOWN": "PageDown",
    "PGDN": "PageDown",
    "UP": "ArrowUp",
    "ARROW_UP": "ArrowUp",
    "DOWN": "ArrowDown",
    "ARROW_DOWN": "ArrowDown",
    "LEFT": "ArrowLeft",
    "ARROW_LEFT": "ArrowLeft",
    "RIGHT": "ArrowRight",
    "ARROW_RIGHT": "ArrowRight",
    **{f"F{number}": f"F{number}" for number in range(1, 13)},
    **{f"NUMPAD{number}": f"Numpad{number}" for number in range(10)},
    "N0": "Numpad0",
    "MULTIPLY": "NumpadMultiply",
    "ADD": "NumpadAdd",
    "SUBTRACT": "NumpadSubtract",
    "DECIMAL": "NumpadDecimal",
    "DIVIDE": "NumpadDivide",
    "SEMICOLON": ";",
    "EQUALS": "=",
}
_MODIFIERS = {
    "CONTROL": "Control",
    "CTRL": "Control",
    "SHIFT": "Shift",
    "ALT": "Alt",
    "META": "Meta",
    "COMMAND": "Meta",
}
_CODES = {name: code for code, name in reversed(_NAMES.items())} | {
    name: code for code, name in reversed(_MODIFIERS.items())
}


class Typed(Struct, frozen=True):
    """Text that is typed, with its `${variables}`."""

    text: str


class Pressed(Struct, frozen=True):
    """A key or chord that is pressed, by our name of it: "Control+a"."""

    chord: str


def keys_of(value: str) -> tuple[Typed | Pressed, ...] | None:
    """What `sendKeys` does with a value, in order; None where it names a key that there is not. A modifier is held
    until the end of the command."""
    found: list[Typed | Pressed] = []
    held: list[str] = []
    at = 0
    for match in [*_CODE.finditer(value), None]:
        plain = value[at : match.start() if match else len(value)]
        if plain and held:
            found += [Pressed("+".join((*held, sign))) for sign in plain]
        elif plain:
            found.append(Typed(plain))
        if match is None:
            break
        at = match.end()
        if match[1] in _MODIFIERS:
            held.append(_MODIFIERS[match[1]])
        elif match[1] in _NAMES:
            found.append(Pressed("+".join((*held, _NAMES[match[1]]))))
        else:
            return None
    if held and not any(isinstance(one, Pressed) for one in found):
        found.append(Pressed("+".join(held)))
    return tuple(found)


def code_of(chord: str) -> str | None:
    """A key or chord as `sendKeys` writes it; None where it has no code for it."""
    *held, last = chord.split("+") if chord not in ("+", "") else (chord,)
    if any(one not in _MODIFIERS.values() for one in held):
        return None
    end = f"${{KEY_{_CODES[last]}}}" if last in _CODES else last if len(last) == 1 else None
    return None if end is None else "".join(f"${{KEY_{_CODES[one]}}}" for one in held) + end
