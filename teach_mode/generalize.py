"""Demonstrations into a skill that does it with other values. Pure: no browser, no I/O.

`generalize` proposes; each decision is a chip with its evidence. `apply` makes a person's edit, and refuses what would
not hold together. How a value is known for a parameter stands in `generalizing/finding.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from teach_mode.demonstration import Demonstration
from teach_mode.generalizing.editing import apply, proposed
from teach_mode.generalizing.proposal import Chip, Edit, Proposal

__all__ = ["Chip", "Edit", "Proposal", "apply", "generalize"]


def generalize(demonstrations: Sequence[Demonstration], *, name: str = "") -> Proposal:
    """A skill for one or several demonstrations of the same task. Raises DemonstrationEmpty, SkillError."""
    return proposed(tuple(demonstrations), name=name)
