"""The journeys, a file a site; each has its own in `JOURNEYS`."""

from __future__ import annotations

import importlib
import pkgutil

from benchmarks.journeys.journey import Journey


def journeys() -> dict[str, Journey]:
    """All of them, by name."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return {journey.name: journey for module in modules for journey in module.JOURNEYS}
