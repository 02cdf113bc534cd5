"""The control messages: JSON objects with a `type`, both ways, every field with its limit.

A *numbered* message carries `turn` (0: of no turn) and `number` (from 1; the link fills it in). From the device the
numbers count within a turn, and within turn 0; from the cloud they count through the session. The rest is unnumbered.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from wire import limits
from wire.outcomes import CloseCode, Outcome, Tone
from wire.parts import (
    PCM,
    AbortReason,
    AskChoice,
    AudioFormat,
    Hex16,
    Hex32,
    Id,
    Kept,
    Label,
    Limits,
    Number,
    OptionalHex64,
    OptionalId,
    Origin,
    Reason,
    Resume,
    Rows,
    Sentence,
    StepNumber,
    TaskState,
    Text,
    TimeMs,
    Timer,
    TimerKind,
    Token,
    TurnNumber,
    Version,
    Wanted,
)


class Message(Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Root of all control messages."""


class Numbered(Message, frozen=True, kw_only=True):
    """A message that is acknowledged, kept until then, sent again after a drop, and taken once."""

    turn: TurnNumber = 0
    number: Number = 0


# Device to cloud -------------------------------------------------------------------------------------------------


class Hello(Message, frozen=True, kw_only=True, tag="hello"):
    """First message of a socket. `boot` is drawn anew at each start of the device: turns count from 1 within it."""

    version_min: Version
    version_max: Version
    device: Id
    boot: Hex16
    nonce: Hex16
    resume: Resume | None = None
    kept: Annotated[tuple[Kept, ...], Meta(max_length=limits.KEPT_LANES)] = ()
    features: Annotated[tuple[Label, ...], Meta(max_length=limits.FEATURES)] = ()
    records: Annotated[tuple[Label, ...], Meta(max_length=limits.FEATURES)] = (PCM,)
    plays: Annotated[tuple[Label, ...], Meta(max_length=limits.FEATURES)] = (PCM,)
    software: Label = ""


class Prove(Message, frozen=True, kw_only=True, tag="prove"):
    """The device holds its key: `mac` over both nonces, see `wire/proof.py`.

    A device that was paired by a code signs, too, with the key that never left it; `ticket` is the last one it kept.
    """

    mac: Hex32
    signature: OptionalHex64 = ""
    ticket: Token = ""


class TicketKept(Message, frozen=True, kw_only=True, tag="ticket_kept"):
    """The ticket of `Welcome` is on the device's disk. Whoever shows an older one from now on is a copy."""

    ticket: Token


class TurnStart(Numbered, frozen=True, kw_only=True, tag="turn_start"):
    """Number 1 of every turn. `ask` names the question on the screen when the turn began, if one was.

    `note`: what is said is a note, whatever it says. `again`: this turn was begun before as another one; the cloud does
    it once.
    """

    mode: Literal["voice", "text"]
    format: AudioFormat = PCM
    picture: bool = False
    said_at_ms: TimeMs = 0
    ask: OptionalId = ""
    note: bool = False
    again: Origin = ""


class TurnText(Numbered, frozen=True, kw_only=True, tag="turn_text"):
    """What the person typed, whole."""

    text: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS)]


class PictureStart(Numbered, frozen=True, kw_only=True, tag="picture_start"):
    """A JPEG follows in binary frames: `size_bytes` in all, `crc32` over them."""

    size_bytes: Annotated[int, Meta(ge=1, le=limits.PICTURE_BYTES)]
    crc32: Annotated[int, Meta(ge=0, le=2**32 - 1)]


class TurnEnd(Numbered, frozen=True, kw_only=True, tag="turn_end"):
    """The button came up: the turn had `frames` audio frames and `samples` samples. The last number of a turn."""

    frames: Annotated[int, Meta(ge=0, le=limits.TURN_NUMBERS)] = 0
    samples: Annotated[int, Meta(ge=0, le=limits.TURN_SAMPLES)] = 0
    truncated: bool = False


class TurnAbort(Numbered, frozen=True, kw_only=True, tag="turn_abort"):
    """Nothing of this turn counts. Taken whatever numbers are missing before it."""

    reason: AbortReason = "person"


class Answer(Numbered, frozen=True, kw_only=True, tag="answer"):
    """The answer pressed to a question; `digest` is what the question showed. Turn 0."""

    ask: Id
    digest: Token
    answer: Literal["yes", "no", "choice"]
    choice: Label = ""
    at_ms: TimeMs = 0


