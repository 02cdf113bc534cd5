"""What can go wrong while something is installed or removed; each says what to do next.

InstallerError
├── NotPossible    the machine, the user or the copy of the repository is not fit for it
└── StepFailed     a step did not work; those before it are done, and the same call goes on from there
"""

from __future__ import annotations


class InstallerError(Exception):
    """Root of the errors of this package."""


class NotPossible(InstallerError):
    """Nothing was changed."""


class StepFailed(InstallerError):
    """A step failed, and those after it were not begun."""
