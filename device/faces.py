"""The faces of the device, drawn with Pillow at 240 x 280."""

from __future__ import annotations

import math

from PIL import Image

from device.drawing import (
    AMBER,
    BLACK,
    BLUE,
    CORAL,
    DIM,
    GREEN,
    GREY,
    HEIGHT,
    INNER,
    LINE,
    MARGIN,
    PANEL,
    VIOLET,
    WHITE,
    WIDTH,
    Colour,
    Weight,
    arc,
    blank,
    clip,
    disc,
    fit,
    line_height,
    mix,
    panel,
    text,
    width_of,
    wrap,
)
from device.view import (
    SPIN_STEPS,
    Bell,
    Choice,
    Confirm,
    Dark,
    Face,
    Idle,
    Listening,
    MenuFace,
    Page,
    Slot,
    Status,
    Thinking,
    Trouble,
    Working,
)
from wire.messages import Row
from wire.outcomes import Tone

_MIDDLE = WIDTH // 2
_TOP = 40
_QUESTION_SIZES = (22, 20, 18, 16)
_BOTTOM = HEIGHT - 14
_TONES: dict[Tone, Colour] = {
    Tone.NONE: GREY,
    Tone.GOOD: GREEN,
    Tone.SOFT: AMBER,
    Tone.ERROR: CORAL,
    Tone.ALERT: AMBER,
}


def draw(face: Face) -> Image.Image:
    """The picture of a face."""
    image = blank()
    body = face.body
    match body:
        case Idle():
            _idle(image, body)
        case Listening():
            _listening(image, body)
        case Thinking():
            _thinking(image, body)
        case Working():
            _working(image, body)
        case Confirm():
            _confirm(image, body)
        case Choice():
            _choice(image, body)
        case Slot():
            _slot(image, body)
        case Page():
            _page(image, body)
        case Bell():
            _bell(image, body)
        case Trouble():
            _trouble(image, body)
        case MenuFace():
            _menu(image, body)
        case Dark():
            image.paste((0, 0, 0), (0, 0, WIDTH, HEIGHT))
            return image
    left_s = body.left_s if isinstance(body, Confirm | Choice | Slot) else -1
    _status(image, face.status, left_s)
    return image


def light_of(face: Face) -> Colour:
    """The colour of the light beside the screen."""
    match face.body:
        case Listening():
            return CORAL
        case Thinking() | Working():
            return mix(BLUE, (0, 0, 0), 0.5)
        case Confirm() | Choice() | Slot() | Bell():
            return AMBER
        case Trouble(tone=Tone.ERROR):
            # Deeper than the light of an open microphone, so that the two are not taken for one another.
            return (150, 0, 0)
        case Trouble(tone=tone):
            return _TONES[tone]
        case Page(speaking=True):
            return mix(GREEN, (0, 0, 0), 0.5)
        case _:
            return (0, 0, 0)


def _status(image: Image.Image, status: Status, left_s: int) -> None:
    """The line at the top; while a question is open its countdown stands where the clock was."""
    y = 14
    disc(image, (MARGIN + 8, y + 8), 4, GREEN if status.online else CORAL)
    left = MARGIN + 18
    if not status.online:
        text(image, (left, y), "offline", 14, GREY)
    elif status.tasks:
        text(image, (left, y), f"{status.tasks} running", 14, GREY)
    right = WIDTH - MARGIN - 4
    if status.battery >= 0:
        colour = GREEN if status.charging else (CORAL if status.battery <= 15 else GREY)
        panel(image, (right - 22, y + 3, right - 2, y + 14), 3, colour, stroke=1)
        filled = max(2, round(16 * status.battery / 100))
        panel(image, (right - 20, y + 5, right - 20 + filled, y + 12), 1, colour)
        panel(image, (right - 2, y + 6, right, y + 11), 1, colour)
        right -= 30
    if left_s >= 0:
        text(image, (right, y), f"{left_s} s", 14, AMBER, "Medium", anchor="right")
    elif status.clock:
        text(image, (right, y), status.clock, 14, GREY, anchor="right")


def _spinner(image: Image.Image, centre: tuple[int, int], radius: int, spin: int, colour: Colour) -> None:
    for at in range(SPIN_STEPS):
        age = (spin - at) % SPIN_STEPS
        shade = mix(colour, BLACK, max(0.12, 1 - age / (SPIN_STEPS - 2)))
        angle = 2 * math.pi * at / SPIN_STEPS - math.pi / 2
        x = centre[0] + round(radius * math.cos(angle))
        y = centre[1] + round(radius * math.sin(angle))
        disc(image, (x, y), 3, shade)


