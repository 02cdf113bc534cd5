"""What the cloud keeps of a device between sockets: what was told it and not yet acknowledged, and its turns."""

from __future__ import annotations

from msgspec import Struct

from wire.messages import Told


class TurnMemory(Struct, frozen=True, kw_only=True):
    """What is durable of a turn: stored by one gateway, given to `CloudLink.welcome` by any other.

    `number` is the last one committed, `samples` and `frames` the audio up to there; `closed` when the turn ended
    or was aborted. Turn 0 is the device's control messages.
    """

    turn: int
    number: int
    samples: int = 0
    frames: int = 0
    closed: bool = False


class Session:
    """The cloud's half of a session. Outlives sockets; dies with its gateway, then the device gets a snapshot.

    `send`, `say` work whether or not the device is connected. Bounded by OUTBOX_MESSAGES and OUTBOX_BYTES: audio is
    withdrawn first, oldest first; when only control messages are left and still too many, `overflowed` is True and the
    device gets a snapshot instead of a replay.
    """

    def __init__(self, *, session: str, token: str, device: str, boot: str) -> None:
        raise NotImplementedError

    def send(self, message: Told) -> int:
        """Queue a message and return the number that it got."""
        raise NotImplementedError

    def start_saying(self, turn: int, text: str = "") -> int:
        """Begin an utterance and return its id (`say`). Turn 0 when no turn asked for it."""
        raise NotImplementedError

    def say(self, say: int, pcm: bytes) -> None:
        """Queue sound (16 kHz mono s16le, any length) of an utterance that is open; ignored once it was silenced."""
        raise NotImplementedError

    def end_saying(self, say: int) -> None:
        """The utterance is whole."""
        raise NotImplementedError

    def silence(self, turn: int) -> None:
        """Withdraw the sound of this turn and of all before it that has not been received yet."""
        raise NotImplementedError
