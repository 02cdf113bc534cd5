"""Words in pictures by rapidocr, when it is installed. The engine is loaded at the first picture, and kept."""

from __future__ import annotations

import asyncio
import logging
from importlib.util import find_spec
from typing import Any

from PIL import Image

LEAST_SCORE = 0.5


def installed() -> bool:
    """Whether the vision extra is there."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


class RapidReader:
    """One engine; pictures wait for one another, since each uses every core."""

    def __init__(self) -> None:
        self._engine: Any = None
        self._turn = asyncio.Lock()

    async def read(self, picture: Image.Image) -> str:
        """The words, a line of the picture a line, top to bottom; "" when there are none."""
        async with self._turn:
            return await asyncio.to_thread(self._read, picture)

    def _read(self, picture: Image.Image) -> str:
        import numpy as np

        if self._engine is None:
            self._engine = _load()
        result = self._engine(np.asarray(picture.convert("RGB"))[:, :, ::-1])  # the engine takes BGR
        texts, scores = result.txts or (), result.scores or ()
        return "\n".join(text for text, score in zip(texts, scores, strict=True) if score >= LEAST_SCORE)


def _load() -> Any:
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "error"})
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return engine
