"""Ten thousand frames of nonsense: refused by name or read, never more. `python -m benchmarks.fuzz` takes a million."""

from __future__ import annotations

from tests.wire.fuzz import Came, Mutator, codec_frames, heaviest_bytes, journeys, read
from wire import limits


def test_eight_thousand_changed_frames_are_read_or_refused_by_name() -> None:
    came = Came()
    read(codec_frames(Mutator(1), 8000), came)
    assert came.frames == 8000
    assert set(came.refused) >= {"BadMessage", "BadFrame", "LimitExceeded", "UnknownMessage"}


def test_links_that_are_fed_two_thousand_changed_frames_end_with_a_code_and_never_raise() -> None:
    came = Came()
    journeys(Mutator(2), 2000, came)
    assert came.frames == 2000
    assert set(came.ended) >= {"bad_message", "bad_frame", "limit", "out_of_order", "unknown_message"}


def test_no_frame_takes_much_more_memory_than_a_frame_may_be_long() -> None:
    assert heaviest_bytes(codec_frames(Mutator(3), 500)) < 6 * limits.TEXT_FRAME_BYTES
