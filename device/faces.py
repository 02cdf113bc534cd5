"""The faces of the device, drawn with Pillow at 240 x 280."""

from __future__ import annotations

import math
from typing import Final

from PIL import Image

from device import questions
from device.cards import BOTTOM, TOP, draw_pieces, leaves_of
from device.drawing import (
    AMBER,
    BLACK,
    BLUE,
    CORAL,
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
    Canvas,
    Colour,
    clip,
    fit,
    line_height,
    mix,
    on_one_line,
    width_of,
)
from device.view import (
    SPIN_STEPS,
    Aim,
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
    Unseen,
    Working,
)
from device.words import Words, words_of
from wire.outcomes import Tone

_MIDDLE: Final = WIDTH // 2
_BOTTOM: Final = HEIGHT - 14
_TONES: dict[Tone, Colour] = {
    Tone.NONE: GREY,
    Tone.GOOD: GREEN,
    Tone.SOFT: AMBER,
    Tone.ERROR: CORAL,
    Tone.ALERT: AMBER,
}


def draw(face: Face) -> Image.Image:
    """The picture of a face."""
    return drawn_on(Canvas(rtl=words_of(face.language).rtl, large=face.large), face).image


def drawn_on(canvas: Canvas, face: Face) -> Canvas:
    """The same on a canvas."""
    words = words_of(face.language)
    body = face.body
    match body:
        case Idle():
            _idle(canvas, body)
        case Listening():
            _listening(canvas, body, words)
        case Thinking():
            _thinking(canvas, body)
        case Working():
            _working(canvas, body, words)
        case Confirm():
            questions.confirm(canvas, body, words)
        case Choice():
            questions.choice(canvas, body, words)
        case Slot():
            questions.slot(canvas, body, words)
        case Page():
            _page(canvas, body, words)
        case Bell():
            _bell(canvas, body, words)
        case Unseen():
            _unseen(canvas, body)
        case Trouble():
            _trouble(canvas, body)
        case Aim():
            _aim(canvas, body)
        case MenuFace():
            questions.menu(canvas, body, words)
        case Dark():
            canvas.image.paste((0, 0, 0), (0, 0, WIDTH, HEIGHT))
            return canvas
    left_s = body.left_s if isinstance(body, Confirm | Choice | Slot) else -1
    _status(canvas, face.status, left_s, words)
    return canvas


def light_of(face: Face) -> Colour:
    """The colour of the light beside the screen."""
    match face.body:
        case Listening():
            return CORAL
        case Thinking() | Working():
            return mix(BLUE, (0, 0, 0), 0.5)
        case Confirm() | Choice() | Slot() | Bell() | Unseen():
            return AMBER
        case Trouble(tone=Tone.ERROR):
            # Deeper than the light of an open microphone, so that the two are not taken for one another.
            return (150, 0, 0)
        case Trouble(tone=tone):
            return _TONES[tone]
        case Dark(unseen=True):
            return mix(AMBER, BLACK, 0.3)
        case Page(speaking=True):
            return mix(GREEN, (0, 0, 0), 0.5)
        case _:
            return (0, 0, 0)


def _status(canvas: Canvas, status: Status, left_s: int, words: Words) -> None:
    """The line at the top; while a question is open its countdown stands where the clock was."""
    y = 14
    size = 16 if canvas.large else 14
    canvas.disc((MARGIN + 8, y + 8), 4, GREEN if status.online else CORAL)
    right = WIDTH - MARGIN - 4
    if status.battery >= 0:
        colour = GREEN if status.charging else (CORAL if status.battery <= 15 else GREY)
        canvas.panel((right - 22, y + 3, right - 2, y + 14), 3, colour, stroke=1)
        filled = max(2, round(16 * status.battery / 100))
        canvas.panel((right - 20, y + 5, right - 20 + filled, y + 12), 1, colour)
        canvas.panel((right - 2, y + 6, right, y + 11), 1, colour)
        right -= 28
    told, colour = (words("status.seconds", left=left_s), AMBER) if left_s >= 0 else (status.clock, GREY)
    canvas.text((right, y), told, size, colour, "Medium" if left_s >= 0 else "Regular", anchor="right")
    right -= round(width_of(told, size, "Medium")) + 8 if told else 0
    at, of = canvas.leaf
    if of > 1:
        canvas.text((right, y), f"{at + 1}/{of}", size, WHITE, "Medium", anchor="right")
        right -= round(width_of(f"{at + 1}/{of}", size, "Medium")) + 8
    left = MARGIN + 18
    if status.online and not status.tasks and not status.waiting:
        return
    if status.waiting:
        doing = words("status.waiting" if status.online else "status.offline_waiting", count=status.waiting)
    else:
        doing = words("status.running", count=status.tasks) if status.online else words("status.offline")
    canvas.text((left, y), on_one_line(doing, (size, 13), right - left)[1], size, GREY)


