"""Messages to text and back. Reading is strict: only BadMessage, UnknownMessage and LimitExceeded come out."""

from __future__ import annotations

import re
from typing import Final, TypeVar, get_args

import msgspec
from msgspec import Struct

from wire import limits
from wire.errors import BadMessage, LimitExceeded, ProtocolError, UnknownMessage
from wire.messages import FromCloud, FromDevice, Message, Numbered

_encoder: Final = msgspec.json.Encoder()
_from_device: Final = msgspec.json.Decoder(FromDevice)
_from_cloud: Final = msgspec.json.Decoder(FromCloud)
# msgspec words every broken bound like this: "Expected `str` of length <= 64 - at `$.device`".
_BROKEN_LIMIT: Final = re.compile(r"^Expected `\w+`( of length)? [<>]=")


class Ignored(Struct, frozen=True):
    """A message of a type that this version does not know, marked optional: it is counted, and nothing is done."""

    type: str
    turn: int = 0
    number: int = 0


class _Envelope(Struct):
    type: str
    optional: bool = False
    turn: int = 0
    number: int = 0


MessageT = TypeVar("MessageT", bound=Message)
_envelope: Final = msgspec.json.Decoder(_Envelope)


def types_of(union: object) -> dict[str, type[Message]]:
    """The message types of a union by the name they have on the wire."""
    return {str(kind.__struct_config__.tag): kind for kind in get_args(union)}


_DEVICE_TYPES: Final = frozenset(types_of(FromDevice))
_CLOUD_TYPES: Final = frozenset(types_of(FromCloud))


def encode(message: Message) -> str:
    """The text frame for a message."""
    return _encoder.encode(message).decode()


def decode_from_device(text: str) -> FromDevice | Ignored:
    """Read what a device sent."""
    data = _checked(text)
    try:
        message: FromDevice = _from_device.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        return _unread(data, error, _DEVICE_TYPES)
    return _numbered(message)


def decode_from_cloud(text: str) -> FromCloud | Ignored:
    """Read what the cloud sent."""
    data = _checked(text)
    try:
        message: FromCloud = _from_cloud.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        return _unread(data, error, _CLOUD_TYPES)
    return _numbered(message)


def _checked(text: str) -> bytes:
    if len(text) > limits.TEXT_FRAME_BYTES:
        raise LimitExceeded(f"message of {len(text)} characters, at most {limits.TEXT_FRAME_BYTES} bytes are allowed")
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise BadMessage("message is not valid UTF-8 text") from error
    if len(data) > limits.TEXT_FRAME_BYTES:
        raise LimitExceeded(f"message of {len(data)} bytes, at most {limits.TEXT_FRAME_BYTES} are allowed")
    return data


def _numbered(message: MessageT) -> MessageT:
    if isinstance(message, Numbered) and message.number == 0:
        raise BadMessage(f"{message.__struct_config__.tag}: a number from 1 is missing")
    return message


def _unread(data: bytes, error: Exception, known: frozenset[str]) -> Ignored:
    try:
        envelope = _envelope.decode(data)
    except msgspec.DecodeError:
        raise BadMessage(f"not a message: {error}") from error
    except RecursionError:
        raise BadMessage("message is nested too deeply") from error
    if envelope.type in known:
        raise _named(envelope.type, error) from error
    if not envelope.optional:
        raise UnknownMessage(f"unknown message type {envelope.type[: limits.LABEL_CHARS]!r}")
    if not (0 <= envelope.turn <= limits.TURN_MAX and 0 <= envelope.number <= limits.NUMBER_MAX):
        raise LimitExceeded(f"{envelope.type[: limits.LABEL_CHARS]!r}: turn or number out of range")
    return Ignored(envelope.type, envelope.turn, envelope.number)


def _named(kind: str, error: Exception) -> ProtocolError:
    reason = str(error)
    if _BROKEN_LIMIT.match(reason):
        return LimitExceeded(f"{kind}: {reason}")
    return BadMessage(f"{kind}: {reason}")
