"""What can go wrong on the shelf of skills, besides what `teach_mode.errors` says of a skill itself.

ShelfError
├── SkillUnknown     no skill of that name is on the shelf
├── SkillNameTaken   the name belongs to a tool that is no skill
├── SkillOfFile      it is a file of the configuration, and nothing else
└── VersionUnknown   the skill has no version of that number
"""

from __future__ import annotations


class ShelfError(Exception):
    """Root of these errors; `code` is stable and goes over the API."""

    code = "shelf"


class SkillUnknown(ShelfError, LookupError):
    """No skill of that name is on the shelf."""

    code = "skill_unknown"


class SkillNameTaken(ShelfError, ValueError):
    """The name belongs to a tool that is no skill."""

    code = "skill_name_taken"


class SkillOfFile(ShelfError, PermissionError):
    """It is a file of the configuration, and nothing else."""

    code = "skill_of_file"


class VersionUnknown(ShelfError, LookupError):
    """The skill has no version of that number."""

    code = "version_unknown"
