"""How a turn, a task or a link can end: one closed set each, with what to do next, the sentence and the tone."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msgspec import Struct


class Retry(StrEnum):
    """What whoever meets the ending does next, with no one asking."""

    NEVER = "never"  # it is over; a new wish is a new turn
    PERSON = "person"  # the person may say it again, perhaps otherwise
    LATER = "later"  # the same may work in a while; the device offers it, the cloud does not repeat by itself
    RECONNECT = "reconnect"  # open a new socket and resume, with back-off
    SLOWLY = "slowly"  # open a new socket at the longest back-off only: a person or an update must act first


class Tone(StrEnum):
    """The sound that goes with it."""

    NONE = "none"
    GOOD = "good"
    SOFT = "soft"
    ERROR = "error"
    ALERT = "alert"


class Outcome(StrEnum):
    """How a turn or a task ended."""

    DONE = "done"
    ANSWERED = "answered"
    STARTED = "started"
    ASKED = "asked"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    REFUSED = "refused"
    HEARD_NOTHING = "heard_nothing"
    NOT_UNDERSTOOD = "not_understood"
    CANNOT = "cannot"
    TOO_LONG = "too_long"
    BAD_AUDIO = "bad_audio"
    BAD_PICTURE = "bad_picture"
    FAILED = "failed"
    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"
    LOST = "lost"


class CloseCode(StrEnum):
    """Why a link closed. The WebSocket close code is `CLOSES[code].number`, its reason begins with the code's name."""

    GOODBYE = "goodbye"
    GOING_AWAY = "going_away"
    UPGRADE_REQUIRED = "upgrade_required"
    UNPAIRED = "unpaired"
    BAD_PROOF = "bad_proof"
    BAD_MESSAGE = "bad_message"
    BAD_FRAME = "bad_frame"
    UNKNOWN_MESSAGE = "unknown_message"
    OUT_OF_ORDER = "out_of_order"
    LIMIT = "limit"
    TIMEOUT = "timeout"
    REPLACED = "replaced"
    BUSY = "busy"
    INTERNAL = "internal"
    FROZEN = "frozen"


class Ending(Struct, frozen=True):
    """What an outcome means to the person: what to do next, what is said when nothing better is known, and the tone."""

    retry: Retry
    sentence: str
    tone: Tone


class Closing(Struct, frozen=True):
    """What a close code means: its WebSocket number, what the device does next, what it shows, and the tone."""

    number: int
    retry: Retry
    sentence: str
    tone: Tone


OUTCOMES: Final = MappingProxyType(
    {
        Outcome.DONE: Ending(Retry.NEVER, "Done.", Tone.GOOD),
        Outcome.ANSWERED: Ending(Retry.NEVER, "Here you are.", Tone.GOOD),
        Outcome.STARTED: Ending(Retry.NEVER, "I am on it.", Tone.NONE),
        Outcome.ASKED: Ending(Retry.PERSON, "I need to ask you something first.", Tone.SOFT),
        Outcome.DECLINED: Ending(Retry.NEVER, "All right, I left it.", Tone.SOFT),
        Outcome.EXPIRED: Ending(Retry.PERSON, "You did not answer in time, so I left it.", Tone.SOFT),
        Outcome.CANCELLED: Ending(Retry.NEVER, "Cancelled.", Tone.SOFT),
        Outcome.SUPERSEDED: Ending(Retry.NEVER, "Stopped, because you said something new.", Tone.NONE),
        Outcome.REFUSED: Ending(Retry.NEVER, "I am not allowed to do that.", Tone.ERROR),
        Outcome.HEARD_NOTHING: Ending(Retry.PERSON, "I did not hear anything. Hold the button and speak.", Tone.SOFT),
        Outcome.NOT_UNDERSTOOD: Ending(Retry.PERSON, "I did not understand that. Please say it again.", Tone.SOFT),
        Outcome.CANNOT: Ending(Retry.PERSON, "I cannot do that yet.", Tone.SOFT),
        Outcome.TOO_LONG: Ending(Retry.PERSON, "That was over a minute. Please say it in less.", Tone.ERROR),
        Outcome.BAD_AUDIO: Ending(
            Retry.PERSON, "The sound from the microphone was broken. Please try again.", Tone.ERROR
        ),
        Outcome.BAD_PICTURE: Ending(Retry.PERSON, "The picture arrived broken. Please take it again.", Tone.ERROR),
        Outcome.FAILED: Ending(Retry.LATER, "That did not work. Nothing was ordered or sent.", Tone.ERROR),
        Outcome.UNKNOWN: Ending(
            Retry.NEVER, "It may have gone through, but I could not confirm it. Please check.", Tone.ALERT
        ),
        Outcome.UNAVAILABLE: Ending(Retry.LATER, "I cannot do that right now. Please try in a minute.", Tone.ERROR),
        Outcome.LOST: Ending(Retry.PERSON, "I lost what you said. Please say it again.", Tone.ERROR),
    }
)

