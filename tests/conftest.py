"""What every test stands on: how long hypothesis looks, and that nothing is left behind."""

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("quick", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
PATIENCE_MS = 40_000
# No cloud that a test starts looks for a hub, but those that bring one of their own.
os.environ.setdefault("LEVERET_WEIGHTS_FETCH", "false")


@pytest.fixture(scope="session", autouse=True)
def patient() -> None:
    """What a page must come to show has the time that a busy machine takes."""
    if "playwright.async_api" in sys.modules:
        from playwright.async_api import expect

        expect.set_options(timeout=PATIENCE_MS)
