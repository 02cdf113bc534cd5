"""Cards: a title, words and rows, laid out on as many leaves as they need, so that nothing is cut off. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec import Struct

from device.drawing import (
    AMBER,
    BLACK,
    GREY,
    HEIGHT,
    INNER,
    MARGIN,
    WHITE,
    WIDTH,
    Canvas,
    Colour,
    Weight,
    line_height,
    mix,
    width_of,
    wrap,
)
from device.settings import Settings
from device.words import Words, words_of
from wire.messages import Card
from wire.parts import Row

TOP: Final = 44
BOTTOM: Final = HEIGHT - 34
_TITLES: Final = (38, 32, 26, 22, 19)
_TITLE_LINES: Final = 2
# Sizes of words and rows, from what is best read to what is still read well.
_SIZES: Final = ((22, 17), (19, 17), (17, 15))
# The same for a question, and the room above its answers.
_ASKED: Final = ((22, 17), (20, 17), (18, 15), (16, 15), (16, 14), (15, 13))
_ASKED_ROOM: Final = 176
_LABEL: Final = 13
_BODY: Final = mix(WHITE, BLACK, 0.88)


class Piece(Struct, frozen=True):
    """One line of a leaf: words at its beginning and perhaps others at its end. `keep`: not the last of a leaf."""

    text: str
    size: int
    height: int
    colour: Colour = WHITE
    weight: Weight = "Regular"
    value: str = ""
    value_size: int = 0
    value_colour: Colour = WHITE
    keep: bool = False


Leaf = tuple[Piece, ...]


def count(card: Card, settings: Settings, *, hints: bool = False) -> int:
    """How many leaves a card has for this person. `hints`: a line of hints stands below it."""
    words = words_of(settings.language)
    large = settings.text == "large"
    return len(leaves_of(card.title, card.body, card.rows, words=words, large=large, hints=hints))


def leaves_of(
    title: str, body: str, rows: tuple[Row, ...], *, words: Words, large: bool, hints: bool = False
) -> list[Leaf]:
    """The leaves of a card; one, if it fits at any size that is still read well. `hints`: it is one of the menu's."""
    return list(_leaves_of(title, body, rows, words, large, hints))


@lru_cache(maxsize=16)
def _leaves_of(
    title: str, body: str, rows: tuple[Row, ...], words: Words, large: bool, hints: bool
) -> tuple[Leaf, ...]:
    canvas = Canvas(large=large)
    room = BOTTOM - TOP - (6 if hints else 0)
    body = "" if body == title else body
    rest: list[Piece] = []
    for sizes in _SIZES[: 2 if large else 3]:
        body_size, row_size = canvas.pt(*sizes)
        told = (_words(body, body_size), row_pieces(rows, row_size, canvas, words))
        # Of the menu's cards the facts are wanted; on others the words come first.
        rest = [*told[1], *told[0]] if hints else [*told[0], *told[1]]
        pieces = [*_title(title, canvas, _TITLES), *rest]
        if sum(piece.height for piece in pieces) <= room:
            return (tuple(pieces),)
    return tuple(paginated([*_title(title, canvas, _TITLES[2:]), *rest], room))


def asked_count(text: str, rows: tuple[Row, ...], settings: Settings) -> int:
    """How many leaves a question has for this person."""
    return len(asked_leaves(text, rows, words=words_of(settings.language), large=settings.text == "large"))


def asked_leaves(text: str, rows: tuple[Row, ...], *, words: Words, large: bool) -> list[Leaf]:
    """The leaves of what is agreed to, above the two answers."""
    return list(_asked_leaves(text, rows, words, large))


@lru_cache(maxsize=8)
def _asked_leaves(text: str, rows: tuple[Row, ...], words: Words, large: bool) -> tuple[Leaf, ...]:
    canvas = Canvas(large=large)
    pieces: list[Piece] = []
    for sizes in _ASKED[: 4 if large else 6]:
        size, row_size = canvas.pt(*sizes)
        lines = wrap(text, size, INNER, "Medium")
        asked = [Piece(line, size, line_height(size), weight="Medium") for line in lines]
        if asked and rows:
            asked[-1] = Piece(lines[-1], size, line_height(size) + 6, weight="Medium")
        pieces = [*asked, *row_pieces(rows, row_size, canvas, words)]
        if sum(piece.height for piece in pieces) <= _ASKED_ROOM:
            return (tuple(pieces),)
    return tuple(paginated(pieces, _ASKED_ROOM))


def _title(title: str, canvas: Canvas, sizes: tuple[int, ...]) -> list[Piece]:
    if not title:
        return []
    lines: list[str] = []
    size = sizes[-1]
    for size in canvas.pt(*sizes):
        lines = wrap(title, size, INNER, "Medium")
        if len(lines) <= _TITLE_LINES and all(word in " ".join(lines) for word in title.split()):
            break
    return _gap([Piece(line, size, line_height(size), weight="Medium", keep=True) for line in lines])


def _words(body: str, size: int) -> list[Piece]:
    return _gap([Piece(line, size, line_height(size), _BODY) for line in wrap(body, size, INNER)]) if body else []


def _gap(pieces: list[Piece]) -> list[Piece]:
    *most, last = pieces
    space = Piece(last.text, last.size, last.height + 8, last.colour, last.weight, keep=last.keep)
    return [*most, space]


def row_pieces(rows: tuple[Row, ...], size: int, canvas: Canvas, words: Words) -> list[Piece]:
    """Label and value, side by side or one below the other; what the site says is marked."""
    (label_size,) = canvas.pt(_LABEL)
    pieces: list[Piece] = []
    for row in rows:
        site = row.source == "site"
        label = words("ask.site", label=row.label) if site else row.label
        colour = AMBER if site else WHITE
        if width_of(label, label_size) + width_of(row.value, size, "Medium") + 12 <= INNER:
            height = line_height(size) + 4
            pieces.append(Piece(label, label_size, height, GREY, value=row.value, value_size=size, value_colour=colour))
            continue
        pieces += [
            Piece(line, label_size, line_height(label_size) + 1, GREY, keep=True)
            for line in wrap(label, label_size, INNER)
        ]
        lines = wrap(row.value, size, INNER, "Medium")
        pieces += [Piece(line, size, line_height(size), colour, "Medium", keep=True) for line in lines[:-1]]
        pieces += [Piece(line, size, line_height(size) + 4, colour, "Medium") for line in lines[-1:]]
    return pieces


def paginated(pieces: list[Piece], room: int) -> list[Leaf]:
    """As many pieces a leaf as fit into `room` pixels; a label goes with what it labels."""
    leaves: list[Leaf] = []
    leaf: list[Piece] = []
    for piece in pieces:
        if leaf and sum(one.height for one in leaf) + piece.height > room:
            carried: list[Piece] = []
            while len(leaf) > 1 and leaf[-1].keep and sum(one.height for one in carried) < room // 2:
                carried.insert(0, leaf.pop())
            leaves.append(tuple(leaf))
            leaf = carried
        leaf.append(piece)
    return [*leaves, tuple(leaf)]


def draw_pieces(canvas: Canvas, leaf: Leaf, top: int) -> int:
    """Put a leaf's pieces on the canvas, from `top` downwards; returns the bottom."""
    y = top
    for piece in leaf:
        down = max(0, (piece.value_size - piece.size) * 4 // 5)
        canvas.text((MARGIN, y + down), piece.text, piece.size, piece.colour, piece.weight)
        if piece.value:
            at = (WIDTH - MARGIN, y)
            canvas.text(at, piece.value, piece.value_size, piece.value_colour, "Medium", anchor="right")
        y += piece.height
    return y
