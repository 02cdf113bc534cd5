"""What the cloud counts and measures, for `/metrics`. Times are in seconds, as Prometheus wants them."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_QUICK = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0)


class Metrics:
    """One cloud's figures, in a registry of their own, so that two clouds can live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._transcript = Histogram(
            "leveret_release_to_transcript_seconds", "Button up to final words", registry=self.registry, buckets=_QUICK
        )
        self._first_sound = Histogram(
            "leveret_release_to_first_audio_seconds", "Button up to first sound", registry=self.registry, buckets=_QUICK
        )
        self._refused = Counter("leveret_turns_refused", "Turns with nothing to do", ["code"], registry=self.registry)
        self._closed = Counter("leveret_links_closed", "Device links closed", ["code"], registry=self.registry)
        self._played = Counter("leveret_played_samples", "Samples that people heard", registry=self.registry)
        self._cut = Counter("leveret_replies_cut", "Replies interrupted by the person", registry=self.registry)
        self.devices = Gauge("leveret_devices_connected", "Devices connected now", registry=self.registry)

    def transcript(self, released: float) -> None:
        """The final words are there; `released` is when the button came up, on the monotonic clock."""
        self._transcript.observe(time.monotonic() - released)

    def first_sound(self, released: float) -> None:
        self._first_sound.observe(time.monotonic() - released)

    def refused(self, code: str) -> None:
        self._refused.labels(code).inc()

    def closed(self, code: str) -> None:
        self._closed.labels(code).inc()

    def played(self, samples: int, *, whole: bool) -> None:
        self._played.inc(samples)
        if not whole:
            self._cut.inc()

    def exposition(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self.registry)
