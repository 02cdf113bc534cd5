"""Files of other tools with the key of what must become of each. A format's folder holds `key.json`: by file,

- `steps`, and `kinds` of steps with how many the file has of each (not in every format);
- `refused`: a word of the reason for which there can be no skill; else
- `skill`: the actions of its steps in their order, and `noted`: the numbers of the file's steps that have a note;
- where it matters `values`, `tabs`, `secrets` of the skill's steps, `acts`: what the irreversible ones are called, and
  `urls`: where each must lead; `base`: what is given with the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILES = Path(__file__).parent / "files"


def key_of(name: str) -> dict[str, dict[str, Any]]:
    """The key of a format."""
    found: dict[str, dict[str, Any]] = json.loads((FILES / name / "key.json").read_text(encoding="utf-8"))
    return found
