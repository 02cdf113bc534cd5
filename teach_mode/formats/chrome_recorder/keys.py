"""Keys that go down and up, as they were recorded, put together as the chords that a person means. Pure."""

from __future__ import annotations

import re

MODIFIERS = {
    **{name: name for name in ("Alt", "Control", "Meta", "Shift")},
    **{f"{name}{side}": name for name in ("Alt", "Control", "Meta", "Shift") for side in ("Left", "Right")},
}
_ORDER = ("Control", "Alt", "Shift", "Meta")
# Names of keys that are not the letter that they write.
_NAMED = re.compile(
    r"F\d{1,2}|Arrow(?:Up|Down|Left|Right)|(?:Digit|Numpad)\d|Key[A-Z]|Numpad(?:Enter|Add|Subtract|Multiply|Divide|Decimal)"
    r"|Enter|Tab|Escape|Backspace|Delete|Insert|Home|End|PageUp|PageDown|Space|CapsLock|NumLock|ScrollLock|Pause"
    r"|PrintScreen|ContextMenu|Backquote|Minus|Equal|BracketLeft|BracketRight|Backslash|Semicolon|Quote|Comma|Period|Slash"
)
_OTHERWISE = {" ": "Space", "\n": "Enter", "\r": "Enter", "\t": "Tab", "Esc": "Escape", "Del": "Delete"}


class Keyboard:
    """Which keys are down. A modifier that is let go without another key having been pressed was pressed alone."""

    def __init__(self) -> None:
        self._down: dict[str, bool] = {}

    def down(self, key: str) -> str | None:
        """What the press of a key means: a chord; "" for a modifier, which means something with what follows. None:
        there is no such key."""
        if key in MODIFIERS:
            self._down.setdefault(key, False)
            return ""
        named = _OTHERWISE.get(key, key)
        if len(named) != 1 and not _NAMED.fullmatch(named):
            return None
        held = self.held
        self._down = dict.fromkeys(self._down, True) | {key: True}
        return "+".join([*held, named])

    def up(self, key: str) -> str | None:
        """What letting go of a key means: a modifier that was pressed alone, else "". None: it was never down."""
        used = self._down.pop(key, None)
        if used is None:
            return None
        return "" if used else MODIFIERS[key]

    def use(self) -> tuple[str, ...]:
        """The modifiers that are held while something else is done; they count as used."""
        held = self.held
        self._down = dict.fromkeys(self._down, True)
        return held

    @property
    def held(self) -> tuple[str, ...]:
        """The modifiers that are down, in the order in which chords name them."""
        names = {MODIFIERS[key] for key in self._down if key in MODIFIERS}
        return tuple(name for name in _ORDER if name in names)
