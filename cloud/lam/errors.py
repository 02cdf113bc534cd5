"""What can go wrong in the large action model.

LamError
└── ToolError          a tool could not do its work, and can say why in a sentence
    ├── ToolUnknown    no such tool in the Toolbox
    ├── BadArguments   the arguments do not fit the tool's slots
    └── ToolTimeout    the deadline passed before the tool ended
"""

from __future__ import annotations


class LamError(Exception):
    """Root of the errors of this room."""

    code = "lam"


class ToolError(LamError):
    """A tool could not do its work. `sentence` is what the person hears."""

    code = "tool_failed"

    def __init__(self, sentence: str, *, unknown: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.unknown = unknown  # an act may have happened, and could not be confirmed


class ToolUnknown(ToolError, LookupError):
    """No such tool in the Toolbox."""

    code = "tool_unknown"


class BadArguments(ToolError, ValueError):
    """The arguments do not fit the tool's slots."""

    code = "bad_arguments"


class ToolTimeout(ToolError, TimeoutError):
    """The deadline passed before the tool ended."""

    code = "tool_timeout"
