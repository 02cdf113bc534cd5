"""All formats by their names, and the one way into each. Files are anybody's: what comes of one is a valid skill or a
TeachError, within the limits of `source.py`."""

from __future__ import annotations

from collections.abc import Mapping

from language.entities import Value
from teach_mode.errors import ExportRefused, ImportRefused
from teach_mode.formats import chrome_recorder, playwright, selenium_ide, workflow_use
from teach_mode.formats.format import Format
from teach_mode.formats.reports import Exported, Imported, Note
from teach_mode.formats.source import Source
from teach_mode.skill import Skill

_ALL = (
    chrome_recorder.FORMAT,
    selenium_ide.FORMAT,
    playwright.PYTHON,
    playwright.PYTHON_ASYNC,
    playwright.JSONL,
    workflow_use.JSON,
    workflow_use.YAML,
)
FORMATS: dict[str, Format] = {one.name: one for one in _ALL}


def recognise(data: bytes, filename: str = "") -> str:
    """The name of the format that a file has. Raises ImportRefused when it has none that is known."""
    return _recognised(Source(data, filename)).name


def import_skill(data: bytes, filename: str = "", named: str = "", base: str = "") -> tuple[Imported, ...]:
    """A skill for each test of a file. `named` is its format, found out where it is not given; `base` is the site's
    address, for a file that names none. Raises ImportRefused."""
    source = Source(data, filename)
    chosen = _named(named, ImportRefused) if named else _recognised(source)
    try:
        found = chosen.read(source, base)
    except ImportRefused:
        raise
    except ValueError as error:  # an address or a number in it that cannot be read
        raise ImportRefused(f"{source.called}: {error}") from error
    except RecursionError:
        raise ImportRefused(f"{source.called} is nested too deep to be read") from None
    if not found:
        raise ImportRefused(f"{source.called}: there is no test in it")
    return found


def export_skill(skill: Skill, named: str, values: Mapping[str, Value] | None = None) -> Exported:
    """The skill as a file of the format `named`, for `values`; what they lack takes its default, or an example that a
    note names. Raises ExportRefused, ValueRefused."""
    chosen = _named(named, ExportRefused)
    if chosen.write is None:
        raise ExportRefused(f"{chosen.tool} files can be imported alone")
    if not skill.steps:
        called = ", ".join(call.skill for call in skill.calls)
        raise ExportRefused(f"{skill.name} does nothing on a page itself, it calls {called}: export those")
    exported = chosen.write(skill, values or {})
    words = "another skill, {}, is done then: export it, too, and play it after this one"
    noted = {note.step for note in exported.notes}
    calls = tuple(Note(0, call.id, words.format(call.skill)) for call in skill.calls if call.id not in noted)
    return Exported(exported.data, exported.notes + calls)


def _recognised(source: Source) -> Format:
    for one in FORMATS.values():
        try:
            if one.recognises(source):
                return one
        except (ValueError, RecursionError):  # ImportRefused is one: it is no such file
            continue
    source.text  # noqa: B018 - the reason, where it is no text at all or too large
    known = ", ".join(FORMATS)
    raise ImportRefused(f"{source.called} is no recording of a tool that is known; name its format, one of: {known}")


def _named(name: str, refused: type[ImportRefused] | type[ExportRefused]) -> Format:
    found = FORMATS.get(name)
    if found is None:
        raise refused(f"there is no format {name!r}; there are: {', '.join(FORMATS)}")
    return found
