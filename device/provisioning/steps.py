"""How a setup goes: `step(state, input, now_ms) -> (state, effects)`. Pure.

        LOOKING ── a network is there and the cloud is known ──► REACHING
           │ none                                                   │  ▲ again every 5 s, and whatever is wrong is said
           ▼                                                        ▼  │
        HOTSPOT ── page filled in, or QR code seen ──► JOINING ──► CODE ──► PAIRING ──► DONE
           ▲                                              │          ▲         │
           └────── wrong password, no such network … ─────┘          └ expired ┘
From everywhere a hold of the button leads back to HOTSPOT; a double click leaves the setup, where there is something to
go back to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec.structs import replace

from device import away
from device.config import check_address
from device.errors import ConfigError
from device.provisioning import state as s
from device.provisioning.radio import Why, Wish
from device.provisioning.state import Effect, Input, Purpose, Stage, State
from wire.pairing import POLL_MS
from wire.qr import CloudCode, WifiCode

JOIN_MS: Final = 40_000
AGAIN_MS: Final = 5_000
REACH_MS: Final = 30_000
SEE_MS: Final = 500
SEEING_MS: Final = 60_000

REFUSED: Final = "The Wi-Fi refuses this password. Please type it again."
NO_SUCH: Final = "This Wi-Fi is not in reach. Is its name right?"
NO_ADDRESS: Final = "The Wi-Fi gives me no address. Is it full, or is the router hung up?"
NOT_JOINED: Final = "I cannot join this Wi-Fi. Please try again, or take another one."
NEEDS_CLOUD: Final = "Please tell me your cloud's address, too."
NO_CLOUD_ADDRESS: Final = "This is no address of a cloud. It begins with wss:// and ends in /device."
NOT_ENCRYPTED: Final = "This address is not encrypted. It begins with wss://."
NO_CODE: Final = "I saw no QR code. Hold it still, as large as the screen."
NOT_READ: Final = "This QR code is neither of a Wi-Fi nor of a cloud."
OTHER_CERTIFICATE: Final = "The cloud's certificate is not the one of the QR code. I tell it nothing."

_WHY: Final = {Why.PASSWORD: REFUSED, Why.ABSENT: NO_SUCH, Why.ADDRESS: NO_ADDRESS}
SENTENCES: Final = (
    *(*_WHY.values(), NOT_JOINED, NEEDS_CLOUD, NO_CLOUD_ADDRESS, NOT_ENCRYPTED, NO_CODE, NOT_READ, OTHER_CERTIFICATE),
)


def begin(state: State) -> tuple[State, list[Effect]]:
    """The first state and what to do first."""
    return replace(state, stage=Stage.LOOKING), [s.Look()]


def due_ms(state: State) -> int | None:
    """When to call `step` with a Tick, if nothing else happens before."""
    return state.until_ms if state.until_ms >= 0 else None


def step(state: State, told: Input, now_ms: int) -> tuple[State, list[Effect]]:
    """Take one input; never raises. What comes late, from a stage that is over, is ignored."""
    effects: list[Effect] = []
    take = _TAKE.get(type(told))
    if take is not None and state.stage is not Stage.DONE:
        state = take(state, told, now_ms, effects)
    return state, effects


# Wi-Fi ------------------------------------------------------------------------------------------------------------


def _looked(state: State, told: s.Looked, now_ms: int, effects: list[Effect]) -> State:
    if state.stage is not Stage.LOOKING:
        return state
    if told.online and state.cloud and state.purpose is not Purpose.WIFI:
        return _reach(state, now_ms, effects)
    return _hotspot(replace(state, joined=told.online), now_ms, effects)


def _hotspot(state: State, now_ms: int, effects: list[Effect], trouble: str = "") -> State:
    """Be a network of one's own, and say why."""
    effects.append(s.Open())
    kept = {"code": None, "certificate": None, "hotspot": None}
    return replace(state, stage=Stage.HOTSPOT, until_ms=-1, trouble=trouble, leaf=0, **kept)


def _scanned(state: State, told: s.Scanned, now_ms: int, effects: list[Effect]) -> State:
    return replace(state, networks=told.networks)


def _opened(state: State, told: s.Opened, now_ms: int, effects: list[Effect]) -> State:
    if state.stage not in (Stage.HOTSPOT, Stage.SEEING):
        # The person was faster: it is not wanted any more.
        effects.append(s.Close())
        return state
    return replace(state, hotspot=told.hotspot)


