"""JSON Schema of the skill file: `python -m teach_mode.schema > docs/skill.schema.json`."""

from __future__ import annotations

import json
import sys
from typing import Any

import msgspec

from teach_mode.skill import FORMAT, Skill


def schema() -> dict[str, Any]:
    """JSON Schema of format 1. Unknown fields are refused, as reading a skill does."""
    made = msgspec.json.schema(Skill)
    for part in made["$defs"].values():
        if part.get("type") == "object" and "properties" in part:
            part["additionalProperties"] = False
    made["$defs"]["Skill"]["properties"]["format"] = {"const": FORMAT}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Leveret skill, format 1", **made}


def schema_text() -> str:
    """The schema as it stands in the documentation."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
