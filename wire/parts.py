"""What the control messages are made of: kinds of fields, each with its limit, and objects within messages."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from wire import limits

Id = Annotated[str, Meta(min_length=1, max_length=limits.ID_CHARS, pattern=r"^[A-Za-z0-9._:@/+=-]+\Z")]
OptionalId = Annotated[str, Meta(max_length=limits.ID_CHARS, pattern=r"^[A-Za-z0-9._:@/+=-]*\Z")]
Label = Annotated[str, Meta(max_length=limits.LABEL_CHARS)]
Sentence = Annotated[str, Meta(max_length=limits.SENTENCE_CHARS)]
Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS)]
Token = Annotated[str, Meta(max_length=limits.TOKEN_CHARS, pattern=r"^[A-Za-z0-9._:@/+=-]*\Z")]
Reason = Annotated[str, Meta(max_length=limits.REASON_CHARS)]
Hex16 = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
Hex32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
OptionalHex64 = Annotated[str, Meta(pattern=r"^([0-9a-f]{128})?\Z")]
TurnNumber = Annotated[int, Meta(ge=0, le=limits.TURN_MAX)]
Number = Annotated[int, Meta(ge=0, le=limits.NUMBER_MAX)]
TimeMs = Annotated[int, Meta(ge=0, le=limits.TIME_MS_MAX)]
StepNumber = Annotated[int, Meta(ge=0, le=limits.STEPS)]
Version = Annotated[int, Meta(ge=1, le=1000)]
Origin = Annotated[str, Meta(max_length=limits.ORIGIN_CHARS, pattern=r"^([0-9a-f]{16}:[1-9][0-9]{0,9})?\Z")]
AbortReason = Literal["person", "superseded", "buffer_full", "microphone", "lost"]
AudioFormat = Literal["pcm_s16le_16000", "opus_16000"]
PCM: Final = "pcm_s16le_16000"
OPUS: Final = "opus_16000"


class Kept(Struct, frozen=True):
    """What the device still keeps of a turn (0: control messages): numbers `first` to `last`, both inclusive."""

    turn: TurnNumber
    first: Number
    last: Number


class Wanted(Struct, frozen=True):
    """From which number the cloud wants a turn, and up to which it is durable there."""

    turn: TurnNumber
    want: Number
    committed: Number = 0


class Resume(Struct, frozen=True):
    """The session the device was in, and the last number from the cloud that it took."""

    token: Token
    received: Number = 0


class Row(Struct, frozen=True, omit_defaults=True):
    """One line of details; `source` says who says so: the person, the site, or Leveret."""

    label: Label
    value: Sentence
    source: Literal["you", "site", "leveret"] = "leveret"


class AskChoice(Struct, frozen=True):
    """One of several answers: `value` goes back, `label` is shown."""

    value: Label
    label: Label


class TaskState(Struct, frozen=True, omit_defaults=True):
    """A task that is running."""

    task: Id
    text: Sentence
    step: StepNumber = 0
    of: StepNumber = 0


TimerKind = Literal["timer", "alarm"]


class Timer(Struct, frozen=True, omit_defaults=True):
    """A timer or alarm that has been set, and that nobody has stopped."""

    timer: Id
    label: Label
    due_at_ms: TimeMs
    kind: TimerKind = "timer"


class Limits(Struct, frozen=True):
    """What this cloud allows; never more than the protocol does."""

    turn_audio_ms: Annotated[int, Meta(ge=1000, le=limits.TURN_AUDIO_MS)] = limits.TURN_AUDIO_MS
    picture_bytes: Annotated[int, Meta(ge=0, le=limits.PICTURE_BYTES)] = limits.PICTURE_BYTES
    ping_every_ms: Annotated[int, Meta(ge=1000, le=60_000)] = limits.PING_EVERY_MS
    dead_after_ms: Annotated[int, Meta(ge=2000, le=240_000)] = limits.DEAD_AFTER_MS
    redial_most_ms: Annotated[int, Meta(ge=limits.REDIAL_LEAST_MS, le=limits.REDIAL_MOST_MS)] = limits.REDIAL_MOST_MS


Rows = Annotated[tuple[Row, ...], Meta(max_length=limits.ROWS)]
