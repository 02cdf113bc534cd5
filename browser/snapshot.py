"""The page as a tree of elements: one injected walk a frame, each returning one string."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame
from playwright.async_api import Page as PlaywrightPage

from browser import eyes, frames
from browser.deadline import Deadline
from browser.errors import ActionTimeout, ElementMissing, SnapshotError
from browser.fingerprint import Box, Fingerprint
from browser.scripts import ENGINE_NAME

# What the script counts from is another number in each document, a multiple of this.
REFS = 100_000
MOST_FRAMES = 30
MOST_DEPTH = 5
FRAME_MS = 2_000
OUTLINE_CHARS = 20_000


class Element(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One element worth naming.

    `box` is in CSS px of the top page, `parent` an index into the snapshot's elements (-1: none), `hint` what a field's
    attributes call it, `acted` whether it takes clicks or keys, `group` whether it only holds others together.
    """

    ref: str
    tag: str
    parent: int = -1
    role: str = ""
    name: str = ""
    label: str = ""
    text: str = ""
    value: str = ""
    type: str = ""
    hint: str = ""
    options: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    acted: bool = False
    group: bool = False
    visible: bool = True
    box: Box = (0, 0, 0, 0)
    frame: tuple[str, ...] = ()


class _Row(msgspec.Struct, frozen=True):
    ref: int
    parent: int
    tag: str
    box: Box
    role: str = ""
    name: str = ""
    label: str = ""
    text: str = ""
    value: str = ""
    type: str = ""
    hint: str = ""
    options: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    acted: bool = False
    visible: bool = True
    frame: bool = False
    group: bool = False


class _Walk(msgspec.Struct, frozen=True):
    rows: tuple[_Row, ...]
    truncated: bool
    title: str
    scroll: tuple[float, float]
    size: tuple[float, float]


class Place(msgspec.Struct, frozen=True):
    """Where an element stands: a Playwright frame, and the number that the script knows it by."""

    frame: Frame
    ref: int


_decode_walk = msgspec.json.Decoder(_Walk).decode


class Snapshot:
    """A page at one moment. `elements` stand in reading order, a frame's right after the frame's own element."""

    def __init__(
        self, url: str, title: str, elements: tuple[Element, ...], places: dict[str, Place], truncated: bool
    ) -> None:
        self.url = url
        self.title = title
        self.elements = elements
        self.truncated = truncated
        self._places = places
        self._by_ref = {element.ref: element for element in elements}

    def get(self, ref: str) -> Element:
        """The element called `ref`. Raises ElementMissing."""
        try:
            return self._by_ref[ref]
        except KeyError:
            raise ElementMissing(f"no element {ref!r} in this snapshot; take a new one") from None

    def place(self, ref: str) -> Place:
        """Where the element called `ref` stands. Raises ElementMissing."""
        self.get(ref)
        return self._places[ref]

    async def fingerprint(self, ref: str, *, deadline: Deadline) -> Fingerprint:
        """The element's fingerprint, as it is to be remembered. Raises ElementMissing (it left the page)."""
        place = self.place(ref)
        found = (await eyes.ask(place.frame, eyes.looking(place.ref, (), whole=True), deadline)).found
        if not found:
            raise ElementMissing(f"{ref} left the page; take a new snapshot")
        fields = {name: getattr(found[0].seen, name) for name in Fingerprint.__struct_fields__}
        return Fingerprint(**{**fields, "frame": frames.path(place.frame)})

    def above(self, element: Element) -> Iterator[Element]:
        """The element's ancestors, the nearest first."""
        while element.parent >= 0:
            element = self.elements[element.parent]
            yield element

    def outline(self, *, most_chars: int = OUTLINE_CHARS) -> str:
        """The page as indented text, a line an element; cut off with a last line that says so."""
        depths: dict[int, int] = {}
        lines: list[str] = []
        chars = 0
        for index, element in enumerate(self.elements):
            depth = depths[index] = depths[element.parent] + 1 if element.parent >= 0 else 0
            if element.group:
                depths[index] -= 1
                continue
            line = "  " * depth + described(element)
            chars += len(line) + 1
            if chars > most_chars:
                lines.append(f"… {len(self.elements) - index} more")
                break
            lines.append(line)
        return "\n".join(lines)


