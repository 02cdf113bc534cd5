"""Sound of any length into frames of 20 to 60 ms, each with its offset."""

from __future__ import annotations

from wire import limits

_LEAST_BYTES = limits.SAMPLE_RATE_HZ * limits.FRAME_MS_MIN // 1000 * limits.SAMPLE_BYTES
_MOST_BYTES = limits.FRAME_SAMPLES_MAX * limits.SAMPLE_BYTES


class Slicer:
    """Cuts a stream of samples. What is shorter than 20 ms waits for more, or for `rest`."""

    __slots__ = ("_waiting", "most_samples", "offset")

    def __init__(self, most_samples: int, offset: int = 0) -> None:
        self.most_samples = most_samples
        self.offset = offset
        self._waiting = b""

    def cut(self, pcm: bytes) -> list[tuple[int, bytes]]:
        """(offset in samples, sound) for all that is long enough; what is beyond `most_samples` is dropped."""
        data = self._waiting + pcm
        room = (self.most_samples - self.offset) * limits.SAMPLE_BYTES
        data = data[:room]
        pieces: list[tuple[int, bytes]] = []
        at = 0
        while len(data) - at >= _LEAST_BYTES:
            piece = data[at : at + min(_MOST_BYTES, (len(data) - at) // limits.SAMPLE_BYTES * limits.SAMPLE_BYTES)]
            pieces.append((self.offset, piece))
            self.offset += len(piece) // limits.SAMPLE_BYTES
            at += len(piece)
        self._waiting = data[at:]
        return pieces

    def rest(self) -> tuple[int, bytes] | None:
        """What is left, shorter than 20 ms, if anything; half a sample is dropped."""
        data = self._waiting[: len(self._waiting) // limits.SAMPLE_BYTES * limits.SAMPLE_BYTES]
        self._waiting = b""
        if not data:
            return None
        piece = (self.offset, data)
        self.offset += len(data) // limits.SAMPLE_BYTES
        return piece
