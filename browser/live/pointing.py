"""What lies under the pointer, what has the focus, what is selected: asked of the page through its frames."""

from __future__ import annotations

from typing import Any

import msgspec
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame
from playwright.async_api import Page as PlaywrightPage

from browser.faults import translated
from browser.live.shown import Choice
from browser.scripts import source

NAME = "leveret_pointing"
MOST_DEPTH = 5
ASK_MS = 2_000.0


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field whose own picker no picture shows. A select's `values` are indices of its options."""

    ref: int
    kind: str
    box: tuple[float, float, float, float]
    label: str = ""
    values: tuple[str, ...] = ()
    options: tuple[Choice, ...] = ()
    min: str = ""
    max: str = ""
    step: str = ""


class _Answer(msgspec.Struct, frozen=True):
    frame: int = 0
    corner: tuple[float, float] = (0, 0)
    cursor: str = "default"
    control: Field | None = None
    text: str = ""


class Pointed(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, and in which frame; `corner` is where that frame begins in the page's viewport."""

    frame: Frame
    corner: tuple[float, float] = (0, 0)
    cursor: str = "default"
    field: Field | None = None
    text: str = ""


_decode = msgspec.json.Decoder(_Answer).decode
_encode = msgspec.json.Encoder().encode


def script() -> str:
    """The selector engine, as `playwright.selectors.register` takes it."""
    return source("live/pointing.js")


async def at(page: PlaywrightPage, x: float, y: float) -> Pointed | None:
    """What lies at a point of the viewport; None when the page does not say."""
    return await _ask(page.main_frame, {"op": "at", "x": x, "y": y}, (0, 0), 0)


async def focused(page: PlaywrightPage) -> Pointed | None:
    """What has the focus; None when the page does not say."""
    return await _ask(page.main_frame, {"op": "focus"}, (0, 0), 0)


async def selected(page: PlaywrightPage) -> str:
    """The text that is selected; a password's never is."""
    found = await _ask(page.main_frame, {"op": "selected"}, (0, 0), 0)
    return found.text if found else ""


async def _ask(frame: Frame, request: dict[str, Any], corner: tuple[float, float], depth: int) -> Pointed | None:
    try:
        payload = _encode(request).decode().replace(">", "\\u003e")
        answer = _decode(await frame.locator(f"{NAME}={payload}").text_content(timeout=ASK_MS) or "{}")
        if not answer.frame:
            return Pointed(frame=frame, corner=corner, cursor=answer.cursor, field=answer.control, text=answer.text)
        handle = await frame.locator(f"{NAME}={answer.frame}").element_handle(timeout=ASK_MS)
        child = await handle.content_frame()
        await handle.dispose()
    except PlaywrightError:
        return None  # The document was replaced, or is busy: there will be another move.
    if child is None or depth >= MOST_DEPTH:
        return None
    if "x" in request:
        x, y = answer.corner
        request = {**request, "x": request["x"] - x, "y": request["y"] - y}
    return await _ask(child, request, (corner[0] + answer.corner[0], corner[1] + answer.corner[1]), depth + 1)


async def focus(frame: Frame, field: Field) -> None:
    """Give the field the focus without opening its picker. Raises ElementMissing, ActionTimeout, PageGone."""
    with translated(f"reach {field.label or field.kind}"):
        await frame.locator(f"{NAME}={field.ref}").focus(timeout=ASK_MS)


async def choose(frame: Frame, field: Field, values: tuple[str, ...]) -> None:
    """Set the field. Raises ElementMissing, ActionTimeout, ActionRefused (it does not take the value), PageGone."""
    with translated(f"set {field.label or field.kind}"):
        place = frame.locator(f"{NAME}={field.ref}")
        if field.kind == "select":
            await place.select_option(index=[int(value) for value in values if value.isdigit()], timeout=ASK_MS)
        else:
            await place.fill(values[0] if values else "", timeout=ASK_MS)
