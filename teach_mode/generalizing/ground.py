"""What a skill is built on: demonstrations in columns, what was found in them, and what the person decided. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct

from teach_mode.demonstration import Demonstration
from teach_mode.generalizing.beats import Column
from teach_mode.generalizing.finding import Found
from teach_mode.generalizing.parameters import Known
from teach_mode.generalizing.rounds import Round
from teach_mode.generalizing.weaving import Piece, pieces_first
from teach_mode.skill import Step
from teach_mode.verbatim import steps_of

_ID = re.compile(r"[a-z][a-z0-9_-]*")


class Marks(Struct, frozen=True, kw_only=True):
    """What the person decided about steps, by their ids: whether they are irreversible, whether optional,
    whether what they upload is taken anew."""

    irreversible: dict[str, bool] = {}
    optional: dict[str, bool] = {}
    photo: dict[str, bool] = {}


class Ground(Struct, frozen=True, kw_only=True, dict=True):
    """What a skill is built on. `about` is its sentence with places for the values."""

    demonstrations: tuple[Demonstration, ...]
    columns: tuple[Column, ...]
    found: tuple[Found, ...]
    known: tuple[Known, ...]
    about: str
    marks: Marks = Marks()

    @cached_property
    def plain(self) -> tuple[dict[str, Step], ...]:
        """The steps of each demonstration word for word, by their ids."""
        return tuple({step.id: step for step in steps_of(one)} for one in self.demonstrations)

    def at(self, column: int) -> tuple[Known, ...]:
        """The parameters on which a column depends."""
        return tuple(one for one in self.known if any(place.column == column for place in one.places))

    def items(self, column: int, number: int) -> tuple[Piece, ...]:
        """How the page writes what the rounds of a column go over, in the first of them."""
        made = self.columns[column].round
        if made is None:
            return ()
        if made.rows is not None:
            return (Piece(made.values[0], "{item}"),)
        known = self.listed(made)
        values = known.values[number] if known is not None else None
        return known.pieces(number, values[0]) if known is not None and isinstance(values, tuple) and values else ()

    def listed(self, made: Round) -> Known | None:
        """The parameter whose values rounds go over."""
        listed = (one for one in self.known if any(found.rounds for found in one.found))
        return next((one for one in listed if self.columns[one.places[0].column].round == made), None)

    def pieces(self, number: int, own: Sequence[Known] = ()) -> tuple[Piece, ...]:
        """How values are written in one demonstration; what counts only as a whole text is a column's `own`."""
        named = {one.name for one in own}
        return pieces_first(
            piece
            for one in (*own, *(other for other in self.known if other.name not in named))
            for piece in one.pieces(number)
            if one.name in named or not piece.whole
        )


def step_ids(columns: Sequence[Column]) -> list[str]:
    """An id for each column: that of the first step shown, made unique."""
    ids: list[str] = []
    for column in columns:
        wanted = column.base[1].first.id
        wanted = wanted if _ID.fullmatch(wanted) else f"step-{re.sub(r'[^a-z0-9_-]', '', wanted.lower())}"
        made, number = wanted, 2
        while made in ids:
            made, number = f"{wanted}-{number}", number + 1
        ids.append(made)
    return ids
