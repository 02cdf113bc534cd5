"""Keeps the process small: asks the C library to give memory back, where it is glibc."""

from __future__ import annotations

import ctypes
from typing import Final

# Of glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_SETTINGS: Final = (
    # One heap for all threads, not up to eight for each core: they hand over little, and the lock is hardly contended.
    (_ARENA_MAX, 1),
    # Pictures and long sounds have mappings of their own, which are gone with them and leave no holes.
    (_MMAP_THRESHOLD, 65_536),
    (_TRIM_THRESHOLD, 131_072),
)


def be_thrifty() -> bool:
    """Call it first, before there are threads; False where the C library is another one."""
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):
        return False
    return all(library.mallopt(setting, value) for setting, value in _SETTINGS)
