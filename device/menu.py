"""The menu: click = next, hold = choose, two clicks or a while of nothing = out. Pure."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from device.modes import MENU_MS, SHELF_MS
from device.state import Effect, Menu, SetVolume, Shelf, State, Tell
from wire.messages import CancelTask, Card, Row

_VOLUME_STEPS = (25, 50, 75, 100)


class Deed(Enum):
    """What choosing a line does."""

    VOLUME = "volume"
    CAMERA = "camera"
    CANCEL = "cancel"
    LAST = "last"
    ABOUT = "about"
    CLOSE = "close"


class Line(Struct, frozen=True):
    """One line of the menu as it is shown."""

    deed: Deed
    label: str
    value: str = ""
    task: str = ""


def lines(state: State) -> tuple[Line, ...]:
    """The lines that make sense now."""
    found = [Line(Deed.CANCEL, "Cancel", task.text, task.task) for task in state.tasks[:3]]
    if state.shelf.cards:
        found.append(Line(Deed.LAST, "Last answers"))
    found.append(Line(Deed.VOLUME, "Volume", f"{state.settings.volume} %"))
    if state.has_camera:
        found.append(Line(Deed.CAMERA, "Camera", "on" if state.settings.camera else "off"))
    return (*found, Line(Deed.ABOUT, "About"), Line(Deed.CLOSE, "Close"))


def click(state: State, count: int, now_ms: int) -> State:
    """One click: next line. More: out."""
    return turn(state, 1, now_ms) if count == 1 else replace(state, menu=None)


def turn(state: State, steps: int, now_ms: int) -> State:
    """So many lines on, round and round."""
    if state.menu is None:
        return state
    return replace(state, menu=Menu((state.menu.at + steps) % len(lines(state)), now_ms + MENU_MS))


def choose(state: State, now_ms: int, effects: list[Effect]) -> State:
    """Do what the line says."""
    if state.menu is None:
        return state
    all_lines = lines(state)
    line = all_lines[min(state.menu.at, len(all_lines) - 1)]
    stay = replace(state, menu=Menu(state.menu.at, now_ms + MENU_MS))
    away = replace(state, menu=None)
    match line.deed:
        case Deed.VOLUME:
            volume = next((step for step in _VOLUME_STEPS if step > state.settings.volume), _VOLUME_STEPS[0])
            effects.append(SetVolume(volume))
            return replace(stay, settings=replace(state.settings, volume=volume))
        case Deed.CAMERA:
            return replace(stay, settings=replace(state.settings, camera=not state.settings.camera))
        case Deed.CANCEL:
            effects.append(Tell(CancelTask(task=line.task)))
            return away
        case Deed.LAST:
            return replace(away, shelf=Shelf(state.shelf.cards, len(state.shelf.cards) - 1, now_ms + SHELF_MS))
        case Deed.ABOUT:
            return replace(away, shelf=Shelf((*state.shelf.cards, _about(state))[-8:], _last(state), now_ms + SHELF_MS))
        case Deed.CLOSE:
            return away


def _last(state: State) -> int:
    return min(len(state.shelf.cards), 7)


def _about(state: State) -> Card:
    link = "connected" if state.online else "not connected"
    rows = [Row("Device", state.device), Row("Cloud", link)]
    if state.person:
        rows.insert(0, Row("Owner", state.person))
    return Card(title="Leveret", rows=tuple(rows))
