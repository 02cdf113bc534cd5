"""Every face in every language and type: words stand in their place, apart from one another, and can be read."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest
from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from device import connections
from device.away import SENTENCES
from device.drawing import HEIGHT, WIDTH, Canvas, Colour, Weight
from device.faces import drawn_on
from device.menu import card, title
from device.menu import lines as lines_of
from device.settings import Settings
from device.state import Charge, Device, Menu, Network, State
from device.view import Body, Choice, Confirm, Face, Idle, MenuFace, MenuLine, Page, Slot, Status, Trouble, Working
from device.words import languages, words_of
from docs.contact_sheet import faces, setups
from tests.device.test_faces import BODIES, LONG
from wire.outcomes import CLOSES, OUTCOMES, Tone
from wire.parts import AskChoice, Row

# The glass is cut off in its corners, in a circle of about this radius.
CORNER = 26
STATUS = Status(False, "14:05", 82, False, 12)
WAYS = [(language, large) for language in languages() for large in (False, True)]


class Written(Struct, frozen=True):
    text: str
    box: tuple[float, float, float, float]
    size: int
    contrast: float


class Noting(Canvas):
    """A canvas that notes what is written where."""

    def __init__(self, *, rtl: bool, large: bool) -> None:
        super().__init__(rtl=rtl, large=large)
        self.written: list[Written] = []

    def write(
        self, at: tuple[int, int], line: str, size: int, colour: Colour, weight: Weight, code: str
    ) -> tuple[float, float, float, float]:
        before = self.image.copy()
        box = super().write(at, line, size, colour, weight, code)
        if line.strip():
            self.written.append(Written(line, box, size, contrast(colour, ground(before, box))))
        return box


def ground(image: Image.Image, box: tuple[float, float, float, float]) -> Colour:
    left, top, right, bottom = (round(edge) for edge in box)
    pixels = image.crop((max(0, left), max(0, top), min(WIDTH, right), min(HEIGHT, bottom)))
    _, colour = max(pixels.getcolors(100_000))
    return colour


def contrast(one: Colour, other: Colour) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: Colour) -> float:
    red, green, blue = (part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def noted(body: Body, language: str, large: bool, status: Status = STATUS) -> Noting:
    canvas = Noting(rtl=words_of(language).rtl, large=large)
    drawn_on(canvas, Face(status, body, language, large))
    return canvas


def bodies(language: str, large: bool) -> dict[str, Body]:
    """The faces with this language's own words in them."""
    words = words_of(language)
    settings = Settings(language=language, text="large" if large else "normal")
    state = State(
        settings=settings,
        has_camera=True,
        device="hare-2041",
        person="Maximiliane",
        about=Device(
            "1.0.0", "Pi Zero 2 W, Whisplay", ("button", "screen", "microphone", "speaker"), "cloud.example.org"
        ),
        settable=True,
        network=Network("Vogelweide 5 GHz", 71, "192.168.178.211", ("Café Sperl", "Vogelweide 5 GHz")),
        charge=Charge(percent=48, charging=True),
        link_sentence="The cloud cannot be reached. I keep trying.",
    )
    found: dict[str, Body] = dict(BODIES)
    for page in ("", "privacy", "forget", *connections.PAGES, *connections.ABOVE, "about"):
        here = replace(state, menu=Menu(0, 0, page))
        read = card(here)
        if read is not None:
            hints = (words("menu.next"), words("menu.back"))
            found[f"menu {page}"] = Page(read.title, read.body, read.rows, hints=hints)
            continue
        shown = tuple(MenuLine(one.label, one.value) for one in lines_of(here))
        for at in range(len(shown)):
            found[f"menu {page} {at}"] = MenuFace(shown, at, title(here))
    for ending in (*OUTCOMES.values(), *CLOSES.values()):
        found[ending.sentence] = Trouble(words.said(ending.sentence), Tone.ERROR)
    found["idle own"] = Idle("23:58", words.date(2, 30, 9), words("idle.hold"), "1:19:58", "tea")
    for sentence in SENTENCES:
        found[f"idle {sentence}"] = Idle("23:58", words.date(2, 30, 9), words.said(sentence))
    for at, face in enumerate(setups(language, large=large)):
        found[f"setup {at}"] = face.body
    found["idle, no time known"] = Idle("", "", words.said(state.link_sentence))
    return found