def _failed(state: State, told: s.Failed, now_ms: int, effects: list[Effect]) -> State:
    again_ms = now_ms + AGAIN_MS if state.stage in (Stage.HOTSPOT, Stage.JOINING) else state.until_ms
    stage = Stage.HOTSPOT if state.stage is Stage.JOINING else state.stage
    return replace(state, stage=stage, trouble=told.sentence, until_ms=again_ms, leaf=0)


def _submitted(state: State, told: s.Submitted, now_ms: int, effects: list[Effect]) -> State:
    if state.stage not in (Stage.HOTSPOT, Stage.SEEING):
        return state
    cloud = told.cloud or state.cloud
    due = state.due if cloud == state.cloud else ""
    state = replace(state, cloud=cloud, due=due, country=told.country or state.country)
    if sentence := _wrong_address(state):
        return replace(state, trouble=sentence, leaf=0)
    if told.wish is None:
        effects.append(s.Close())
        return _reach(replace(state, hotspot=None), now_ms, effects)
    return _join(state, replace(told.wish, country=state.country), now_ms, effects)


def _wrong_address(state: State) -> str:
    if state.purpose is Purpose.WIFI:
        return ""
    if not state.cloud:
        return NEEDS_CLOUD
    try:
        check_address(state.cloud, plain=state.plain)
    except ConfigError:
        return NOT_ENCRYPTED if state.cloud.startswith("ws://") else NO_CLOUD_ADDRESS
    return ""


def _join(state: State, wish: Wish, now_ms: int, effects: list[Effect]) -> State:
    effects += [s.Close(), s.Join(wish)]
    until_ms = now_ms + JOIN_MS + AGAIN_MS
    return replace(
        state, stage=Stage.JOINING, wish=wish, hotspot=None, trouble="", until_ms=until_ms, leaf=0, joined=False
    )


def _joined(state: State, told: s.Joined, now_ms: int, effects: list[Effect]) -> State:
    if state.stage is not Stage.JOINING:
        return state
    if state.purpose is Purpose.WIFI:
        return _done(state, effects)
    return _reach(replace(state, joined=True), now_ms, effects)


def _not_joined(state: State, told: s.NotJoined, now_ms: int, effects: list[Effect]) -> State:
    if state.stage is not Stage.JOINING:
        return state
    return _hotspot(state, now_ms, effects, _WHY.get(told.why, NOT_JOINED))


# Camera -----------------------------------------------------------------------------------------------------------


def _see(state: State, now_ms: int, effects: list[Effect]) -> State:
    """Look for codes, and for nothing that an earlier one said."""
    effects.append(s.See())
    afresh = {"wish": None, "cloud": state.known, "due": "", "trouble": "", "leaf": 0}
    return replace(state, stage=Stage.SEEING, until_ms=now_ms + SEEING_MS, **afresh)


def _read(state: State, told: s.Read, now_ms: int, effects: list[Effect]) -> State:
    if state.stage is not Stage.SEEING:
        return state
    match told.code:
        case WifiCode(name=name, password=password, hidden=hidden):
            state = replace(state, wish=Wish(name, password, hidden))
        case CloudCode(address=address, certificate=certificate):
            state = replace(state, cloud=address, due=certificate)
        case None:
            if told.sentence:
                return replace(state, stage=Stage.HOTSPOT, until_ms=-1, trouble=told.sentence)
            effects.append(s.See())
            return state
    sentence = _wrong_address(state)
    if sentence == NEEDS_CLOUD or (not sentence and state.wish is None and not state.joined):
        # One of two is there: the other one is looked for.
        effects.append(s.See())
        return replace(state, until_ms=now_ms + SEEING_MS)
    if sentence:
        return replace(state, stage=Stage.HOTSPOT, until_ms=-1, trouble=sentence)
    if state.wish is not None:
        return _join(state, replace(state.wish, country=state.country), now_ms, effects)
    effects.append(s.Close())
    return _reach(replace(state, hotspot=None), now_ms, effects)


# Cloud ------------------------------------------------------------------------------------------------------------


def _reach(state: State, now_ms: int, effects: list[Effect], trouble: str = "") -> State:
    effects.append(s.Reach(state.cloud))
    return replace(state, stage=Stage.REACHING, until_ms=now_ms + REACH_MS, trouble=trouble, leaf=0)


def _reached(state: State, told: s.Reached, now_ms: int, effects: list[Effect]) -> State:
    if state.stage is not Stage.REACHING:
        return state
    shown = told.certificate
    if state.due and (shown is None or shown.fingerprint != state.due):
        return replace(state, trouble=OTHER_CERTIFICATE, until_ms=now_ms + AGAIN_MS, leaf=0)
    return _code(replace(state, certificate=None if shown is None or shown.vouched else shown), now_ms, effects)


