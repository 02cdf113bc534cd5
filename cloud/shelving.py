"""The shelf of a configuration, and the Toolbox kept in step with it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from browser.pool import Pool
from cloud.clock import Clock
from cloud.config import Config
from cloud.errors import ConfigError
from cloud.lam.scheduling import ADD
from cloud.lam.toolbox import Toolbox
from cloud.tools.callees import check_calls
from cloud.tools.gate import Desk
from cloud.tools.register import Register
from cloud.tools.schedules import NAMED_TOOLS
from cloud.tools.shelf import Shelf
from cloud.tools.skills import bound
from teach_mode.checks import read_skill


def shelf_of(config: Config, toolbox: Toolbox, *, pool: Pool, desk: Desk, clock: Clock) -> Shelf:
    """Skills of files and of the shelf, put into the toolbox now and whenever one changes; what is in the toolbox
    already has its name for good. Raises ConfigError, SkillError."""
    files = {skill.name: skill for skill in map(read_skill, skill_files(config.skills))}
    for skill in files.values():
        bound(skill, config.sites)
    register = Register(toolbox, sites=config.sites, pool=pool, desk=desk)
    reserved = [*(tool.name for tool in toolbox), ADD, *NAMED_TOOLS]
    shelf = Shelf(config.data_dir / "skills", files=files, reserved=reserved, changed=register.changed, clock=clock)
    register.open(shelf)
    for name in files:
        check_calls(shelf.current(name), toolbox)
    return shelf


def skill_files(places: Iterable[Path]) -> list[Path]:
    """Skill files: those named, and all in the folders named. Raises ConfigError for what is not there."""
    found: list[Path] = []
    for place in places:
        if not place.exists():
            raise ConfigError(f"skills: there is no {place}")
        found.extend(sorted(place.glob("*.json")) if place.is_dir() else [place])
    return found
