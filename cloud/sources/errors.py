"""What can go wrong with a configured source of facts. Every message is a sentence for whoever asked.

SourceError
├── SourceUnreachable   it does not answer, or not in time
├── SourceRefused       where it leads to is not allowed, or it does not let us in
└── SourceUnfit         what it says is not what it was said to say
"""

from __future__ import annotations


class SourceError(Exception):
    """Root of these errors; `code` is stable."""

    code = "source"


class SourceUnreachable(SourceError):
    """No answer, or none in time."""

    code = "source_unreachable"


class SourceRefused(SourceError):
    """Not allowed, on this side or on that one."""

    code = "source_refused"


class SourceUnfit(SourceError):
    """The answer does not fit the mapping."""

    code = "source_unfit"