def _idle(image: Image.Image, idle: Idle) -> None:
    text(image, (_MIDDLE, 66), idle.clock, 76, WHITE, "Light", anchor="middle")
    text(image, (_MIDDLE, 156), idle.date, 17, GREY, anchor="middle")
    if idle.timer:
        label = clip(idle.timer_label, 15, 90)
        width = round(width_of(idle.timer, 17, "Medium") + (width_of(label, 15) + 10 if label else 0))
        left = _MIDDLE - width // 2
        panel(image, (left - 14, 184, left + width + 14, 214), 15, PANEL)
        text(image, (left, 189), idle.timer, 17, AMBER, "Medium")
        if label:
            text(image, (left + width, 191), label, 15, GREY, anchor="right")
    size, lines = fit(idle.hint, (17, 15), INNER, 40)
    y = _BOTTOM - 8 - len(lines) * line_height(size)
    text(image, (_MIDDLE, y), lines, size, DIM, anchor="middle")


def _listening(image: Image.Image, face: Listening) -> None:
    centre = (_MIDDLE, 92)
    for ring in range(face.level, 0, -1):
        disc(image, centre, 24 + 5 * ring, mix(CORAL, BLACK, 0.42 - 0.065 * ring))
    disc(image, centre, 24, CORAL)
    panel(image, (_MIDDLE - 5, 80, _MIDDLE + 5, 97), 5, WHITE)
    arc(image, (_MIDDLE, 93), 10, 2, 90, 180, WHITE)
    panel(image, (_MIDDLE - 1, 102, _MIDDLE + 1, 107), 1, WHITE)
    if face.left_s >= 0:
        text(image, (_MIDDLE, 148), f"{face.left_s} s left", 20, AMBER, "Medium", anchor="middle")
    elif not face.transcript:
        text(image, (_MIDDLE, 152), "Listening", 22, WHITE, "Medium", anchor="middle")
    if face.transcript:
        top = 176 if face.left_s >= 0 else 150
        size, lines = fit(face.transcript, (22, 19, 17), INNER, _BOTTOM - 22 - top, keep_end=True)
        text(image, (_MIDDLE, top), lines, size, WHITE, anchor="middle")
    if face.camera:
        text(image, (_MIDDLE, _BOTTOM - 22), "with a picture", 14, GREY, anchor="middle")


def _thinking(image: Image.Image, face: Thinking) -> None:
    _spinner(image, (_MIDDLE, 88), 24, face.spin, VIOLET)
    text(image, (_MIDDLE, 128), face.label, 15, GREY, anchor="middle")
    size, lines = fit(face.words, (24, 21, 18), INNER, _BOTTOM - 162)
    text(image, (_MIDDLE, 158), lines, size, WHITE, anchor="middle")


def _working(image: Image.Image, face: Working) -> None:
    centre = (_MIDDLE, 104)
    if face.of:
        disc(image, centre, 42, LINE, stroke=5)
        arc(image, centre, 42, 5, 0, round(360 * face.step / face.of), BLUE)
        text(image, (_MIDDLE, 85), str(face.step), 28, WHITE, "Medium", anchor="middle")
        text(image, (_MIDDLE, 116), f"of {face.of}", 13, GREY, anchor="middle")
    else:
        _spinner(image, centre, 32, face.spin, BLUE)
    size, lines = fit(face.text, (24, 21, 18), INNER, _BOTTOM - 172)
    text(image, (_MIDDLE, 166), lines, size, WHITE, anchor="middle")


def _question(image: Image.Image, words: str, height: int) -> int:
    size, lines = fit(words, _QUESTION_SIZES, INNER, height, "Medium")
    return text(image, (MARGIN, _TOP), lines, size, WHITE, "Medium")


