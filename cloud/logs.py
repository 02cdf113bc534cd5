"""Structured logs: one event a line, with task, turn and device from context, and no secret in any of it."""

from __future__ import annotations

import base64
import logging
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO
from urllib.parse import quote

import structlog

HIDDEN = "[hidden]"
# Shorter values would be found in ordinary words.
SHORTEST = 6


class Redactor:
    """A structlog processor that knows secret values, and takes them out of every line, however they are written."""

    def __init__(self) -> None:
        self._forms: set[str] = set()

    def register(self, secret: str) -> None:
        """From now on `secret` is hidden; also as base64, as hex, and percent-encoded. Short values are refused."""
        if len(secret) < SHORTEST:
            raise ValueError(f"a secret of fewer than {SHORTEST} letters cannot be told from ordinary words")
        raw = secret.encode()
        self._forms |= {
            secret,
            raw.hex(),
            base64.b64encode(raw).decode().rstrip("="),
            base64.urlsafe_b64encode(raw).decode().rstrip("="),
            quote(secret, safe=""),
        }

    def hide(self, text: str) -> str:
        """`text` with every known secret replaced."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, HIDDEN)
        return text

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if not self._forms:
            return event
        return {self.hide(str(key)): self._cleaned(value) for key, value in event.items()}

    def _cleaned(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, bytes | bytearray):
            return self.hide(bytes(value).decode("utf-8", "backslashreplace"))
        if isinstance(value, Mapping):
            return {self._cleaned(key): self._cleaned(part) for key, part in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._cleaned(part) for part in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        return self.hide(str(value))


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