def _spinner(canvas: Canvas, centre: tuple[int, int], radius: int, spin: int, colour: Colour) -> None:
    for at in range(SPIN_STEPS):
        age = (spin - at) % SPIN_STEPS
        shade = mix(colour, BLACK, max(0.12, 1 - age / (SPIN_STEPS - 2)))
        angle = 2 * math.pi * at / SPIN_STEPS - math.pi / 2
        x = centre[0] + round(radius * math.cos(angle))
        y = centre[1] + round(radius * math.sin(angle))
        canvas.disc((x, y), 3, shade)


def _idle(canvas: Canvas, idle: Idle) -> None:
    canvas.text((_MIDDLE, 50), idle.clock, 76, WHITE, "Light", anchor="middle")
    size, date = on_one_line(idle.date, (*canvas.pt(17, 15), 17, 15), INNER)
    canvas.text((_MIDDLE, 138), date, size, GREY, anchor="middle")
    if idle.timer:
        _timer(canvas, idle)
    height = 2 * line_height(canvas.pt(15)[0]) + 2
    size, lines = canvas.turned(idle.hint, (17, 15), INNER, height, idle.leaf)
    y = _BOTTOM - 6 - len(lines) * line_height(size)
    canvas.text((_MIDDLE, y), lines, size, GREY, anchor="middle")


