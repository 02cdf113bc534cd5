"""What every test stands on: how long hypothesis looks, and that nothing is left behind."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.census import nothing_left

settings.register_profile("quick", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
PATIENCE_MS = 40_000
TESTS = Path(__file__).parent
# Where files and threads are counted before and after each test: not where a browser or a model outlives one.
COUNTED = (
    *("crowd", "device", "language", "release", "wire"),
    *(f"cloud/{room}" for room in ("gateway", "models", "people", "runner", "tasks", "tools")),
)
# No cloud that a test starts looks for a hub, but those that bring one of their own.
os.environ.setdefault("LEVERET_WEIGHTS_FETCH", "false")


@pytest.fixture(scope="session", autouse=True)
def patient() -> None:
    """What a page must come to show has the time that a busy machine takes."""
    if "playwright.async_api" in sys.modules:
        from playwright.async_api import expect

        expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(autouse=True)
def census(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test leaves a file open or a thread running."""
    if not any(request.path.is_relative_to(TESTS / room) for room in COUNTED):
        yield
        return
    with nothing_left():
        yield
