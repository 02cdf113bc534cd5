"""The pages of the menu that tell and change what the device is connected to: Wi-Fi and pairing. Pure."""

from __future__ import annotations

from typing import Final

from device.effects import Effect, ForgetNetwork, JoinNetwork, SetUp
from device.state import State
from device.words import Words, words_of
from wire.messages import Card
from wire.parts import Row

WIFI: Final = "wifi"
PAIRING: Final = "pairing"
WIFI_STATE: Final = "wifi_state"
PAIRING_STATE: Final = "pairing_state"
WIFI_FORGET: Final = "wifi_forget"
PAIR_ANEW: Final = "pair_anew"
PAGES: Final = (WIFI, PAIRING, WIFI_FORGET, PAIR_ANEW)
ABOVE: Final = {WIFI_STATE: WIFI, WIFI_FORGET: WIFI, PAIRING_STATE: PAIRING, PAIR_ANEW: PAIRING}
_JOIN: Final = "join:"
_FORGET: Final = "forget:"
_SET_UP: Final = "set_up:"
_MOST: Final = 6


def doors(state: State, page: str) -> list[tuple[str, str, str, str]]:
    """The lines of a page: label, value, the page that it opens, and else what it does (see `do`)."""
    words = words_of(state.settings.language)
    match page:
        case "wifi":
            return _wifi_lines(state, words)
        case "wifi_forget":
            return [(name, words("wifi.forget_one"), "", _FORGET + name) for name in state.network.saved[:_MOST]]
        case "pairing":
            value = words("pairing.connected" if state.online else "pairing.not_connected")
            anew = [(words("pairing.anew"), "", PAIR_ANEW, "")] if state.settable else []
            return [(words("pairing.state"), value, PAIRING_STATE, ""), *anew]
        case "pair_anew":
            return [(words("menu.keep"), "", PAIRING, ""), (words("pairing.anew_yes"), "", "", _SET_UP + "pair")]
        case _:
            return []


def do(deed: str, effects: list[Effect]) -> None:
    """What a line does that opens no page."""
    kind, _, name = deed.partition(":")
    match kind + ":":
        case "join:":
            effects.append(JoinNetwork(name))
        case "forget:":
            effects.append(ForgetNetwork(name))
        case _:
            effects.append(SetUp(name))


def title(page: str) -> str:
    """The key of what stands above a page of these; empty for another page."""
    known = {WIFI: "menu.wifi", PAIRING: "menu.pairing", WIFI_FORGET: "wifi.forget", PAIR_ANEW: "pairing.anew"}
    return known.get(page, "")


def card(state: State, page: str) -> Card | None:
    """What there is to read, where the page is a card."""
    words = words_of(state.settings.language)
    match page:
        case "wifi_state":
            return _wifi(state, words)
        case "pairing_state":
            return _pairing(state, words)
        case _:
            return None


def _wifi_lines(state: State, words: Words) -> list[tuple[str, str, str, str]]:
    network = state.network
    others = [name for name in network.saved if name != network.name]
    return [
        (network.name or words("wifi.state"), _signal(state, words), WIFI_STATE, ""),
        *((name, words("wifi.join"), "", _JOIN + name) for name in others[:_MOST]),
        *([(words("wifi.set_up"), "", "", _SET_UP + "wifi")] if state.settable else []),
        *([(words("wifi.forget"), str(len(network.saved)), WIFI_FORGET, "")] if network.saved else []),
    ]


def _signal(state: State, words: Words) -> str:
    return words("menu.percent", value=state.network.signal) if state.network.signal >= 0 else ""


def _wifi(state: State, words: Words) -> Card:
    network = state.network
    rows = [
        *([Row(words("wifi.network"), network.name)] if network.name else []),
        *([Row(words("wifi.signal"), _signal(state, words))] if network.signal >= 0 else []),
        *([Row(words("wifi.address"), network.address)] if network.address else []),
    ]
    how = words("wifi.how" if state.settable else "wifi.how_not")
    said = how if rows else f"{words('wifi.unknown' if state.online else 'wifi.none')} {how}"
    return Card(title=words("menu.wifi"), body=said, rows=tuple(rows))


def _pairing(state: State, words: Words) -> Card:
    rows = [Row(words("pairing.device"), state.device)]
    if state.person:
        rows.append(Row(words("pairing.owner"), state.person))
    if state.about.cloud:
        rows.append(Row(words("pairing.cloud"), state.about.cloud))
    # Only a device that is paired is let in.
    rows.append(Row(words("menu.pairing"), words("pairing.connected" if state.online else "pairing.not_connected")))
    how = [words("pairing.how" if state.settable else "pairing.how_not")] if not state.online else []
    why = [words.said(state.link_sentence)] if state.link_sentence else []
    return Card(title=words("menu.pairing"), body=" ".join(why + how), rows=tuple(rows))