def _confirm(image: Image.Image, face: Confirm) -> None:
    top = _BOTTOM - 46
    room = top - 8 - _TOP
    # What is agreed to must be read: rows come first, the sentence gets what they leave.
    asked_size, asked = fit(face.text, _QUESTION_SIZES, INNER, room * 2 // 5, "Medium")
    size, height = _rows_fit(face.rows, room - len(asked) * line_height(asked_size) - 6)
    bottom = _question(image, face.text, room - height - 6)
    _rows(image, face.rows, bottom + 6, top - 6, size)
    middles = ((MARGIN - 4 + _MIDDLE - 4) // 2, (_MIDDLE + 4 + WIDTH - MARGIN + 4) // 2)
    # What a press does, in its own colours; grey until it is taken.
    panel(image, (MARGIN - 4, top, _MIDDLE - 4, top + 42), 12, LINE)
    panel(image, (_MIDDLE + 4, top, WIDTH - MARGIN + 4, top + 42), 12, GREEN if face.ready else LINE)
    no, yes = (WHITE, BLACK) if face.ready else (GREY, GREY)
    text(image, (middles[0], top + 4), "No", 17, no, "Medium", anchor="middle")
    text(image, (middles[0], top + 24), "press once", 12, GREY, anchor="middle")
    text(image, (middles[1], top + 4), "Yes", 17, yes, "Medium", anchor="middle")
    text(image, (middles[1], top + 24), "press twice", 12, yes, anchor="middle")


def _label_of(row: Row) -> str:
    return f"{row.label}, the site says" if row.source == "site" else row.label


def _is_wide(row: Row, size: int) -> bool:
    return width_of(row.value, size, "Medium") + width_of(_label_of(row), 13) + 12 > INNER


def _row_height(row: Row, size: int) -> int:
    if not _is_wide(row, size):
        return line_height(size) + 4
    return 18 + line_height(size) * len(wrap(row.value, size, INNER, "Medium")) + 2


def _rows_fit(rows: tuple[Row, ...], room: int) -> tuple[int, int]:
    """The size of type at which the rows fit, and their height, at most `room`."""
    height = 0
    for size in (17, 15, 13):
        height = sum(_row_height(row, size) for row in rows)
        if height <= room:
            return size, height
    return 13, min(height, room)


def _rows(image: Image.Image, rows: tuple[Row, ...], top: int, bottom: int, size: int = 17) -> None:
    """Label and value; what the site says is marked. As many as there is room for, then dots."""
    y = top
    for row in rows:
        height = _row_height(row, size)
        if y + height > bottom + 6:
            text(image, (_MIDDLE, min(y, bottom - 12) - 4), "…", 15, GREY, anchor="middle")
            return
        colour = AMBER if row.source == "site" else WHITE
        text(image, (MARGIN, y + (size - 12) * 3 // 5), clip(_label_of(row), 13, INNER), 13, GREY)
        if _is_wide(row, size):
            text(image, (MARGIN, y + 18), wrap(row.value, size, INNER, "Medium"), size, colour, "Medium")
        else:
            text(image, (WIDTH - MARGIN, y), row.value, size, colour, "Medium", anchor="right")
        y += height


def _choice(image: Image.Image, face: Choice) -> None:
    bottom = _question(image, face.text, 78)
    lines = [choice.label for choice in face.choices]
    _list(image, [(line, "") for line in lines], face.chosen, bottom + 6, _BOTTOM - 22, lit=face.ready)
    text(image, (_MIDDLE, _BOTTOM - 16), "press: next    twice: this one", 13, GREY, anchor="middle")


def _list(
    image: Image.Image, lines: list[tuple[str, str]], at: int, top: int, bottom: int, *, lit: bool = True
) -> None:
    """Lines of which one is chosen; a window of them when there are too many."""
    height = 32
    shown = max(1, (bottom - top) // height)
    first = min(max(0, at - shown // 2), max(0, len(lines) - shown))
    y = top
    for index, (label, value) in enumerate(lines[first : first + shown], first):
        chosen = index == at
        if chosen:
            panel(image, (MARGIN - 6, y, WIDTH - MARGIN + 6, y + height - 2), 10, AMBER if lit else LINE)
        ink = BLACK if chosen and lit else (WHITE if chosen else GREY)
        room = INNER - round(width_of(value, 15)) - 12 if value else INNER - 8
        weight: Weight = "Medium" if chosen else "Regular"
        text(image, (MARGIN + 4, y + 5), clip(label, 17, max(60, room), weight), 17, ink, weight)
        if value:
            value = clip(value, 15, INNER - 80)
            text(image, (WIDTH - MARGIN - 4, y + 6), value, 15, ink if chosen else DIM, anchor="right")
        y += height
    if shown < len(lines):
        # Where in the list this is.
        length = shown * height
        at_top = top + length * first // len(lines)
        panel(image, (WIDTH - 7, top, WIDTH - 4, top + length), 1, PANEL)
        panel(image, (WIDTH - 7, at_top, WIDTH - 4, at_top + max(8, length * shown // len(lines))), 1, GREY)


def _slot(image: Image.Image, face: Slot) -> None:
    size, lines = fit(face.text, (26, 22, 19), INNER, 130, "Medium")
    text(image, (_MIDDLE, 64), lines, size, WHITE, "Medium", anchor="middle")
    panel(image, (MARGIN, _BOTTOM - 46, WIDTH - MARGIN, _BOTTOM - 4), 14, PANEL)
    text(image, (_MIDDLE, _BOTTOM - 37), "Hold and say it", 18, AMBER, "Medium", anchor="middle")


def _page(image: Image.Image, page: Page) -> None:
    if not page.title and not page.rows:
        size, lines = fit(page.body, (30, 26, 22, 19, 16), INNER, _BOTTOM - 30 - _TOP)
        height = len(lines) * line_height(size)
        text(image, (_MIDDLE, _TOP + (_BOTTOM - 30 - _TOP - height) // 2), lines, size, WHITE, anchor="middle")
    else:
        _card(image, page)
    _marks(image, page)


def _card(image: Image.Image, page: Page) -> None:
    y = _TOP + 4
    if page.title:
        size, lines = fit(page.title, (38, 32, 26, 22, 19), INNER, 66, "Medium")
        y = text(image, (MARGIN, y), lines, size, WHITE, "Medium") + 8
    room = _BOTTOM - 20 - y
    rows_size, height = _rows_fit(page.rows, room // 2 if page.body else room)
    if page.body and page.body != page.title:
        size, lines = fit(page.body, (22, 19, 17, 15), INNER, room - height)
        y = text(image, (MARGIN, y), lines, size, mix(WHITE, BLACK, 0.88)) + 8
    _rows(image, page.rows, y, _BOTTOM - 20, rows_size)


def _marks(image: Image.Image, page: Page) -> None:
    """Which card this is, and whether it is being read aloud."""
    if page.of > 1:
        first = _MIDDLE - (page.of - 1) * 6
        for index in range(page.of):
            disc(image, (first + 12 * index, _BOTTOM - 6), 3, WHITE if index == page.at else LINE)
    if page.speaking:
        for index, height in enumerate((6, 12, 8)):
            x = WIDTH - MARGIN - 14 + 6 * index
            panel(image, (x, _BOTTOM - 6 - height // 2, x + 3, _BOTTOM - 6 + height // 2), 1, GREEN)


def _bell(image: Image.Image, face: Bell) -> None:
    centre = (_MIDDLE, 106)
    disc(image, centre, 52 if face.beat else 46, mix(AMBER, BLACK, 0.25))
    disc(image, centre, 36, AMBER)
    panel(image, (_MIDDLE - 2, 84, _MIDDLE + 2, 108), 2, BLACK)
    panel(image, (_MIDDLE - 2, 104, _MIDDLE + 16, 108), 2, BLACK)
    size, lines = fit(face.label or "Time is up", (28, 24, 20), INNER, 66, "Medium")
    text(image, (_MIDDLE, 174), lines, size, WHITE, "Medium", anchor="middle")
    text(image, (_MIDDLE, _BOTTOM - 20), "press to stop", 15, GREY, anchor="middle")


def _trouble(image: Image.Image, face: Trouble) -> None:
    colour = _TONES[face.tone]
    centre = (_MIDDLE, 88)
    disc(image, centre, 30, mix(colour, BLACK, 0.22))
    disc(image, centre, 30, colour, stroke=3)
    panel(image, (_MIDDLE - 2, 72, _MIDDLE + 2, 94), 2, colour)
    disc(image, (_MIDDLE, 102), 3, colour)
    size, lines = fit(face.sentence, (22, 20, 18, 16), INNER, _BOTTOM - 140)
    text(image, (_MIDDLE, 136), lines, size, WHITE, anchor="middle")


def _menu(image: Image.Image, face: MenuFace) -> None:
    text(image, (MARGIN, _TOP - 2), "Menu", 22, WHITE, "Medium")
    _list(image, [(line.label, line.value) for line in face.lines], face.at, _TOP + 34, _BOTTOM - 24)
    text(image, (_MIDDLE, _BOTTOM - 18), "press: next    hold: choose", 13, GREY, anchor="middle")
