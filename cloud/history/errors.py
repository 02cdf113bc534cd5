"""What can go wrong with the history.

HistoryError
├── RunUnknown    the person has no such run, or it was forgotten
├── RunBusy       it is still being done, or it is not known yet whether something happened: it cannot be forgotten
└── TraceRefused  this is no trace, or one that is not opened; says what of it, and why
"""

from __future__ import annotations


class HistoryError(Exception):
    """Root of the errors of this package."""

    code = "history"


class RunUnknown(HistoryError, LookupError):
    """The person has no such run."""

    code = "run_unknown"


class RunBusy(HistoryError, ValueError):
    """It cannot be forgotten yet."""

    code = "run_busy"


class TraceRefused(HistoryError, ValueError):
    """A file that is not opened."""

    code = "trace_refused"