def _unreached(state: State, told: s.Unreached, now_ms: int, effects: list[Effect]) -> State:
    if state.stage is not Stage.REACHING:
        return state
    return replace(state, trouble=told.sentence, until_ms=now_ms + AGAIN_MS)


def _code(state: State, now_ms: int, effects: list[Effect], trouble: str = "") -> State:
    effects.append(s.Begin(state.cloud, state.certificate))
    return replace(state, stage=Stage.CODE, code=None, until_ms=now_ms + REACH_MS, trouble=trouble, leaf=0)


def _coded(state: State, told: s.Coded, now_ms: int, effects: list[Effect]) -> State:
    if state.stage is not Stage.CODE:
        return state
    return replace(state, stage=Stage.PAIRING, code=told.code, until_ms=now_ms + POLL_MS, trouble="")


def _ended(state: State, told: s.Ended, now_ms: int, effects: list[Effect]) -> State:
    """It is asked for a new code when the person has read why, or by itself after a while."""
    if state.stage not in (Stage.CODE, Stage.PAIRING):
        return state
    return replace(state, stage=Stage.CODE, code=None, trouble=told.sentence, until_ms=now_ms + AGAIN_MS, leaf=0)


def _paired(state: State, told: s.Paired, now_ms: int, effects: list[Effect]) -> State:
    if state.stage is not Stage.PAIRING:
        return state
    effects.append(s.Keep(told.keys, state.cloud, state.certificate))
    return _done(state, effects)


def _done(state: State, effects: list[Effect]) -> State:
    effects.append(s.Finish())
    return replace(state, stage=Stage.DONE, until_ms=-1, trouble="")


# Button and time --------------------------------------------------------------------------------------------------


def _clicked(state: State, told: s.Clicked, now_ms: int, effects: list[Effect]) -> State:
    """One: the next leaf, or a new code at once. Two: out, where there is something to go back to."""
    if told.count == 2 and state.purpose is not Purpose.FIRST:
        effects.append(s.Close())
        return _done(state, effects)
    if told.count != 1:
        return state
    if state.stage is Stage.CODE and state.trouble:
        return _code(state, now_ms, effects)
    return replace(state, leaf=state.leaf + 1)


def _held(state: State, told: s.Held, now_ms: int, effects: list[Effect]) -> State:
    """The way back; from the start, the way on by the camera."""
    if state.stage is Stage.HOTSPOT:
        if state.has_camera:
            return _see(state, now_ms, effects)
        # Anew: the hotspot may have failed.
        return _hotspot(state, now_ms, effects) if state.hotspot is None else state
    if state.stage is Stage.SEEING:
        return replace(state, stage=Stage.HOTSPOT, until_ms=-1, leaf=0)
    return _hotspot(state, now_ms, effects)


def _tick(state: State, told: s.Tick, now_ms: int, effects: list[Effect]) -> State:
    if not 0 <= state.until_ms <= now_ms:
        return state
    match state.stage:
        case Stage.HOTSPOT if state.hotspot is None:
            return _hotspot(state, now_ms, effects, state.trouble)
        case Stage.JOINING:
            return _hotspot(state, now_ms, effects, NOT_JOINED)
        case Stage.SEEING:
            return replace(state, stage=Stage.HOTSPOT, until_ms=-1, trouble=NO_CODE)
        case Stage.REACHING:
            return _reach(state, now_ms, effects, state.trouble or away.NO_ANSWER)
        case Stage.CODE:
            return _code(state, now_ms, effects, state.trouble)
        case Stage.PAIRING:
            effects.append(s.Poll())
            return replace(state, until_ms=now_ms + POLL_MS)
        case _:
            return replace(state, until_ms=-1)


_TAKE: Final[dict[type[Any], Callable[[State, Any, int, list[Effect]], State]]] = {
    s.Looked: _looked,
    s.Scanned: _scanned,
    s.Opened: _opened,
    s.Submitted: _submitted,
    s.Read: _read,
    s.Joined: _joined,
    s.NotJoined: _not_joined,
    s.Reached: _reached,
    s.Unreached: _unreached,
    s.Coded: _coded,
    s.Ended: _ended,
    s.Paired: _paired,
    s.Failed: _failed,
    s.Clicked: _clicked,
    s.Held: _held,
    s.Tick: _tick,
}
