"""Playwright: scripts in Python, and what its codegen records as lines of JSON."""

from __future__ import annotations

from teach_mode.formats.format import Format
from teach_mode.formats.playwright import recordings
from teach_mode.formats.playwright.scripts import reading

PYTHON = Format(
    name="playwright-python",
    tool=reading.TOOL,
    suffix=".py",
    recognises=reading.recognises,
    read=reading.read,
)
JSONL = Format(
    name="playwright-jsonl",
    tool=recordings.TOOL,
    suffix=".jsonl",
    recognises=recordings.recognises,
    read=recordings.read,
)
