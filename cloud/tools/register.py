"""Keeps the Toolbox in step with the skills: what is saved is understood at once, what is removed is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from browser.pool import Pool
from cloud.lam.toolbox import Toolbox
from cloud.tools.errors import ShelfError
from cloud.tools.gate import Desk
from cloud.tools.shelf import Shelf
from cloud.tools.skills import SkillTool, bound
from teach_mode.errors import SkillError
from teach_mode.skill import Skill

log = structlog.get_logger(__name__)


class Register:
    """Puts skills into the Toolbox, each at the address that `sites` has for it.

    A task that runs goes on with the version it was planned with: an earlier one is read from the shelf.
    """

    def __init__(self, toolbox: Toolbox, *, sites: Mapping[str, str], pool: Pool, desk: Desk) -> None:
        self._toolbox = toolbox
        self._sites = sites
        self._pool = pool
        self._desk = desk
        self._read: Callable[[str, int], Skill] | None = None

    def open(self, shelf: Shelf) -> None:
        """Registers what there is; what cannot be used is told in the log."""
        self._read = shelf.read
        for name in shelf.names():
            try:
                self._toolbox.add(self._tool(shelf.current(name)))
            except SkillError as error:
                log.warning("skill_not_loaded", skill=name, reason=str(error))

    def changed(self, name: str, skill: Skill | None) -> None:
        """A skill has another current version, or none any more."""
        if skill is None:
            self._toolbox.remove(name)
            return
        try:
            self._toolbox.add(self._tool(skill))
        except SkillError as error:
            self._toolbox.remove(name)
            log.warning("skill_not_loaded", skill=name, reason=str(error))

    def _tool(self, skill: Skill) -> SkillTool:
        return SkillTool(bound(skill, self._sites), self._pool, self._desk, self._at_version, self._toolbox.get)

    def _at_version(self, name: str, version: int) -> SkillTool | None:
        if self._read is None:
            return None
        try:
            return self._tool(self._read(name, version))
        except (ShelfError, SkillError) as error:
            log.warning("skill_version_gone", skill=name, version=version, reason=str(error))
            return None
