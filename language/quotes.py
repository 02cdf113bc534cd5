"""Quotes around what is meant to the letter: 'reply with "Yes, gladly."'."""

from __future__ import annotations

import re

_CLOSING = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'", "‘": "’"}


def with_quotes(text: str, start: int, end: int) -> str:
    """What stands between two offsets, together with the quotes that hold it and the marks before the last one."""
    closing = _CLOSING.get(text[start - 1 : start], "") if start else ""
    last = re.compile(rf"[.,;:!?…]*{re.escape(closing)}").match(text, end) if closing else None
    return text[start - 1 : last.end()] if last is not None else text[start:end]


def unquoted(text: str) -> str | None:
    """What stands between the quotes that hold a whole text; None when none do, or when they close before its end."""
    text = text.strip()
    closing, inner = _CLOSING.get(text[:1], ""), text[1:-1]
    held = len(text) > 2 and closing and text.endswith(closing) and closing not in inner
    return inner.strip() if held else None
