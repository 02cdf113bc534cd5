"""Where things come from: a device, its boot, the turn; and what a stored turn asks of the runner."""

from __future__ import annotations

from msgspec import Struct

from cloud.commands import HandleUtterance
from cloud.turns import StoredTurn

# Enough of a boot's random name to tell one from another.
BOOT_LETTERS = 16
# In place of a device: what comes of the task is told by every one of the person's.
EVERY_DEVICE = "*"


class Home(Struct, frozen=True):
    """Where a task came from: a device's id, its boot, and the turn. Empty for what was typed in the portal."""

    device: str = ""
    boot: str = ""
    turn: int = 0

    def is_of(self, device: str) -> bool:
        """Whether this device tells of the task."""
        return self.device in (device, EVERY_DEVICE)


def address(device: str, boot: str) -> str:
    """A device and its boot in one name, which tells turn 1 of today from turn 1 of yesterday."""
    return f"{device}/{boot[:BOOT_LETTERS]}"


def key_of(address: str, turn: int, again: str = "") -> str:
    """The key of a turn's request: of the turn in which it was said first, when this one says it again."""
    return f"{address.partition('/')[0]}/{again}" if again else f"{address}:{turn}"


def home_of(device: str, turn: int) -> Home:
    """Where something came from, by the `device` and `turn` of a command or a task."""
    name, _, boot = device.partition("/")
    return Home(name, boot, turn)


def command_of(turn: StoredTurn) -> HandleUtterance:
    """What the runner is asked to do with a stored turn."""
    return HandleUtterance(
        key=turn.key,
        person=turn.person,
        text=turn.text,
        spoken=turn.engine != "typed",
        engine=turn.engine,
        alternatives=turn.alternatives,
        device=turn.device,
        turn=turn.turn,
        ask=turn.ask,
        picture=turn.picture,
        picture_problem=turn.picture_problem,
        said_at=turn.said_at,
    )
