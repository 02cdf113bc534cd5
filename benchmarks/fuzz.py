"""Frames of nonsense at codec and link core: is each read or refused by name, how long does one take, and how much?

    python -m benchmarks.fuzz [--frames 200000] [--seed 1]

Four in five are read by the codec alone; the others are fed to links in the middle of everything. Times are of the
processor, without what `--weigh` of them are read again for: their memory.
"""

from __future__ import annotations

import argparse
import json
import time

from tests.wire.fuzz import Came, Mutator, codec_frames, heaviest_bytes, journeys, read
from wire import limits


def main() -> None:
    """Print the table and, last, one line of JSON; whatever is raised but a ProtocolError ends it."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    made.add_argument("--frames", type=int, default=200_000)
    made.add_argument("--weigh", type=int, default=20_000)
    made.add_argument("--seed", type=int, default=1)
    flags = made.parse_args()
    began_s = time.monotonic()
    at_codec, at_link = Came(), Came()
    read(codec_frames(Mutator(flags.seed), flags.frames * 4 // 5), at_codec)
    journeys(Mutator(flags.seed + 1), flags.frames // 5, at_link)
    told = {
        "seed": flags.seed,
        "frames": at_codec.frames + at_link.frames,
        "refused": dict(sorted(at_codec.refused.items())),
        "links_ended": dict(sorted(at_link.ended.items())),
        "codec_slowest_ms": round(at_codec.slowest_us / 1000, 3),
        "codec_slowest": at_codec.slowest,
        "link_slowest_ms": round(at_link.slowest_us / 1000, 3),
        "link_slowest": at_link.slowest,
        "heaviest_bytes": heaviest_bytes(codec_frames(Mutator(flags.seed + 2), flags.weigh)),
        "longest_frame_bytes": limits.TEXT_FRAME_BYTES,
        "seconds": round(time.monotonic() - began_s, 1),
    }
    for name, value in told.items():
        print(f"{name:20} {value}")
    print(json.dumps({"benchmark": "fuzz", **told}))


if __name__ == "__main__":
    main()
