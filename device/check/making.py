"""How each part of a device is opened for its check: the real ones of a build, or simulated ones on a desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from device.builds import Build
from device.real import Edges, Opening

Make = Mapping[str, Callable[[], Any]]


def real(build: Build, held: ExitStack, edges: Edges | None = None) -> Make:
    """The parts of a build, each by itself; what they share is opened once and closed with `held`."""
    return Opening(build, edges or Edges(), held).makers()
