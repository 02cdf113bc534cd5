"""What a format of another tool is to the rest: a name, a way in, a way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from language.entities import Value
from teach_mode.formats.reports import Exported, Imported
from teach_mode.formats.source import Source
from teach_mode.skill import Skill


class Format(Struct, frozen=True, kw_only=True):
    """A format. `tool` is what it is called in words, `suffix` that of its files (".json").

    `recognises` tells whether a file is one, from a look at it: it may raise ImportRefused, which counts as a no.
    `read` makes a skill of each test of a file, which it checks through; `base` is the site's address where the file
    names none. It raises ImportRefused. `write` makes a file of a skill and the values it is to run with, which are
    complete; it raises ExportRefused. Both leave nothing out without a note.
    """

    name: str
    tool: str
    suffix: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source, str], tuple[Imported, ...]]
    write: Callable[[Skill, Mapping[str, Value]], Exported] | None = None
    # What of a skill its files hold, for each of `holding.FEATURES`: `holding.KEPT`, or in words what becomes of it.
    holds: Mapping[str, str] = field(default_factory=dict)
