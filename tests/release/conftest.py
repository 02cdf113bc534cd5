from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def nothing_else_is_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    """What others have written on this machine is not waited for; which syncs are needed `disk.py` finds out."""
    monkeypatch.setattr(os, "sync", lambda: None)