@pytest.mark.parametrize(("language", "large"), WAYS)
def test_words_stand_on_the_glass_apart_from_one_another_and_can_be_read(language: str, large: bool) -> None:
    shown = [(name, STATUS, body) for name, body in bodies(language, large).items()]
    shown += [(f"sheet {at}", face.status, face.body) for at, face in enumerate(faces(language, large=large))]
    for name, status, body in shown:
        where = f"{name} ({language}, {'large' if large else 'normal'})"
        written = noted(body, language, large, status).written
        waits = isinstance(body, Confirm | Choice) and not (body.ready and getattr(body, "whole", True))
        for at, one in enumerate(written):
            check(one, 2.8 if waits else 4.5, where)
            for other in written[at + 1 :]:
                assert not overlap(one.box, other.box), f"{where}: {one} and {other}"


def check(one: Written, least_contrast: float, where: str) -> None:
    left, top, right, bottom = one.box
    assert left >= 4 and right <= WIDTH - 4 and top >= 4 and bottom <= HEIGHT - 3, f"{where}: {one}"
    for x in (left, right):
        assert not cut_by_a_corner(x, top) and not cut_by_a_corner(x, bottom), f"{where}: {one}"
    assert one.size >= 13, f"{where}: {one}"
    assert one.contrast >= least_contrast, f"{where}: {one}"


def test_the_sheet_of_the_documentation_shows_every_kind_of_face() -> None:
    kinds = {kind.__name__ for kind in get_args(Body)} - {"Dark"}
    for language in languages():
        assert {type(face.body).__name__ for face in faces(language, large=False)} == kinds


def cut_by_a_corner(x: float, y: float) -> bool:
    across = max(CORNER - x, x - (WIDTH - CORNER), 0)
    down = max(CORNER - y, y - (HEIGHT - CORNER), 0)
    return across > 0 and down > 0 and across**2 + down**2 > CORNER**2


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    # Arabic letters reach far down; lines of them may stand in one another a little.
    return across > 1 and down > 3


ALL_OF = "Every word of this, from the first to the last, must be somewhere: " + LONG
LEAVES: dict[str, Body] = {
    "card": Page("Ordered " + LONG[:60], ALL_OF, tuple(Row(f"Label {at}", LONG[:50], "site") for at in range(9))),
    "confirm": Confirm(ALL_OF, tuple(Row(f"Label {at}", f"{at} {LONG[:50]}", "site") for at in range(9)), 9, True),
    "choice": Choice(ALL_OF, (AskChoice("1", ALL_OF[:70]),), 0, 9, True),
    "slot": Slot(ALL_OF, 9),
    "answer": Page("", ALL_OF),
    "said": Page("", ALL_OF, speaking=True, said=True),
    "working": Working(ALL_OF, 0, 0, 1),
    "trouble": Trouble(ALL_OF, Tone.ERROR),
    "idle": Idle("14:05", "Monday", ALL_OF),
    "menu": MenuFace((MenuLine(ALL_OF[:70], ""), MenuLine("Cancel", ALL_OF)), 1),
}


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("name", list(LEAVES))
def test_nothing_is_cut_off_without_a_way_to_read_on(name: str, large: bool) -> None:
    body = LEAVES[name]
    read: Counter[str] = Counter()
    # A line of a list has leaves of its own, which nobody counts.
    leaf, leaves = 0, 60 if isinstance(body, Choice | MenuFace) else 1
    while leaf < leaves:
        canvas = noted(replace(body, leaf=leaf), "en", large, Status(True))
        for one in canvas.written:
            read.update(set(one.text.replace("…", "").split()))
        leaf, leaves = leaf + 1, max(leaves, canvas.leaf[1])
    for text in told(body):
        for word in text.split():
            assert made_of(word, read), word


def made_of(word: str, read: Counter[str]) -> bool:
    """Whether the word was read, whole or in the pieces that stood on one line each."""
    return word in read or any(word[:at] in read and made_of(word[at:], read) for at in range(1, len(word)))


def told(body: Body) -> list[str]:
    match body:
        case Page(title=title, body=words, rows=rows):
            return [title, words, *(row.value for row in rows)]
        case Confirm(text=text, rows=rows):
            return [text, *(row.value for row in rows)]
        case Choice(text=text, choices=choices):
            return [text, *(one.label for one in choices)]
        case Trouble(sentence=sentence):
            return [sentence]
        case Idle(hint=hint):
            return [hint]
        case MenuFace(lines=lines):
            return [lines[1].value]
        case Working(text=text) | Slot(text=text):
            return [text]
        case _:
            return []
