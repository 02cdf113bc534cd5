"""JSON Schema of the run in a trace file: `python -m cloud.history.schema > docs/trace.schema.json`."""

from __future__ import annotations

import json
import sys
from typing import Any

import msgspec

from cloud.history.story import RunStory
from cloud.history.trace import FORMAT


def schema() -> dict[str, Any]:
    """Unknown fields are passed over, so that an older program reads what a newer one adds."""
    title = f"Leveret trace, format {FORMAT}: run.json"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **msgspec.json.schema(RunStory)}


def schema_text() -> str:
    """The schema as it stands in the documentation."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