CLOSES: Final = MappingProxyType(
    {
        CloseCode.GOODBYE: Closing(1000, Retry.NEVER, "Switched off.", Tone.NONE),
        CloseCode.GOING_AWAY: Closing(1001, Retry.RECONNECT, "One moment, reconnecting.", Tone.NONE),
        CloseCode.UPGRADE_REQUIRED: Closing(4001, Retry.SLOWLY, "This device needs an update to go on.", Tone.ERROR),
        CloseCode.UNPAIRED: Closing(
            4002, Retry.SLOWLY, "This device is not paired. Pair it in the portal.", Tone.ERROR
        ),
        CloseCode.BAD_PROOF: Closing(
            4003, Retry.SLOWLY, "The cloud and this device do not trust one another. Pair it again.", Tone.ERROR
        ),
        CloseCode.BAD_MESSAGE: Closing(4004, Retry.RECONNECT, "A message was garbled. Reconnecting.", Tone.ERROR),
        CloseCode.BAD_FRAME: Closing(4005, Retry.RECONNECT, "A piece of sound was garbled. Reconnecting.", Tone.ERROR),
        CloseCode.UNKNOWN_MESSAGE: Closing(
            4006, Retry.RECONNECT, "Device and cloud are of different ages. Reconnecting.", Tone.ERROR
        ),
        CloseCode.OUT_OF_ORDER: Closing(4007, Retry.RECONNECT, "A message came out of turn. Reconnecting.", Tone.ERROR),
        CloseCode.LIMIT: Closing(4008, Retry.RECONNECT, "Something was too big to send. Reconnecting.", Tone.ERROR),
        CloseCode.TIMEOUT: Closing(4009, Retry.RECONNECT, "The connection went quiet. Reconnecting.", Tone.NONE),
        CloseCode.REPLACED: Closing(4010, Retry.SLOWLY, "This device is connected from somewhere else.", Tone.NONE),
        CloseCode.BUSY: Closing(4011, Retry.RECONNECT, "The cloud is busy. Trying again.", Tone.SOFT),
        CloseCode.INTERNAL: Closing(
            4012, Retry.RECONNECT, "Something went wrong in the cloud. Reconnecting.", Tone.ERROR
        ),
        CloseCode.FROZEN: Closing(
            4013, Retry.SLOWLY, "A copy of my key was used, so it is locked. Pair me again.", Tone.ERROR
        ),
    }
)

CLOSE_BY_NUMBER: Final = MappingProxyType({closing.number: code for code, closing in CLOSES.items()})

# The other end found fault with what was sent: sending the same again would only break the next link, too.
OUR_FAULT: Final = frozenset(
    {CloseCode.BAD_MESSAGE, CloseCode.BAD_FRAME, CloseCode.UNKNOWN_MESSAGE, CloseCode.OUT_OF_ORDER, CloseCode.LIMIT}
)