def described(element: Element) -> str:
    """One line: `button "Order" [disabled] [ref=e12]`."""
    words = [element.role or element.tag]
    called = element.name or element.label
    if called:
        words.append(f'"{called}"')
    if element.text and element.text != called:
        words.append(element.text)
    if element.value:
        words.append(f"= {element.value!r}")
    if element.options:
        words.append("of " + " | ".join(element.options[:12]))
    words += [f"[{state}]" for state in element.state]
    words.append(f"[ref={element.ref}]")
    return " ".join(words)


class _Gathering:
    """The walk over a page's frames, while it goes on."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self.elements: list[Element] = []
        self.places: dict[str, Place] = {}
        self.truncated = False
        self.title = ""
        self.frames = 0

    async def walk(self, frame: Frame, parent: int, corner: tuple[float, float], depth: int) -> None:
        number = self.frames
        self.frames += 1
        patience = self.deadline.sooner_of(FRAME_MS) if depth else self.deadline
        text = await eyes.ask_text(frame, {"op": "walk"}, patience)
        walk = _decode_walk(text)
        self.title = self.title or walk.title
        self.truncated |= walk.truncated
        path = frames.path(frame)
        at: list[int] = []
        prefix = f"f{number}e" if number else "e"
        for row in walk.rows:
            at.append(len(self.elements))
            x, y, width, height = row.box
            box = (x + corner[0], y + corner[1], width, height)
            ref = f"{prefix}{row.ref % REFS}"
            above = at[row.parent] if row.parent >= 0 else parent
            self.places[ref] = Place(frame, row.ref)
            self.elements.append(_element(row, ref, above, box, path))
            if row.frame:
                await self._into(frame, row, at[-1], box[:2], depth)

    async def _into(self, frame: Frame, row: _Row, parent: int, corner: tuple[float, float], depth: int) -> None:
        if depth >= MOST_DEPTH or self.frames >= MOST_FRAMES:
            self.truncated = True
            return
        try:
            locator = frame.locator(f"{ENGINE_NAME}={row.ref}")
            handle = await locator.element_handle(timeout=self.deadline.left_ms())
            child = await handle.content_frame()
            await handle.dispose()
            # A frame without address never got a document: it was refused, or is still to load.
            if child is not None and child.url:
                await self.walk(child, parent, corner, depth + 1)
        except (PlaywrightError, ElementMissing, ActionTimeout):
            self.truncated = True  # The frame went away while the page was walked.


def _element(row: _Row, ref: str, parent: int, box: Box, path: tuple[str, ...]) -> Element:
    return Element(
        ref=ref,
        tag=row.tag,
        parent=parent,
        role=row.role,
        name=row.name,
        label=row.label,
        text=row.text,
        value=row.value,
        type=row.type,
        hint=row.hint,
        options=row.options,
        state=row.state,
        acted=row.acted,
        group=row.group,
        visible=row.visible,
        box=box,
        frame=path,
    )


async def take(page: PlaywrightPage, deadline: Deadline) -> Snapshot:
    """Walk the page and its frames. Raises SnapshotError, PageGone."""
    while True:
        gathering = _Gathering(deadline)
        try:
            await gathering.walk(page.main_frame, -1, (0, 0), 0)
        except ElementMissing:
            if deadline.passed:
                raise SnapshotError("the page kept changing while it was read; wait until it is quiet") from None
            continue  # The document was replaced in the middle: read the new one.
        except ActionTimeout as error:
            raise SnapshotError("the page did not answer before the deadline; try again later") from error
        return Snapshot(page.url, gathering.title, tuple(gathering.elements), gathering.places, gathering.truncated)
