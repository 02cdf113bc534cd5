"""What the benchmark of the device makes of what it measured."""

from __future__ import annotations

import os

from benchmarks.device.__main__ import percentile, summary
from benchmarks.device.usage import Meter, Usage, rss_mb

OURS = {
    "ready": [1.2, 0.9, 1.0],
    "waits": [{"sound_ms": 20.0, "picture_ms": 31.0}, {"sound_ms": 22.0, "picture_ms": 12.0}],
    "phases": {"idle": Usage(0.01, 50), "listening": Usage(0.06, 55), "speaking": Usage(0.02, 52)},
}
THEIRS = {"idle": Usage(0.01, 33), "listening": Usage(0.05, 34), "speaking": Usage(0.08, 35)}


def test_streaming_is_the_larger_of_listening_and_speaking_and_is_held_to_the_peers() -> None:
    told = summary(OURS, THEIRS)
    assert (told["cpu_streaming"], told["peer_cpu_streaming"]) == (0.06, 0.08)
    assert told["ratio_cpu_streaming_to_bound"] == 0.5
    assert (told["rss_mb"], told["peer_rss_mb"], told["ready_s"]) == (55, 35, 1.0)


def test_feedback_is_the_later_of_sound_and_picture_and_missing_when_one_never_came() -> None:
    assert summary(OURS, THEIRS)["press_feedback_ms_p95"] == 31.0
    silent = OURS | {"waits": [{"sound_ms": None, "picture_ms": 12.0}]}
    assert summary(silent, THEIRS)["press_feedback_ms_p95"] is None


def test_a_missing_peer_is_told_and_no_figure_made_up() -> None:
    told = summary(OURS, None, "no registry")
    assert told["peer_missing"] == "no registry"
    assert not [name for name in told if name.startswith(("peer_cpu", "peer_rss", "ratio_"))]


def test_percentiles_are_of_the_nearest_rank() -> None:
    assert [percentile([3, 1, 2], at) for at in (0, 50, 95)] == [1, 2, 3]


def test_a_process_is_metered_with_its_children() -> None:
    assert rss_mb(os.getpid()) > 5
    assert Meter(os.getpid()).read().cpu >= 0
