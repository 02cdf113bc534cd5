"""The menu: click = next, hold = choose, two clicks or a while of nothing = out. Pure.

A page is lines to choose from, or a card to read: then click = the next leaf of it, hold = back.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from device import cards, connections, offline, pages
from device.connections import PAIRING, WIFI
from device.effects import Effect, ForgetAll, LookAtNetwork, SetVolume, Tell
from device.modes import AIM_MS, MENU_MS, NOTICE_MS, SHELF_MS
from device.pages import Entry, Own
from device.settings import Settings
from device.state import Menu, Notice, Shelf, State
from device.words import Words, languages, words_of
from wire.messages import CancelTask, Card
from wire.outcomes import Tone
from wire.parts import Row

_VOLUMES: Final = (25, 50, 75, 100)
_BRIGHTNESSES: Final = (20, 40, 60, 80, 100)
_SLEEPS_S: Final = (30, 60, 300, 0)
PRIVACY: Final = "privacy"
FORGET: Final = "forget"
ABOUT: Final = "about"
_ABOVE: Final = {FORGET: PRIVACY} | connections.ABOVE
FORGOTTEN: Final = words_of("en")("sentences.forgotten")


class Deed(Enum):
    """What choosing a line does."""

    VOLUME = "volume"
    BRIGHTNESS = "brightness"
    TEXT = "text"
    LANGUAGE = "language"
    SLEEP = "sleep"
    CAMERA = "camera"
    AIM = "aim"
    CANCEL = "cancel"
    LAST = "last"
    OPEN = "open"
    FORGET = "forget"
    TELL = "tell"
    BACK = "back"
    CLOSE = "close"
    OWN = "own"
    CONNECT = "connect"


_FINE: Final = (Deed.VOLUME, Deed.BRIGHTNESS)
_FINE_STEP: Final = 5


class Line(Struct, frozen=True):
    """One line of the menu as it is shown. `page`: what `OPEN` opens; `detail`: what `CONNECT` does."""

    deed: Deed
    label: str
    value: str = ""
    task: str = ""
    page: str = ""
    entry: Entry | None = None
    detail: str = ""


def lines(state: State) -> tuple[Line, ...]:
    """The lines that make sense now, of the page that is open."""
    words = words_of(state.settings.language)
    match state.menu.page if state.menu else "":
        case "privacy":
            return _privacy(state, words)
        case "forget":
            return Line(Deed.BACK, words("menu.keep")), Line(Deed.FORGET, words("menu.forget_yes"))
        case "":
            return _main(state, words)
        case page if page in connections.PAGES:
            return (*_connections(state, page), Line(Deed.BACK, words("menu.return")))
        case page:
            return (*_own(pages.entries(state, page)), Line(Deed.BACK, words("menu.return")))


def title(state: State) -> str:
    """What stands above the lines."""
    page = state.menu.page if state.menu else ""
    named = pages.title(page) or connections.title(page)
    return words_of(state.settings.language)(named or f"menu.{page or 'menu'}")


def _main(state: State, words: Words) -> tuple[Line, ...]:
    settings = state.settings
    found = [Line(Deed.CANCEL, words("menu.cancel"), task.text, task.task) for task in state.tasks[:3]]
    if state.shelf.cards:
        found.append(Line(Deed.LAST, words("menu.last")))
    if state.has_camera and settings.camera:
        found.append(Line(Deed.AIM, words("menu.aim")))
    return (
        *found,
        *_own(pages.entrances(state)),
        Line(Deed.VOLUME, words("menu.volume"), words("menu.percent", value=settings.volume)),
        Line(Deed.BRIGHTNESS, words("menu.brightness"), words("menu.percent", value=settings.brightness)),
        Line(Deed.TEXT, words("menu.text"), words(f"menu.{settings.text}")),
        Line(Deed.LANGUAGE, words("menu.language"), words.name),
        Line(Deed.SLEEP, words("menu.sleep"), _sleep(settings.sleep_s, words)),
        *(Line(Deed.OPEN, words(f"menu.{page}"), page=page) for page in (WIFI, PAIRING, PRIVACY, ABOUT)),
        Line(Deed.CLOSE, words("menu.close")),
    )


def _connections(state: State, page: str) -> list[Line]:
    return [
        Line(Deed.OPEN if opens else Deed.CONNECT, label, value, page=opens, detail=detail)
        for label, value, opens, detail in connections.doors(state, page)
    ]


def _own(entries: tuple[Entry, ...]) -> list[Line]:
    return [
        Line(Deed.OWN, entry.label, entry.value, page=entry.detail if entry.own is Own.PAGE else "", entry=entry)
        for entry in entries
    ]


def _privacy(state: State, words: Words) -> tuple[Line, ...]:
    microphone = words("menu.microphone_off" if state.muted else "menu.microphone_closed")
    camera = words("menu.on" if state.settings.camera else "menu.off")
    return (
        *([Line(Deed.CAMERA, words("menu.camera"), camera)] if state.has_camera else []),
        Line(Deed.TELL, words("menu.microphone"), microphone),
        Line(Deed.OPEN, words("menu.forget"), page=FORGET),
        Line(Deed.BACK, words("menu.return")),
    )


def _sleep(seconds: int, words: Words) -> str:
    if seconds == 0:
        return words("menu.never")
    if seconds % 60:
        return words("menu.seconds", value=seconds)
    return words("menu.minutes", value=seconds // 60)


def card(state: State) -> Card | None:
    """What there is to read, where the page that is open is a card."""
    words = words_of(state.settings.language)
    match state.menu.page if state.menu else "":
        case "about":
            return _about(state, words)
        case page:
            return connections.card(state, page)


def _about(state: State, words: Words) -> Card:
    about, charge = state.about, state.charge
    parts = ", ".join(words(f"part.{part}") for part in about.parts)
    battery = words("about.charging" if charge.charging else "menu.percent", value=charge.percent)
    told = [
        (words("about.version"), about.version),
        (words("about.update"), _update(state, words)),
        (words("about.build"), about.build),
        (words("about.battery"), battery if charge.percent >= 0 else ""),
        (words("pairing.device"), state.device),
        (words("about.parts"), parts),
        (words("about.ear"), state.ear),
        (words("about.voice"), state.voice),
    ]
    return Card(title=words("about.leveret"), rows=tuple(Row(label, value) for label, value in told if value))


def _update(state: State, words: Words) -> str:
    """How far it is, or what it waits for; that one was given up stays until there is another."""
    told = state.update
    if told.percent >= 0:
        return words("update.coming", release=told.release, percent=told.percent)
    if told.wait is not None:
        return words("update.waits", release=told.release, reason=words(f"update.{told.wait}"))
    return words("update.given_up", release=told.given_up) if told.given_up else ""


def click(state: State, count: int, now_ms: int) -> State:
    """One click: next line. More: out."""
    return turn(state, 1, now_ms) if count == 1 else replace(state, menu=None)


def turn(state: State, steps: int, now_ms: int) -> State:
    """So many lines (or leaves) on, round and round."""
    if state.menu is None:
        return state
    read = card(state)
    of = cards.count(read, state.settings, hints=True) if read else len(lines(state))
    return _at(state, now_ms, (state.menu.at + steps) % of, state.menu.page)


def wheel(state: State, steps: int, push: bool, now_ms: int, effects: list[Effect]) -> State:
    """Steps move among the lines; a push chooses. On volume and brightness it lets the steps set them, finely."""
    if state.menu is None:
        return state
    here = state.menu
    all_lines = lines(state)
    deed = all_lines[min(here.at, len(all_lines) - 1)].deed if card(state) is None else Deed.BACK
    if push:
        if deed not in _FINE:
            return choose(state, now_ms, effects)
        return replace(state, menu=replace(here, turning=not here.turning, until_ms=now_ms + MENU_MS))
    if not here.turning or deed not in _FINE:
        return turn(state, steps, now_ms)
    settings = state.settings
    if deed is Deed.VOLUME:
        settings = replace(settings, volume=max(0, min(100, settings.volume + _FINE_STEP * steps)))
        effects.append(SetVolume(settings.volume))
    else:
        settings = replace(settings, brightness=max(_FINE_STEP, min(100, settings.brightness + _FINE_STEP * steps)))
    return replace(state, settings=settings, menu=replace(here, until_ms=now_ms + MENU_MS))


def choose(state: State, now_ms: int, effects: list[Effect]) -> State:
    """Do what the line says; a card goes away."""
    if state.menu is None:
        return state
    if card(state) is not None:
        return _up(state, now_ms)
    all_lines = lines(state)
    at = min(state.menu.at, len(all_lines) - 1)
    line = all_lines[at]
    match line.deed:
        case Deed.VOLUME | Deed.BRIGHTNESS | Deed.TEXT | Deed.LANGUAGE | Deed.SLEEP | Deed.CAMERA:
            settings = _set(state.settings, line.deed)
            if settings.volume != state.settings.volume:
                effects.append(SetVolume(settings.volume))
            return _at(replace(state, settings=settings), now_ms, at, state.menu.page)
        case Deed.CANCEL:
            effects.append(Tell(CancelTask(task=line.task)))
            return replace(state, menu=None)
        case Deed.AIM:
            return replace(state, menu=None, aiming_until_ms=now_ms + AIM_MS)
        case Deed.LAST:
            shelf = Shelf(state.shelf.cards, len(state.shelf.cards) - 1, now_ms + SHELF_MS)
            return replace(state, menu=None, shelf=shelf)
        case Deed.OPEN:
            if line.page == WIFI:
                effects.append(LookAtNetwork())
            return _at(state, now_ms, 0, line.page)
        case Deed.FORGET:
            effects.append(ForgetAll())
            notice = Notice(FORGOTTEN, Tone.GOOD, now_ms + NOTICE_MS)
            return offline.forget_all(replace(state, menu=None, shelf=Shelf(), notice=notice), effects)
        case Deed.TELL:
            return _at(state, now_ms, at, state.menu.page)
        case Deed.BACK:
            return _up(state, now_ms)
        case Deed.OWN if line.entry is not None and line.entry.own is Own.PAGE:
            return _at(state, now_ms, 0, line.page)
        case Deed.OWN if line.entry is not None:
            return pages.do(replace(state, menu=None), line.entry, now_ms, effects)
        case Deed.CONNECT:
            connections.do(line.detail, effects)
            return replace(state, menu=None)
        case Deed.CLOSE | Deed.OWN:
            return replace(state, menu=None)


def _at(state: State, now_ms: int, at: int, page: str) -> State:
    return replace(state, menu=Menu(at, now_ms + MENU_MS, page))


def _up(state: State, now_ms: int) -> State:
    """To the line from which the page was opened."""
    below = state.menu.page if state.menu else ""
    above = _ABOVE.get(below) or pages.before(below)
    state = _at(state, now_ms, 0, above)
    at = next((at for at, line in enumerate(lines(state)) if line.page == below), 0)
    return _at(state, now_ms, at, above)


def _set(settings: Settings, deed: Deed) -> Settings:
    match deed:
        case Deed.VOLUME:
            return replace(settings, volume=_next(_VOLUMES, settings.volume))
        case Deed.BRIGHTNESS:
            return replace(settings, brightness=_next(_BRIGHTNESSES, settings.brightness))
        case Deed.TEXT:
            return replace(settings, text="normal" if settings.text == "large" else "large")
        case Deed.LANGUAGE:
            there = languages()
            at = there.index(settings.language) if settings.language in there else -1
            return replace(settings, language=there[(at + 1) % len(there)])
        case Deed.SLEEP:
            at = _SLEEPS_S.index(settings.sleep_s) if settings.sleep_s in _SLEEPS_S else -1
            return replace(settings, sleep_s=_SLEEPS_S[(at + 1) % len(_SLEEPS_S)])
        case _:
            return replace(settings, camera=not settings.camera)


def _next(steps: tuple[int, ...], value: int) -> int:
    return next((step for step in steps if step > value), steps[0])