def _timer(canvas: Canvas, idle: Idle) -> None:
    time_size, label_size = canvas.pt(17, 15)
    time_width = width_of(idle.timer, time_size, "Medium")
    label = clip(idle.timer_label, label_size, INNER - 40 - round(time_width))
    width = round(time_width + (width_of(label, label_size) + 10 if label else 0))
    left = _MIDDLE - width // 2
    height = line_height(time_size) + 9
    canvas.panel((left - 14, 170, left + width + 14, 170 + height), height // 2, PANEL)
    canvas.text((left, 174), idle.timer, time_size, AMBER, "Medium")
    if label:
        canvas.text((left + width, 176), label, label_size, GREY, anchor="right")


def _listening(canvas: Canvas, face: Listening, words: Words) -> None:
    centre = (_MIDDLE, 92)
    for ring in range(face.level, 0, -1):
        canvas.disc(centre, 24 + 5 * ring, mix(CORAL, BLACK, 0.42 - 0.065 * ring))
    canvas.disc(centre, 24, CORAL)
    canvas.panel((_MIDDLE - 5, 80, _MIDDLE + 5, 97), 5, WHITE)
    canvas.arc((_MIDDLE, 93), 10, 2, 90, 180, WHITE)
    canvas.panel((_MIDDLE - 1, 102, _MIDDLE + 1, 107), 1, WHITE)
    bottom = _BOTTOM - 4
    if face.camera:
        (size,) = canvas.pt(14)
        bottom -= line_height(size)
        canvas.text((_MIDDLE, bottom), words("listening.picture"), size, GREY, anchor="middle")
    top = 148
    if face.left_s >= 0:
        (size,) = canvas.pt(20)
        left = words("listening.left", left=face.left_s)
        top = canvas.text((_MIDDLE, 144), left, size, AMBER, "Medium", anchor="middle") + 2
    elif not face.transcript:
        (size,) = canvas.pt(22)
        canvas.text((_MIDDLE, 152), words("listening.listening"), size, WHITE, "Medium", anchor="middle")
    if face.transcript:
        size, lines = fit(face.transcript, canvas.pt(22, 19, 17), INNER, bottom - top, keep_end=True)
        canvas.text((_MIDDLE, top), lines, size, WHITE, anchor="middle")


def _thinking(canvas: Canvas, face: Thinking) -> None:
    _spinner(canvas, (_MIDDLE, 84), 24, face.spin, VIOLET)
    size, label = on_one_line(face.label, canvas.pt(15, 13), INNER)
    bottom = canvas.text((_MIDDLE, 122), label, size, GREY, anchor="middle") + 6
    size, lines = canvas.turned(face.words, (24, 21, 18), INNER, _BOTTOM - bottom - 4, face.leaf)
    canvas.text((_MIDDLE, bottom), lines, size, WHITE, anchor="middle")


def _working(canvas: Canvas, face: Working, words: Words) -> None:
    centre = (_MIDDLE, 100)
    if face.of:
        canvas.disc(centre, 42, LINE, stroke=5)
        canvas.arc(centre, 42, 5, 0, round(360 * face.step / face.of), BLUE)
        canvas.text((_MIDDLE, 79), str(face.step), 28, WHITE, "Medium", anchor="middle")
        size, of = on_one_line(words("thinking.of", of=face.of), (15, 13) if canvas.large else (13,), 64)
        canvas.text((_MIDDLE, 111), of, size, GREY, anchor="middle")
    else:
        _spinner(canvas, centre, 32, face.spin, BLUE)
    size, lines = canvas.turned(face.text, (24, 21, 18), INNER, _BOTTOM - 164, face.leaf)
    canvas.text((_MIDDLE, 158), lines, size, WHITE, anchor="middle")


def _page(canvas: Canvas, page: Page, words: Words) -> None:
    hinted = page.hints != ("", "")
    if page.said:
        room = BOTTOM - TOP
        size, lines = canvas.turned(page.body, (30, 26, 22, 19, 17), INNER, room, page.leaf)
        height = len(lines) * line_height(size)
        canvas.text((_MIDDLE, TOP + (room - height) // 2), lines, size, WHITE, anchor="middle")
    else:
        leaves = leaves_of(page.title, page.body, page.rows, words=words, large=canvas.large, hints=hinted)
        draw_pieces(canvas, canvas.leaf_of(leaves, page.leaf), TOP)
    if hinted:
        questions.hints(canvas, *page.hints)
    else:
        _marks(canvas, page)


def _marks(canvas: Canvas, page: Page) -> None:
    """Which card this is, and whether it is being read aloud."""
    if page.of > 1:
        first = _MIDDLE - (page.of - 1) * 6
        for index in range(page.of):
            canvas.disc((first + 12 * index, _BOTTOM - 6), 3, WHITE if index == page.at else LINE)
    if page.speaking:
        for index, height in enumerate((6, 12, 8)):
            x = WIDTH - MARGIN - 14 + 6 * index
            canvas.panel((x, _BOTTOM - 6 - height // 2, x + 3, _BOTTOM - 6 + height // 2), 1, GREEN)


def _bell(canvas: Canvas, face: Bell, words: Words) -> None:
    centre = (_MIDDLE, 102)
    canvas.disc(centre, 52 if face.beat else 46, mix(AMBER, BLACK, 0.25))
    canvas.disc(centre, 36, AMBER)
    canvas.panel((_MIDDLE - 2, 80, _MIDDLE + 2, 104), 2, BLACK)
    # Also where one reads from right to left, clocks go clockwise.
    hand = (_MIDDLE - 16, _MIDDLE + 2) if canvas.rtl else (_MIDDLE - 2, _MIDDLE + 16)
    canvas.panel((hand[0], 100, hand[1], 104), 2, BLACK)
    size, lines = canvas.turned(face.label or words("bell.up"), (28, 24, 20), INNER, 74, face.leaf, "Medium")
    canvas.text((_MIDDLE, 164), lines, size, WHITE, "Medium", anchor="middle")
    (size,) = canvas.pt(15)
    canvas.text((_MIDDLE, _BOTTOM - 4 - line_height(size)), words("bell.stop"), size, GREY, anchor="middle")


def _unseen(canvas: Canvas, face: Unseen) -> None:
    centre = (_MIDDLE, 78)
    canvas.disc(centre, 32, mix(AMBER, BLACK, 0.22))
    canvas.disc(centre, 32, AMBER, stroke=3)
    canvas.panel((_MIDDLE - 2, 60, _MIDDLE + 2, 80), 2, AMBER)
    hand = (_MIDDLE - 14, _MIDDLE + 2) if canvas.rtl else (_MIDDLE - 2, _MIDDLE + 14)
    canvas.panel((hand[0], 76, hand[1], 80), 2, AMBER)
    (size,) = canvas.pt(15)
    bottom = _BOTTOM - 4 - line_height(size)
    hint = f"{face.hint} (+{face.more})" if face.more else face.hint
    canvas.text((_MIDDLE, bottom), hint, size, GREY, anchor="middle")
    size, lines = canvas.turned(face.sentence, (22, 20, 18, 16), INNER, bottom - 126, face.leaf)
    canvas.text((_MIDDLE, 120), lines, size, WHITE, anchor="middle")


# Where what the camera sees is put: its left and top edge, and its size.
VIEW_AT: Final = (0, 40)
VIEW: Final = (WIDTH, 180)


def _aim(canvas: Canvas, face: Aim) -> None:
    size, starting = on_one_line(face.starting, canvas.pt(16, 14), INNER)
    canvas.text((_MIDDLE, VIEW_AT[1] + VIEW[1] // 2 - size), starting, size, GREY, anchor="middle")
    y = VIEW_AT[1] + VIEW[1] + 3
    for hint in face.hints:
        size, line = on_one_line(hint, (15, 14, 13), INNER - 24)
        canvas.text((_MIDDLE, y), line, size, GREY, anchor="middle")
        y += line_height(size)


def _trouble(canvas: Canvas, face: Trouble) -> None:
    colour = _TONES[face.tone]
    centre = (_MIDDLE, 76)
    canvas.disc(centre, 30, mix(colour, BLACK, 0.22))
    canvas.disc(centre, 30, colour, stroke=3)
    canvas.panel((_MIDDLE - 2, 60, _MIDDLE + 2, 82), 2, colour)
    canvas.disc((_MIDDLE, 90), 3, colour)
    size, lines = canvas.turned(face.sentence, (22, 20, 18, 16), INNER, _BOTTOM - 122, face.leaf)
    canvas.text((_MIDDLE, 116), lines, size, WHITE, anchor="middle")
