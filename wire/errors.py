"""What can be wrong with what came over the wire, and with how the link is used.

WireError                    code
├── ProtocolError            closes the link; `code` is the CloseCode sent
│   ├── BadMessage           bad_message      not JSON, wrong type of field, missing field
│   ├── UnknownMessage       unknown_message  a type this version does not know, and that is not marked optional
│   ├── BadFrame             bad_frame        a binary frame with a wrong header
│   ├── LimitExceeded        limit            a field, frame, turn or picture over its limit
│   ├── OutOfOrder           out_of_order     right in itself, but not now
│   ├── BadProof             bad_proof        the other end does not hold the key
│   └── VersionMismatch      upgrade_required no version in common
├── OpusMissing              opus_missing     libopus or opuslib is not installed here
├── PacketBroken             packet_broken    an Opus packet that cannot be decoded: its turn is lost, not the link
└── MisuseError (ValueError)  misuse           our own caller asked for what cannot be
"""

from __future__ import annotations

from typing import ClassVar

from wire.outcomes import CloseCode


class WireError(Exception):
    """Root of what this package raises."""

    code: ClassVar[str] = "wire"


class ProtocolError(WireError):
    """The other end broke the protocol; the link closes with `close`."""

    close: ClassVar[CloseCode] = CloseCode.BAD_MESSAGE
    code: ClassVar[str] = close.value


class BadMessage(ProtocolError):
    """A text message that cannot be read."""


class UnknownMessage(ProtocolError):
    """A message type that this version does not know."""

    close = CloseCode.UNKNOWN_MESSAGE
    code = close.value


class BadFrame(ProtocolError):
    """A binary frame that cannot be read."""

    close = CloseCode.BAD_FRAME
    code = close.value


class LimitExceeded(ProtocolError):
    """Something is over its stated limit."""

    close = CloseCode.LIMIT
    code = close.value


class OutOfOrder(ProtocolError):
    """A message that is right in itself but has no place now."""

    close = CloseCode.OUT_OF_ORDER
    code = close.value


class BadProof(ProtocolError):
    """The other end does not hold the key that the device was paired with."""

    close = CloseCode.BAD_PROOF
    code = close.value


class VersionMismatch(ProtocolError):
    """The two ends have no version in common."""

    close = CloseCode.UPGRADE_REQUIRED
    code = close.value


class OpusMissing(WireError):
    """Opus was asked for where it is not installed."""

    code = "opus_missing"


class PacketBroken(WireError):
    """An Opus packet cannot be decoded; nor can what follows it in its turn or utterance."""

    code = "packet_broken"


class MisuseError(WireError, ValueError):
    """Our own caller asked the link for what cannot be."""

    code = "misuse"
