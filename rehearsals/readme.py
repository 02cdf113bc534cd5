"""The commands that README.md tells people to type."""

from __future__ import annotations

import re
from pathlib import Path


def commands(page: Path, heading: str) -> list[str]:
    """Those of the first block of code below a heading, without their comments."""
    section = page.read_text().split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    block = re.search(r"```\n(.*?)```", section, re.DOTALL)
    lines = block[1].splitlines() if block else []
    return [command for line in lines if (command := line.split("  #")[0].strip())]
