"""The faces that ask: yes or no, one of several, something to be said; and the menu's list."""

from __future__ import annotations

from typing import Final

from device.cards import asked_leaves, draw_pieces
from device.drawing import (
    AMBER,
    BLACK,
    GREEN,
    GREY,
    HEIGHT,
    INNER,
    LINE,
    MARGIN,
    PANEL,
    WHITE,
    WIDTH,
    Canvas,
    Weight,
    line_height,
    on_one_line,
    width_of,
    wrap,
)
from device.view import Choice, Confirm, MenuFace, Slot
from device.words import Words

_MIDDLE: Final = WIDTH // 2
_TOP: Final = 40
_BOTTOM: Final = HEIGHT - 14


def confirm(canvas: Canvas, face: Confirm, words: Words) -> None:
    """Yes or no; what is agreed to can be read, leaf by leaf if it must be."""
    top = _BOTTOM - 46
    leaves = asked_leaves(face.text, face.rows, words=words, large=canvas.large)
    draw_pieces(canvas, canvas.leaf_of(leaves, face.leaf), _TOP)
    # What a press does, in its own colours; grey until it is taken.
    agrees = face.ready and face.whole
    no, yes = (WHITE if face.ready else GREY, BLACK if agrees else GREY)
    canvas.panel((MARGIN - 4, top, _MIDDLE - 4, top + 42), 12, LINE)
    canvas.panel((_MIDDLE + 4, top, WIDTH - MARGIN + 4, top + 42), 12, GREEN if agrees else LINE)
    sides = ((MARGIN - 4 + _MIDDLE - 4) // 2, (_MIDDLE + 4 + WIDTH - MARGIN + 4) // 2)
    for x, answer, how, ink in ((sides[0], "no", "once", no), (sides[1], "yes", "twice", yes)):
        canvas.text((x, top + 2), words(f"ask.{answer}"), 18, ink, "Medium", anchor="middle")
        size, line = on_one_line(words(f"ask.{how}"), (15, 14, 13) if canvas.large else (13,), 96)
        light = WHITE if face.ready and answer == "no" else ink
        canvas.text((x, top + 23), line, size, light, anchor="middle")


def choice(canvas: Canvas, face: Choice, words: Words) -> None:
    """One of several."""
    size, lines = canvas.turned(face.text, (22, 20, 18), INNER, 78, face.leaf, "Medium")
    bottom = canvas.text((MARGIN, _TOP), lines, size, WHITE, "Medium")
    labels = [(one.label, "") for one in face.choices]
    choose_from(canvas, labels, face.chosen, (bottom + 6, _BOTTOM - 22), face.leaf, lit=face.ready)
    hints(canvas, words("ask.next"), words("ask.this"))


def hints(canvas: Canvas, first: str, second: str) -> None:
    """What a press does, at the bottom: one at each side, away from the round corners."""
    sizes = (15, 14, 13) if canvas.large else (13,)
    room = INNER - 12 - 14
    size = next((size for size in sizes if width_of(first, size) + width_of(second, size) <= room), 13)
    canvas.text((MARGIN + 6, _BOTTOM - 18), first, size, GREY)
    canvas.text((WIDTH - MARGIN - 6, _BOTTOM - 18), second, size, GREY, anchor="right")


def choose_from(
    canvas: Canvas, lines: list[tuple[str, str]], at: int, between: tuple[int, int], leaf: int, *, lit: bool = True
) -> None:
    """Lines of which one is chosen; a window of them if they are too many. The chosen one is read whole, in turns."""
    top, bottom = between
    (size, value_size) = (20, 17) if canvas.large else (17, 15)
    height = line_height(size) + 11
    shown = max(1, (bottom - top) // height)
    first = min(max(0, at - shown // 2), max(0, len(lines) - shown))
    y = top
    for index, (label, value) in enumerate(lines[first : first + shown], first):
        chosen = index == at
        if chosen:
            canvas.panel((MARGIN - 6, y, WIDTH - MARGIN + 6, y + height - 2), 10, AMBER if lit else LINE)
        ink = BLACK if chosen and lit else (WHITE if chosen else GREY)
        weight: Weight = "Medium" if chosen else "Regular"
        room = INNER - 8
        label_least = min(room // 2, round(width_of(label, size, weight)) + 1)
        value_room = min(round(width_of(value, value_size)) + 1, room - 10 - label_least)
        label_room = room - (value_room + 10 if value else 0)
        label = _turned(label, size, label_room, weight, leaf if chosen else 0)
        canvas.text((MARGIN + 4, y + 4), label, size, ink, weight)
        if value:
            value = _turned(value, value_size, value_room, "Regular", leaf if chosen else 0)
            canvas.text((WIDTH - MARGIN - 4, y + 5), value, value_size, ink, anchor="right")
        y += height
    if shown < len(lines):
        # Where in the list this is.
        length = shown * height
        at_top = top + length * first // len(lines)
        canvas.panel((WIDTH - 7, top, WIDTH - 4, top + length), 1, PANEL)
        canvas.panel((WIDTH - 7, at_top, WIDTH - 4, at_top + max(8, length * shown // len(lines))), 1, GREY)


def _turned(text: str, size: int, width: int, weight: Weight, leaf: int) -> str:
    """So much of the text as fits on the line, at this turn; dots tell of the rest."""
    text = " ".join(text.split())
    if width_of(text, size, weight) <= width:
        return text
    pieces = wrap(text, size, max(1, width - round(width_of("……", size, weight))), weight)
    at = leaf % len(pieces)
    return ("…" if at else "") + pieces[at] + ("…" if at < len(pieces) - 1 else "")


def slot(canvas: Canvas, face: Slot, words: Words) -> None:
    """Something must be said."""
    size, lines = canvas.turned(face.text, (26, 22, 19), INNER, 140, face.leaf, "Medium")
    canvas.text((_MIDDLE, 60), lines, size, WHITE, "Medium", anchor="middle")
    canvas.panel((MARGIN, _BOTTOM - 46, WIDTH - MARGIN, _BOTTOM - 4), 14, PANEL)
    size, line = on_one_line(words("ask.say"), (*canvas.pt(18), 18, 15), INNER - 16, "Medium")
    canvas.text((_MIDDLE, _BOTTOM - 36), line, size, AMBER, "Medium", anchor="middle")


def menu(canvas: Canvas, face: MenuFace, words: Words) -> None:
    """The menu's lines."""
    size, line = on_one_line(face.title, canvas.pt(22, 18), INNER, "Medium")
    bottom = canvas.text((MARGIN, _TOP - 4), line, size, WHITE, "Medium")
    lines = [(line.label, line.value) for line in face.lines]
    if face.turning:
        label, value = lines[face.at]
        lines[face.at] = (label, f"‹ {value} ›")
    choose_from(canvas, lines, face.at, (bottom + 4, _BOTTOM - 24), face.leaf)
    hints(canvas, words("menu.next"), words("menu.choose"))
