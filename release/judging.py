"""Whether a release that is signed is meant for this machine, and newer than what ran well on it. Pure."""

from __future__ import annotations

from msgspec import Struct

from release.errors import NotAgain, NotMeant, NotNewer
from release.manifest import ANY, BOOT, About, Channel


class Here(Struct, frozen=True, kw_only=True):
    """This machine and what runs on it.

    `hardware`: its build, empty when it has none. `counter`: the highest that ever ran well here. `good`: the release
    that runs. `refused`: releases that failed here.
    """

    program: str
    architecture: str
    hardware: str = ""
    python: str
    channel: Channel = "stable"
    counter: int = 0
    good: str = ""
    refused: tuple[str, ...] = ()
    boot: int = BOOT


def judge(about: About, here: Here) -> None:
    """Raises NotMeant, NotNewer or NotAgain, with what to do."""
    _meant(about, here)
    if about.name in here.refused:
        raise NotAgain(f"{about.name} was tried here and failed. Wait for the next one, or ask its maker.")
    if about.counter <= here.counter:
        same = about.name == here.good
        raise NotNewer(
            f"{about.name} is what runs here. There is nothing to do."
            if same
            else f"{about.name} is not newer than what ran well here (counter {about.counter}, and "
            f"{here.counter} is here). To go back to the release before, choose --rollback."
        )


def _meant(about: About, here: Here) -> None:
    name = about.name
    if about.program != here.program:
        raise NotMeant(f"{name} is a release of {about.program}, and this is {here.program}. Choose one for it.")
    if about.architecture not in (ANY, here.architecture):
        raise NotMeant(f"{name} is for {about.architecture}, and this is {here.architecture}. Choose one for it.")
    if about.hardware and here.hardware not in about.hardware:
        known = ", ".join(about.hardware)
        raise NotMeant(f"{name} is for the builds {known}, and this is {here.hardware or 'none'}. Choose one for it.")
    if about.python not in (ANY, here.python):
        raise NotMeant(
            f"{name} was made for Python {about.python}, and this system has {here.python}. Choose one for it."
        )
    if about.channel == "beta" and here.channel == "stable":
        raise NotMeant(
            f'{name} is a beta, and this takes stable ones only. Set channel = "beta" in update.toml to take it.'
        )
    if about.boot > here.boot:
        raise NotMeant(f"{name} needs a newer boot/ than is laid here. Run the installer once, then update again.")
