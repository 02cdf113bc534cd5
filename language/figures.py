"""The one figure in a text as pages write it: "14.50", "€ 14,50", "1,234 USD", "-3 °C"."""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = re.compile(r"\d[\d.,]*")
_MINUS = re.compile(r"[-−–]\s*[^\s\w]?\s*\d")
_PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?")
_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?")
_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")


def figure_of(text: str) -> Decimal | None:
    """The figure, or None when there is not exactly one."""
    numbers = _NUMBER.findall(text)
    if len(numbers) != 1:
        return None
    written = numbers[0].rstrip(".,")
    figure = _read(written)
    return -figure if figure is not None and _MINUS.search(text) else figure


def _read(written: str) -> Decimal | None:
    if _PLAIN.fullmatch(written):
        return Decimal(written.replace(",", "."))
    if _COMMAS.fullmatch(written):
        return Decimal(written.replace(",", ""))
    if _POINTS.fullmatch(written):
        return Decimal(written.replace(".", "").replace(",", "."))
    return None
