"""Named places in which crash tests kill this process. Inert unless LEVERET_CRASH_AT names one."""

from __future__ import annotations

import os
import signal
from typing import Literal

Point = Literal[
    "before-episode-end",  # all is filled in, nothing irreversible was asked yet
    "after-question",  # a trial's question is stored, nobody has answered it
    "after-answer",  # the yes is stored, the intent is not
    "after-intent",  # the intent is synced, nothing was clicked
    "after-click",  # clicked, nothing is known of the effect
    "after-result",  # the result is synced, the step is not done
    "after-step",  # the step is recorded, the task is not
    "after-due",  # what a schedule is due for is written down, its task is not begun
    "after-begun",  # its task is begun, and not written down with what was due
]

_chosen = os.environ.get("LEVERET_CRASH_AT", "")


def reached(point: Point) -> None:
    """Dies here, as by a power cut, when this is the point that was chosen."""
    if point == _chosen:
        os.kill(os.getpid(), signal.SIGKILL)
