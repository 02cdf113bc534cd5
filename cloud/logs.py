"""Structured logs: one event a line, with task, turn and device from context, and no secret in any of it."""

from __future__ import annotations

import base64
import html
import json
import logging
import re
import sys
from collections import deque
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

import structlog

HIDDEN = "[hidden]"
# Shorter values would be found in ordinary words; numbers of fewer digits everywhere.
SHORTEST = 6
SHORTEST_NUMBER = 4
PASSING = 512
# A number that stands alone: no part of a word, an amount, a date or an address.
_ALONE = re.compile(rf"(?<![^\W_])(?<!\d[.,:/-])[0-9]{{{SHORTEST_NUMBER},{SHORTEST - 1}}}(?![^\W_])(?![.,:/-]\d)")


class Redactor:
    """A structlog processor that knows secret values, and takes them out of every line, however they are written."""

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._numbers: set[str] = set()
        self._passing: deque[set[str]] = deque(maxlen=PASSING)

    def register(self, secret: str) -> None:
        """From now on `secret` is hidden; also as base64, as hex, and percent-encoded. A short number (a PIN) is hidden
        where it stands alone; other short values are refused."""
        if not can_be_told(secret):
            least = f"{SHORTEST} letters or {SHORTEST_NUMBER} digits"
            raise ValueError(f"a secret of fewer than {least} cannot be told from ordinary words")
        if len(secret) < SHORTEST:
            self._numbers.add(secret)
        self._forms |= forms_of(secret)

    def register_passing(self, secret: str) -> None:
        """The same for what there are ever new ones of (one-time codes, cookies): the last are known."""
        if len(secret) >= SHORTEST:
            self._passing.append(forms_of(secret))

    def hide(self, text: str) -> str:
        """`text` with every known secret replaced."""
        for forms in (self._forms, *self._passing):
            for form in forms:
                if form in text:
                    text = text.replace(form, HIDDEN)
        if self._numbers:
            text = _ALONE.sub(lambda found: HIDDEN if found[0] in self._numbers else found[0], text)
        return text

    def cleaned(self, value: Any) -> Any:
        """The same for everything inside mappings and lists; what is no text comes out as text."""
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, bytes | bytearray):
            return self.hide(bytes(value).decode("utf-8", "backslashreplace"))
        if isinstance(value, Mapping):
            return {self.cleaned(key): self.cleaned(part) for key, part in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.cleaned(part) for part in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        return self.hide(str(value))

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if not self._forms and not self._numbers and not self._passing:
            return event
        return {self.hide(str(key)): self.cleaned(value) for key, value in event.items()}


def can_be_told(secret: str) -> bool:
    """Whether a secret can be looked for in texts without being found in ordinary ones."""
    return len(secret) >= SHORTEST or (len(secret) >= SHORTEST_NUMBER and secret.isascii() and secret.isdigit())


def forms_of(secret: str) -> set[str]:
    """How a secret may be written: as it is, in JSON, HTML, hex, percent-encoded, and in base64, also inside more."""
    raw = secret.encode()
    forms = {secret, json.dumps(secret)[1:-1], html.escape(secret), raw.hex(), raw.hex().upper()}
    forms |= {quote(secret, safe=""), quote_plus(secret)}
    for before in range(3):
        # What stands before and after it changes the letters at both ends: those in between are its own.
        text = base64.b64encode(bytes(before) + raw).decode().rstrip("=")
        inner = text[(before * 8 + 5) // 6 : len(text) - (1 if (before + len(raw)) % 3 else 0)]
        forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {form for form in forms if len(form) >= SHORTEST}


class Redacted(logging.Filter):
    """The same guard for what libraries log through `logging`."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = self._redactor.hide(record.getMessage())
        record.args = ()
        return True


def set_up(redactor: Redactor, *, form: str = "console", level: str = "info", out: TextIO | None = None) -> None:
    """Configures structlog and `logging` for this process. `form`: console | json."""
    stream = out or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    last: list[Any]
    if form == "json":
        last = [structlog.processors.format_exc_info, redactor, structlog.processors.JSONRenderer(sort_keys=True)]
    else:
        last = [
            structlog.processors.format_exc_info,
            redactor,
            structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback),
        ]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.addFilter(Redacted(redactor))
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


@contextmanager
def about(**names: str | int) -> Iterator[None]:
    """Puts `task`, `turn`, `device` (those given) on every line that is logged inside."""
    with structlog.contextvars.bound_contextvars(**names):
        yield
