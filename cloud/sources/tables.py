"""Facts in a file: CSV with a head, a JSON list of objects, or a Markdown table. Pure but for the reading."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from cloud.sources.paths import clean

MOST_BYTES = 1 << 20
MOST_ROWS = 2000
FORMS = (".csv", ".json", ".md")
Rows = tuple[dict[str, str], ...]


def read_table(path: Path) -> Rows:
    """The rows by column. Raises ValueError with the reason, OSError."""
    if path.suffix.lower() not in FORMS:
        raise ValueError(f"{path.name} is none of {', '.join(FORMS)}")
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{path.name} has over {MOST_BYTES >> 20} MiB")
    text = path.read_text(encoding="utf-8-sig")
    rows = {".csv": _csv, ".json": _json, ".md": _markdown}[path.suffix.lower()](text)
    if not rows:
        raise ValueError(f"{path.name} has no rows")
    return tuple(rows[:MOST_ROWS])


def _csv(text: str) -> list[dict[str, str]]:
    try:
        lines = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise ValueError(f"this is no CSV: {error}") from error
    return _by_column(lines)


def _json(text: str) -> list[dict[str, str]]:
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"this is no JSON: {error}") from error
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise ValueError("JSON facts are a list of objects")
    return [{clean(str(name)): clean(str(value)) for name, value in row.items()} for row in data]


def _markdown(text: str) -> list[dict[str, str]]:
    """The first table."""
    lines: list[list[str]] = []
    for line in text.splitlines():
        if line.strip().startswith("|"):
            lines.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif lines:
            break
    return _by_column([line for line in lines if not set("".join(line)) <= set("-: ")])


def _by_column(lines: list[list[str]]) -> list[dict[str, str]]:
    if not lines:
        return []
    head = [clean(name) for name in lines[0]]
    return [dict(zip(head, map(clean, line), strict=False)) for line in lines[1:] if any(map(str.strip, line))]
