"""The cloud's end of one socket."""

from __future__ import annotations

from collections.abc import Sequence

from wire.events import CloudEvent, Ended
from wire.messages import Ask, Limits, TaskState, Timer
from wire.outcomes import CloseCode
from wire.session import Session, TurnMemory


class CloudLink:
    """The cloud's end of one socket. Feed it with what arrives; it never raises on what a device sends.

    A device's mistake ends the link: `ended` is set, the last event is `Ended`, and `data_to_send` holds the Close.
    """

    ended: Ended | None

    def __init__(self, *, now_ms: int) -> None:
        raise NotImplementedError

    def receive_text(self, data: str, now_ms: int) -> list[CloudEvent]:
        raise NotImplementedError

    def receive_bytes(self, data: bytes, now_ms: int) -> list[CloudEvent]:
        raise NotImplementedError

    def data_to_send(self, most_bytes: int = 65_536) -> list[str | bytes]:
        """What to send now, at most about `most_bytes`; call again until it is empty."""
        raise NotImplementedError

    def tick(self, now_ms: int) -> None:
        """Let time pass: pings a quiet device, ends the link with `timeout` when it stays quiet."""
        raise NotImplementedError

    def challenge(self, *, key: bytes | None, nonce: bytes) -> None:
        """Answer `Greeted`. With no key (device unknown) it is refused as unpaired, after it has tried to prove."""
        raise NotImplementedError

    def welcome(
        self,
        session: Session,
        *,
        now_ms: int,
        turns: Sequence[TurnMemory] = (),
        person: str = "",
        asks: Sequence[Ask] = (),
        tasks: Sequence[TaskState] = (),
        timers: Sequence[Timer] = (),
        limits: Limits = Limits(),  # noqa: B008
    ) -> None:
        """Answer `Proven`. `session` is the one that `hello.resume.token` names, or a new one; `turns` what is durable."""
        raise NotImplementedError

    def refuse(self, code: CloseCode, sentence: str = "") -> None:
        """Do not let the device in."""
        raise NotImplementedError

    def commit(self, turn: int, number: int | None = None) -> TurnMemory:
        """Tell the device that `turn` is durable up to `number` (all that arrived, when not given).

        Store what `memory(turn)` gives first; it is returned here again.
        """
        raise NotImplementedError

    def memory(self, turn: int) -> TurnMemory:
        """What to store so that any gateway can go on with this turn from here."""
        raise NotImplementedError

    def close(self, code: CloseCode, reason: str = "") -> None:
        """End the link from this side."""
        raise NotImplementedError
