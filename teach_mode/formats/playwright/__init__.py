"""Playwright: scripts in Python, and what its codegen records as lines of JSON."""

from __future__ import annotations

from teach_mode.formats.format import Format
from teach_mode.formats.holding import KEPT
from teach_mode.formats.playwright import recordings
from teach_mode.formats.playwright.scripts import reading
from teach_mode.formats.playwright.writing import recording, script

_FIRST = "kept of the first way to name an element"
SCRIPT_HOLDS = {
    "order": KEPT,
    "addresses": KEPT,
    "values": KEPT,
    **dict.fromkeys(("role", "placeholder", "text", "testid", "css"), _FIRST),
    "label": f"{_FIRST}; of a list by a part of it",
    "xpath": f"{_FIRST}; not into shadow roots",
    "shadow": _FIRST,
    "frames": "kept by name and number; by address as its path",
    "tabs": KEPT,
    "dialogs": KEPT,
    "uploads": "the file's name; it is to be put beside the script",
    "downloads": KEPT,
    "waits": "kept, a step each",
    "texts": "kept, a step each",
    "urls": "kept, a step each",
    "optional": KEPT,
    "page": KEPT,
    "until": "kept, without the other way of a calendar",
    "loops": KEPT,
    "rows": KEPT,
    "parameters": "kept as arguments of text, with the values of now",
    "secrets": "read from the environment, by a name made of theirs",
    "reads": KEPT,
    "acts": "no: what must be read is asserted, and it is done without a question",
    "looks": "no",
}
PYTHON = Format(
    name="playwright-python",
    tool=reading.TOOL,
    suffix=".py",
    recognises=reading.recognises,
    read=reading.read,
    write=script.write,
    holds=SCRIPT_HOLDS,
)
PYTHON_ASYNC = Format(
    name="playwright-python-async",
    tool=f"{reading.TOOL}, asynchronous",
    suffix=".py",
    recognises=lambda source: False,  # Both kinds are read alike, as playwright-python.
    read=reading.read,
    write=script.write_async,
    holds=SCRIPT_HOLDS,
)
JSONL = Format(
    name="playwright-jsonl",
    tool=recordings.TOOL,
    suffix=".jsonl",
    recognises=recordings.recognises,
    read=recordings.read,
    write=recording.write,
    holds={
        "order": "kept, but for what codegen does not record: scrolling, dragging, reading",
        "addresses": KEPT,
        "values": "kept; Control is ControlOrMeta",
        **dict.fromkeys(("role", "label", "placeholder", "text", "testid", "css"), _FIRST),
        "xpath": f"{_FIRST}; not into shadow roots",
        "shadow": _FIRST,
        "frames": "kept by name and number; by address as its path",
        "tabs": KEPT,
        "dialogs": "that one comes; it gets a no",
        "uploads": "the file's name; it is to be put where it is played",
        "downloads": "that one comes",
        "waits": "kept, an `assertVisible` each; not that something is gone",
        "texts": KEPT,
        "urls": "no: a note",
        "optional": "left out, with a note",
        "page": "left out, with a note",
        "until": "left out, with a note",
        "loops": "written out for the values",
        "rows": "left out, with a note",
        "parameters": "the values of one run",
        "secrets": "an empty text, with a note",
        "reads": "left out, with a note",
        "acts": "no: a note that nobody asks",
        "looks": "no",
    },
)