class CancelTask(Numbered, frozen=True, kw_only=True, tag="cancel_task"):
    """Stop this task, browser and all. Turn 0."""

    task: Id


class Silence(Numbered, frozen=True, kw_only=True, tag="silence"):
    """The person does not want to hear the rest of what is said. Turn 0."""

    say: Number


class Played(Numbered, frozen=True, kw_only=True, tag="played"):
    """How many samples of an utterance the person really heard. Turn 0."""

    say: Number
    samples: Annotated[int, Meta(ge=0, le=limits.SAY_SAMPLES)]
    whole: bool = False


class StopRinging(Numbered, frozen=True, kw_only=True, tag="stop_ringing"):
    """The person silenced a timer, cancelled it before it rang, or let it ring to its end; or wants to be reminded
    again in `snooze_ms`. Turn 0."""

    timer: Id
    snooze_ms: Annotated[int, Meta(ge=0, le=3_600_000)] = 0


class SetTimer(Numbered, frozen=True, kw_only=True, tag="set_timer"):
    """The device has set this timer by itself; from when it stands in `timers` on, it is the cloud's. Turn 0.

    Told again, it changes nothing; one that was stopped meanwhile is answered with `ring_stop`. A device says
    `"optional": true`, for a cloud that does not know it.
    """

    timer: Id
    due_at_ms: TimeMs
    kind: TimerKind = "timer"
    label: Label = ""
    optional: bool = False


class Bye(Message, frozen=True, kw_only=True, tag="bye"):
    """The device is being switched off; its session may be forgotten."""

    reason: Reason = ""


# Cloud to device -------------------------------------------------------------------------------------------------


class Challenge(Message, frozen=True, kw_only=True, tag="challenge"):
    """The version to speak, and the cloud's nonce."""

    version: Version
    nonce: Hex16


class Welcome(Message, frozen=True, kw_only=True, tag="welcome"):
    """The device is in. `mac` proves the cloud. When `resumed`, what was missed follows; else the snapshot is all.

    `records` is what the device is to send from now on, `plays` what it will be sent: formats that its Hello named.
    `ticket`: what a device that signs is to keep, to answer `TicketKept`, and to show the next time.
    """

    session: Id
    version: Version
    token: Token
    mac: Hex32
    now_ms: TimeMs
    resumed: bool = False
    next_number: Number = 1
    wanted: Annotated[tuple[Wanted, ...], Meta(max_length=limits.KEPT_LANES)] = ()
    limits: Limits = Limits()
    records: AudioFormat = PCM
    plays: AudioFormat = PCM
    person: Label = ""
    ticket: Token = ""
    asks: Annotated[tuple[Ask, ...], Meta(max_length=limits.SNAPSHOT_ASKS)] = ()
    tasks: Annotated[tuple[TaskState, ...], Meta(max_length=limits.SNAPSHOT_TASKS)] = ()
    timers: Annotated[tuple[Timer, ...], Meta(max_length=limits.SNAPSHOT_TIMERS)] = ()


class Refused(Message, frozen=True, kw_only=True, tag="refused"):
    """The device is not let in; the socket closes with this code."""

    code: CloseCode
    sentence: Sentence = ""


class Transcript(Numbered, frozen=True, kw_only=True, tag="transcript"):
    """What has been heard of the turn up to now; replaces what came before. `final` once, with what heard it."""

    text: Text
    final: bool = False
    engine: Label = ""


class Understood(Numbered, frozen=True, kw_only=True, tag="understood"):
    """What will be done, in words, before it is done."""

    text: Sentence
    task: OptionalId = ""


class Progress(Numbered, frozen=True, kw_only=True, tag="progress"):
    """A task is at step `step` of `of` (0: not known), which does what `text` says."""

    task: Id
    text: Sentence
    step: StepNumber = 0
    of: StepNumber = 0


class Ask(Numbered, frozen=True, kw_only=True, tag="ask"):
    """A question about a task. `digest` names exactly what would happen; after `expires_at_ms` it counts as a no.

    `quiet`: it is shown without a sound.
    """

    ask: Id
    task: OptionalId = ""
    kind: Literal["confirm", "choice", "slot"]
    text: Sentence
    rows: Rows = ()
    choices: Annotated[tuple[AskChoice, ...], Meta(max_length=limits.CHOICES)] = ()
    digest: Token
    expires_at_ms: TimeMs
    quiet: bool = False


class AskClosed(Numbered, frozen=True, kw_only=True, tag="ask_closed"):
    """The question is settled, here or on another surface, or ran out: take it off the screen."""

    ask: Id
    outcome: Outcome


