"""A fake of the part of `libcamera`'s Python binding that the eye uses."""

from __future__ import annotations


class Transform:
    """How the pipeline mirrors its pictures."""

    def __init__(self, *, hflip: int = 0, vflip: int = 0, transpose: int = 0) -> None:
        if transpose:
            raise ValueError("this pipeline cannot transpose")
        self.hflip, self.vflip = hflip, vflip
