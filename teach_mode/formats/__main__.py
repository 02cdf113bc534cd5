"""`python -m teach_mode.formats docs/formats.md` writes the table of what each format holds anew, between its marks."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from teach_mode.formats.holding import table
from teach_mode.formats.registry import FORMATS

MARKED = re.compile(r"(?<=<!-- what formats hold -->\n).*?(?=<!-- end -->)", re.DOTALL)


def with_table(text: str) -> str:
    """The page with the table of the code."""
    return MARKED.sub(lambda _: table(FORMATS.values()), text)


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_table(page.read_text(encoding="utf-8")), encoding="utf-8")