class Card(Numbered, frozen=True, kw_only=True, tag="card"):
    """Something to read."""

    title: Label
    body: Text = ""
    rows: Rows = ()
    task: OptionalId = ""


class SayStart(Numbered, frozen=True, kw_only=True, tag="say_start"):
    """Audio frames of utterance `say` follow; `text` is what they say, `voice` what speaks it. Utterances count from 1
    in a session."""

    say: Annotated[int, Meta(ge=1, le=limits.NUMBER_MAX)]
    text: Text = ""
    format: AudioFormat = PCM
    voice: Label = ""


class SayEnd(Numbered, frozen=True, kw_only=True, tag="say_end"):
    """The utterance is whole: `samples` in all."""

    say: Annotated[int, Meta(ge=1, le=limits.NUMBER_MAX)]
    samples: Annotated[int, Meta(ge=0, le=limits.SAY_SAMPLES)]


class StopSaying(Numbered, frozen=True, kw_only=True, tag="stop_saying"):
    """Throw away what is left to play of utterance `say` (0: of all)."""

    say: Number = 0


class Ring(Numbered, frozen=True, kw_only=True, tag="ring"):
    """A timer or an alarm is due: ring until stopped."""

    timer: Id
    label: Label = ""


class RingStop(Numbered, frozen=True, kw_only=True, tag="ring_stop"):
    """Stop ringing: it was silenced elsewhere, and is done with."""

    timer: Id


class Timers(Numbered, frozen=True, kw_only=True, tag="timers"):
    """All the timers there are now, what rings and was not stopped too; replaces what was known."""

    timers: Annotated[tuple[Timer, ...], Meta(max_length=limits.SNAPSHOT_TIMERS)] = ()


class TaskDone(Numbered, frozen=True, kw_only=True, tag="task_done"):
    """A task has ended."""

    task: Id
    outcome: Outcome
    sentence: Sentence = ""


class TurnDone(Numbered, frozen=True, kw_only=True, tag="turn_done"):
    """All that is answered at once has been sent; tasks may go on. The last message of a turn from the cloud."""

    outcome: Outcome
    sentence: Sentence = ""


class Fault(Numbered, frozen=True, kw_only=True, tag="error"):
    """Something went wrong that the person should know; the link stays open."""

    code: Outcome
    sentence: Sentence
    tone: Tone = Tone.ERROR


class Withdrawn(Numbered, frozen=True, kw_only=True, tag="withdrawn"):
    """In place of the numbers `number` to `through`, which are no longer to be heard or seen."""

    through: Number


# Both ways -------------------------------------------------------------------------------------------------------


class Received(Message, frozen=True, kw_only=True, tag="received"):
    """Everything of the turn up to `number` has arrived. From the device: of the session, and `turn` is 0."""

    turn: TurnNumber = 0
    number: Number


class Committed(Message, frozen=True, kw_only=True, tag="committed"):
    """Everything of the turn up to `number` is durable in the cloud; the device may forget it."""

    turn: TurnNumber = 0
    number: Number


class Resend(Message, frozen=True, kw_only=True, tag="resend"):
    """Something is missing: go on from `number`. From the device: of the session, and `turn` is 0."""

    turn: TurnNumber = 0
    number: Annotated[int, Meta(ge=1, le=limits.NUMBER_MAX)]


class Ping(Message, frozen=True, kw_only=True, tag="ping"):
    """Are you there? Answered at once by a Pong with the same `at_ms`."""

    at_ms: TimeMs


class Pong(Message, frozen=True, kw_only=True, tag="pong"):
    """I am."""

    at_ms: TimeMs


class Close(Message, frozen=True, kw_only=True, tag="close"):
    """This end will close the socket now, for this reason."""

    code: CloseCode
    reason: Reason = ""


TurnMessage = TurnStart | TurnText | PictureStart | TurnEnd | TurnAbort
ControlMessage = Answer | CancelTask | Silence | Played | StopRinging | SetTimer
Unnumbered = Received | Committed | Resend | Ping | Pong | Close
FromDevice = Hello | Prove | TicketKept | TurnMessage | ControlMessage | Bye | Received | Resend | Ping | Pong | Close
Told = (
    Transcript
    | Understood
    | Progress
    | Ask
    | AskClosed
    | Card
    | SayStart
    | SayEnd
    | StopSaying
    | Ring
    | RingStop
    | Timers
    | TaskDone
    | TurnDone
    | Fault
    | Withdrawn
)
FromCloud = Challenge | Welcome | Refused | Told | Unnumbered
