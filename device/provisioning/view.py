"""A setup as it is on the screen: a card, with what a click and a hold do at its foot. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from device.provisioning.state import Purpose, Stage, State
from device.view import Face, Page, Status
from device.words import Words, words_of
from wire.parts import Row


def face_of(state: State, *, large: bool = False) -> Face:
    """What is shown."""
    words = words_of(state.language)
    title, body, rows = _told(state, words)
    trouble = words.said(state.trouble)
    if trouble and state.stage is Stage.HOTSPOT and state.hotspot is not None:
        # What went wrong comes first, alone; a click leads to what to do.
        if state.leaf == 0:
            return Face(Status(online=state.joined), _page(state, words, title, trouble, ()), state.language, large)
        trouble, state = "", replace(state, leaf=state.leaf - 1)
    text = f"{trouble} {body}".strip() if trouble else body
    return Face(Status(online=state.joined), _page(state, words, title, text, rows), state.language, large)


def _page(state: State, words: Words, title: str, body: str, rows: tuple[Row, ...]) -> Page:
    click = words("setup.anew") if state.stage is Stage.CODE and state.trouble else words("menu.next")
    match state.stage:
        case Stage.HOTSPOT if state.has_camera:
            hold = words("setup.hold_qr")
        case Stage.HOTSPOT | Stage.LOOKING | Stage.DONE:
            hold = ""
        case _:
            hold = words("setup.hold_back")
    return Page(title, body, rows, leaf=state.leaf, hints=(click, hold))


def _told(state: State, words: Words) -> tuple[str, str, tuple[Row, ...]]:
    match state.stage:
        case Stage.HOTSPOT if state.hotspot is not None:
            hotspot = state.hotspot
            rows = (
                Row(words("setup.network"), hotspot.name),
                Row(words("setup.password"), hotspot.password),
                Row(words("setup.page"), hotspot.address),
            )
            return words("setup.title"), words("setup.phone"), rows
        case Stage.HOTSPOT:
            return words("setup.title"), "" if state.trouble else words("setup.opening"), ()
        case Stage.SEEING:
            return (
                words("setup.camera"),
                words("setup.hold_code" if state.purpose is Purpose.WIFI else "setup.codes"),
                (),
            )
        case Stage.JOINING:
            return words("menu.wifi"), words("setup.joining", name=state.wish.name if state.wish else ""), ()
        case Stage.REACHING:
            return words("setup.cloud"), "" if state.trouble else words("setup.reaching"), (_cloud(state, words),)
        case Stage.CODE:
            return words("menu.pairing"), "" if state.trouble else words("setup.asking"), (_cloud(state, words),)
        case Stage.PAIRING if state.code is not None:
            proof = state.certificate
            told = (
                Row(words("setup.words"), " ".join(state.code.words)),
                _cloud(state, words),
                *([Row(words("setup.certificate"), groups(proof.fingerprint))] if proof else []),
            )
            return state.code.code, words("setup.type"), told
        case Stage.DONE:
            return words("setup.title"), words("setup.done"), ()
        case _:
            return words("setup.title"), words("setup.looking"), ()


def _cloud(state: State, words: Words) -> Row:
    return Row(words("pairing.cloud"), state.cloud.removeprefix("wss://").removesuffix("/device"))


def groups(fingerprint: str) -> str:
    """A fingerprint as it is compared: four digits at a time."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
