"""What a page's own dialogs are answered with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec


class DialogSeen(msgspec.Struct, frozen=True):
    """A dialog that a page opened: `kind` is alert, confirm, prompt or beforeunload."""

    kind: str
    message: str
    default: str
    url: str


DialogPolicy = Callable[[DialogSeen], str | Awaitable[str | None] | None]
"""Answers a dialog, perhaps after a while, in which the page stands still: None dismisses it, a text accepts it (and is
a prompt's answer)."""


def dismiss(seen: DialogSeen) -> str | None:
    """No to everything, except to leaving a page."""
    return "" if seen.kind == "beforeunload" else None
