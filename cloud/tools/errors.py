"""What can go wrong on the shelf of skills, besides what `teach_mode.errors` says of a skill itself.

ShelfError
├── ShelfBusy        another process has the skills of this data folder
├── SkillUnknown     no skill of that name is on the shelf
├── SkillNameTaken   the name belongs to a tool that is no skill
├── SkillOfFile      it is a file of the configuration, and nothing else
└── VersionUnknown   the skill has no version of that number
"""

from __future__ import annotations

from pathlib import Path


class ShelfError(Exception):
    """Root of these errors; `code` is stable and goes over the API."""

    code = "shelf"


class ShelfBusy(ShelfError):
    """Another process has the skills of this data folder; `by_cloud`: that is a running cloud."""

    code = "shelf_busy"

    def __init__(self, data_dir: Path, holder: str) -> None:
        self.by_cloud = holder == "cloud"
        who = "a cloud that runs" if self.by_cloud else "another command"
        super().__init__(f"the skills of {data_dir} are in the hands of {who}; wait for it, or stop it")


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
