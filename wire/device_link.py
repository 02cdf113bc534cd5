"""The device's end of the link; outlives its sockets."""

from __future__ import annotations


class DeviceLink:
    """See `wire/link.py`."""
