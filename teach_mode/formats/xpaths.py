"""Texts in XPath, which knows no escapes."""

from __future__ import annotations


def xpath_text(text: str) -> str:
    """A text as XPath writes it: in the quotation marks that it does not hold, else put together of pieces."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    return "concat(" + ', "\'", '.join(f"'{part}'" for part in text.split("'")) + ")"
