"""`python -m device.hearing`: hears what was said while no cloud does, in a process of its own. See `device/hearer.py`.

Moonshine Tiny English, whose weights the wheel `moonshine-voice` 0.1.0 carries. Over the pipes go frames: four bytes of
length, big-endian, then a `Say` (in) or a `Heard` (out), as MessagePack. A first `Heard` without an id says that it is
ready. The process ends when its input does.
"""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
from msgspec import Struct

from wire import limits

FRAME_BYTES: Final = 4 << 20
_LENGTH_BYTES: Final = 4
# Half a second of silence around a clip keeps the network from inventing a word at its beginning.
_PAD: Final = [0.0] * (limits.SAMPLE_RATE_HZ // 2)
_NICE: Final = 10


class Say(Struct, frozen=True):
    """What was said: 16 kHz mono s16le."""

    id: str
    pcm: bytes


class Heard(Struct, frozen=True):
    """The words, or why there are none."""

    id: str = ""
    text: str = ""
    error: str = ""


def weights() -> Path | None:
    """Where the weights are; None when they are not installed. Imports nothing."""
    spec = find_spec("moonshine_voice")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "assets" / "tiny-en"
    return path if path.is_dir() else None


def packed(what: Struct) -> bytes:
    """A frame."""
    body = msgspec.msgpack.encode(what)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


def length_of(head: bytes) -> int:
    """How many bytes follow; raises ValueError for a frame that nobody sends."""
    length = int.from_bytes(head, "big")
    if len(head) != _LENGTH_BYTES or not 0 < length <= FRAME_BYTES:
        raise ValueError(f"a frame of {length} bytes, 1 to {FRAME_BYTES} are due")
    return length


def listen(come_in: BinaryIO, go_out: BinaryIO, hear: Callable[[bytes], str]) -> None:
    """Hear until the input ends."""
    _write(go_out, Heard())
    while head := come_in.read(_LENGTH_BYTES):
        said = msgspec.msgpack.decode(come_in.read(length_of(head)), type=Say)
        try:
            heard = Heard(said.id, hear(said.pcm))
        except (RuntimeError, ValueError) as error:
            heard = Heard(said.id, error=f"{type(error).__name__}: {error}")
        _write(go_out, heard)


def _write(go_out: BinaryIO, heard: Heard) -> None:
    go_out.write(packed(heard))
    go_out.flush()


def moonshine(path: Path) -> Callable[[bytes], str]:
    """The loaded network."""
    import moonshine_voice

    transcriber = moonshine_voice.Transcriber(model_path=path, model_arch=moonshine_voice.ModelArch.TINY)

    def hear(pcm: bytes) -> str:
        samples = array("h", pcm[: len(pcm) // limits.SAMPLE_BYTES * limits.SAMPLE_BYTES])
        floats = [*_PAD, *(sample / 32768 for sample in samples), *_PAD]
        found = transcriber.transcribe_without_streaming(floats, limits.SAMPLE_RATE_HZ)
        return " ".join(line.text.strip() for line in found.lines).strip()

    return hear


def main() -> int:
    """The process. What its libraries print must not get between the frames, so they print to nowhere."""
    path = weights()
    if path is None:
        sys.stderr.write("moonshine-voice 0.1.0 is not installed\n")
        return 1
    os.nice(_NICE)
    go_out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    listen(sys.stdin.buffer, go_out, moonshine(path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
