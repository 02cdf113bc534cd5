"""`python -m hardware`: writes the tables and drawings of the documentation anew from the data in this folder."""

from __future__ import annotations

import sys
from pathlib import Path

from device.errors import ConfigError
from hardware.pages import data, stale

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Exit code: 0 done, 2 what the data says cannot be."""
    try:
        due = stale(ROOT, data(ROOT))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    for path, text in due.items():
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
