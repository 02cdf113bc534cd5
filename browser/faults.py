"""Playwright's errors turned into ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from browser.errors import ActionRefused, ActionTimeout, BrowserError, ElementLeft, ElementMissing, PageGone

_GONE = re.compile(r"(target|page|context|browser|connection)\b.*\b(closed|crashed)", re.IGNORECASE)
_LEFT = "leveret: the element left the page"
_MOVED = ("execution context was destroyed", "cannot find context", "frame was detached", "frame has been detached")


def is_gone(error: PlaywrightError) -> bool:
    """Whether the page, its context or its browser no longer exists."""
    return bool(_GONE.search(error.message.split("\n", 1)[0]))


def has_moved(error: PlaywrightError) -> bool:
    """Whether the document was replaced while it was asked."""
    text = error.message.lower()
    return any(sign in text for sign in _MOVED)


def _reason(error: PlaywrightError) -> str:
    """The most telling line of Playwright's call log."""
    lines = [line.strip(" -") for line in error.message.splitlines()]
    telling = [line for line in lines if "intercepts pointer events" in line or "element is not" in line]
    return telling[-1] if telling else lines[0]


@contextmanager
def translated(act: str) -> Iterator[None]:
    """Inside, Playwright's errors come out as this package's; `act` is named in the message ("click on 'Order'").

    Their cause is left out: Playwright's call log repeats what was typed, which may be a secret.
    """
    try:
        yield
    except PlaywrightTimeout as error:
        raise ActionTimeout(f"{act}: not ready before the deadline ({_reason(error)})") from None
    except PlaywrightError as error:
        raise translate(error, act) from None


def translate(error: PlaywrightError, act: str) -> BrowserError:
    """The leaf that says what to do about `error`."""
    if is_gone(error):
        return PageGone(f"{act}: the page is closed; start the task again")
    if _LEFT in error.message:
        return ElementLeft(f"{act}: the element left the page; find it again")
    if has_moved(error):
        return ElementMissing(f"{act}: the element left the page; find it again")
    return ActionRefused(f"{act}: {_reason(error)}")
