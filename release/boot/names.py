"""The environment by which the program finds its parent. No program takes them for settings."""

from __future__ import annotations

from typing import Final

# File descriptor for its reports.
REPORT_FD: Final = "LEVERET_REPORT_FD"
# The folder of the program, and which release of it this is.
ROOT: Final = "LEVERET_ROOT"
RELEASE: Final = "LEVERET_RELEASE"
# A release that could not be begun, and is not asked for again.
PUT_OFF: Final = "LEVERET_PUT_OFF"
