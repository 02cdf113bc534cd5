"""All that might be an element which is no longer where it was: one walk a frame, through open shadow roots."""

from __future__ import annotations

import msgspec
from playwright.async_api import Frame
from playwright.async_api import Page as PlaywrightPage

from browser import eyes, frames
from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.errors import ActionTimeout, ElementMissing
from browser.fingerprint import Fingerprint, similarity

MOST = 2_000
MOST_FRAMES = 30
FRAME_MS = 2_000


class Gathered(msgspec.Struct, frozen=True):
    """The candidates, in document order a frame. Not `complete`: more of the page could not be looked at."""

    candidates: tuple[Sighting, ...]
    complete: bool


async def gather(page: PlaywrightPage, like: Fingerprint, deadline: Deadline) -> Gathered:
    """The candidates of all frames, at most 2,000 a frame of 30. Raises PageGone."""
    shown = [frame for frame in page.frames if frame.url]
    found: list[Sighting] = []
    complete = len(shown) <= MOST_FRAMES
    for frame in shown[:MOST_FRAMES]:
        by = deadline.sooner_of(FRAME_MS)
        try:
            reply = await eyes.ask(frame, eyes.gathering(like, MOST, by.left_ms() * 0.8), by)
        except (ElementMissing, ActionTimeout):
            complete = False  # It went away, or is busy.
            continue
        complete &= not reply.truncated
        found += _sightings(reply, frame, like)
    return Gathered(tuple(found), complete)


def _sightings(reply: eyes.Reply, frame: Frame, like: Fingerprint) -> list[Sighting]:
    path = frames.path(frame)
    sightings = []
    for one in reply.found:
        seen = msgspec.structs.replace(one.seen, frame=path) if path else one.seen
        sightings.append(
            Sighting(
                seen=seen,
                similarity=similarity(like, seen),
                matches=1,
                locator=0,
                margin=1.0,
                visible=one.visible,
                texts=(),
                origin=reply.origin,
                frame=frame,
                ref=one.ref,
                checked=one.checked,
            )
        )
    return sightings


async def remember(at: Sighting, deadline: Deadline) -> Fingerprint:
    """The element as a skill remembers it. Raises ElementMissing (it left the page), PageGone."""
    found = (await eyes.ask(at.frame, eyes.looking(at.ref, (), whole=True), deadline)).found
    if not found:
        raise ElementMissing("the element left the page; find it again")
    return msgspec.structs.replace(found[0].seen, frame=frames.path(at.frame))


async def place(at: Sighting, deadline: Deadline) -> str:
    """Where the element stands in its frame, as CSS. Raises ElementMissing, PageGone."""
    return (await eyes.ask(at.frame, eyes.placing(at.ref), deadline)).path


async def leaf(frame: Frame, deadline: Deadline, *, lists: bool = True) -> bool:
    """Scroll the lists of a frame, or itself, on by most of a screen; whether anything moved. Raises PageGone."""
    return (await eyes.ask(frame, eyes.leafing(on=True, lists=lists), deadline)).moved > 0


async def leaf_back(frame: Frame, deadline: Deadline) -> None:
    """Scroll the lists of a frame and itself back to their beginning. Raises PageGone."""
    await eyes.ask(frame, eyes.leafing(on=False, lists=True), deadline)
