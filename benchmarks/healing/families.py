"""Page families are split in two halves by their names alone: one to tune on, one to report.

Written before the first case was made: a family is in the half `dev` when the first byte of the SHA-256 of its name is
even, else in `test`.
"""

from __future__ import annotations

import hashlib
from typing import Literal

Half = Literal["dev", "test"]


def half_of(family: str) -> Half:
    """The half that a family belongs to."""
    return "test" if hashlib.sha256(family.encode()).digest()[0] % 2 else "dev"
