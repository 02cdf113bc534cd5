"""Questions to the script in a frame: one round trip each, in an isolated world."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame
from playwright.async_api import TimeoutError as PlaywrightTimeout

from browser.conditions import Condition, ReadBack
from browser.deadline import Deadline
from browser.errors import PageGone
from browser.faults import has_moved, is_gone, translated
from browser.fingerprint import Fingerprint
from browser.locators import Locator
from browser.scripts import ENGINE_NAME, WAIT_FOR_CHANGE

# Changes that fire no event (a style sheet that applies late) are noticed by looking again.
LOOK_AGAIN_MS = 100

_encode = msgspec.json.Encoder().encode


class Seen(msgspec.Struct, frozen=True):
    """An element that a locator found."""

    ref: int
    locator: int
    matches: int
    visible: bool
    seen: Fingerprint
    checked: bool = False
    lands: bool = False


class Reply(msgspec.Struct, frozen=True):
    """What the script answered, and in which document."""

    origin: str
    href: str
    found: tuple[Seen, ...] = ()
    texts: tuple[str | None, ...] = ()
    holds: bool = False
    moved: int = 0
    status: int = 0
    loading: bool = False
    truncated: bool = False
    path: str = ""
    refs: tuple[int, ...] = ()


_decode_reply = msgspec.json.Decoder(Reply).decode


async def ask_text(frame: Frame, request: dict[str, Any], deadline: Deadline) -> str:
    """The script's answer as JSON text. Raises PageGone, ActionTimeout, ElementMissing (the document was replaced)."""
    payload = _encode(request).decode().replace(">", "\\u003e")
    with translated("look at the page"):
        text = await frame.locator(f"{ENGINE_NAME}={payload}").text_content(timeout=deadline.left_ms())
    return text or ""


async def ask(frame: Frame, request: dict[str, Any], deadline: Deadline) -> Reply:
    """The script's answer. Raises as `ask_text`."""
    return _decode_reply(await ask_text(frame, request, deadline))


def _wanted(read: Sequence[ReadBack]) -> list[Any]:
    return ["form" if back.form else back.locators for back in read]


def finding(locators: Sequence[Locator], like: Fingerprint | None, read: Sequence[ReadBack]) -> dict[str, Any]:
    """Ask for the elements that locators find; `like` lets the script stop at one that is the same."""
    request: dict[str, Any] = {"op": "find", "locators": locators, "read": _wanted(read)}
    if like is not None:
        request["like"] = {"role": like.role, "name": like.name, "tag": like.tag}
    return request


def looking(ref: int, read: Sequence[ReadBack], *, whole: bool = False) -> dict[str, Any]:
    """Ask for an element seen before, and for texts, in the same evaluate; `whole` as it is to be remembered."""
    return {"op": "look", "ref": ref, "whole": whole, "read": _wanted(read)}


def gathering(like: Fingerprint, most: int, most_ms: float) -> dict[str, Any]:
    """Ask for all elements that might be the one remembered."""
    return {"op": "gather", "like": {"role": like.role, "tag": like.tag}, "most": most, "most_ms": most_ms}


def placing(ref: int) -> dict[str, Any]:
    """Ask for an element's place in its document, as CSS."""
    return {"op": "path", "ref": ref}


def leafing(*, on: bool, lists: bool) -> dict[str, Any]:
    """Ask that every list, or the page, is scrolled on by most of a screen; or all back to its beginning."""
    return {"op": "scroll_lists", "on": on, "lists": lists}


def reading(read: Sequence[ReadBack]) -> dict[str, Any]:
    """Ask for texts only."""
    return {"op": "read", "read": _wanted(read)}


def listing(locators: Sequence[Locator]) -> dict[str, Any]:
    """Ask for the texts of all that the first of the locators to find anything finds."""
    return {"op": "texts", "locators": list(locators)}


def scrolling(ref: int | None, by_px: int) -> dict[str, Any]:
    """Scroll an element seen before, or the document, by at most most of a screen; 0 brings it into view."""
    return {"op": "scroll", "ref": ref, "by": by_px}


def holding(condition: Condition) -> dict[str, Any]:
    """Ask whether a condition holds in the frame."""
    return {"op": "holds", "visible": condition.visible, "hidden": condition.hidden, "text": condition.text}


async def changed(frame: Frame, deadline: Deadline) -> None:
    """Return when the frame's document changes, is replaced, or might have changed. Raises PageGone."""
    cap_ms = min(LOOK_AGAIN_MS, deadline.left_ms())
    try:
        async with asyncio.timeout(deadline.left_ms() / 1000):
            await frame.evaluate(WAIT_FOR_CHANGE, cap_ms)
    except (TimeoutError, PlaywrightTimeout):
        return
    except PlaywrightError as error:
        if has_moved(error):
            return
        if is_gone(error):
            raise PageGone("wait for the page: it is closed; start the task again") from error
        raise
