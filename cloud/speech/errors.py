"""What can go wrong with speech.

SpeechError
├── ModelMissing     the weights or the voice data are not installed
├── StreamClosed     sound was fed to a stream that is finished or aborted
├── SoundTooLong     an utterance is over the limit of a turn
├── EndpointFailed   a speech endpoint did not do what was asked
├── WeightsError
│   ├── HubUnreachable   the hub cannot be reached, or does not have what is wanted
│   ├── ChecksumWrong    what came is not what the hub's list says
│   └── NoSpace          the disk is too full
├── EngineFailed     a loaded engine broke in the middle of its work
└── VoiceFailed      the synthesiser refused or broke

For the last two and for EndpointFailed the embedded engine takes the turn or the sentence over (`standby.py`).
"""

from __future__ import annotations


class SpeechError(Exception):
    """Root of the errors of this room."""

    code = "speech"


class ModelMissing(SpeechError, LookupError):
    """The weights or the voice data are not installed."""

    code = "speech_model_missing"


class StreamClosed(SpeechError, RuntimeError):
    """Sound was fed to a stream that is finished or aborted."""

    code = "speech_stream_closed"


class SoundTooLong(SpeechError, ValueError):
    """An utterance is over the limit of a turn."""

    code = "speech_too_long"


class EndpointFailed(SpeechError, ConnectionError):
    """A speech endpoint did not do what was asked."""

    code = "speech_endpoint_failed"


class WeightsError(SpeechError):
    """Stronger weights could not be fetched."""

    code = "speech_weights"


class HubUnreachable(WeightsError, ConnectionError):
    """The hub cannot be reached, or does not have what is wanted."""

    code = "speech_hub_unreachable"


class ChecksumWrong(WeightsError, ValueError):
    """What came is not what the hub's list says."""

    code = "speech_checksum_wrong"


class NoSpace(WeightsError):
    """The disk is too full."""

    code = "speech_no_space"


class EngineFailed(SpeechError, RuntimeError):
    """A loaded engine broke in the middle of its work."""

    code = "speech_engine_failed"


class VoiceFailed(SpeechError, RuntimeError):
    """The synthesiser refused or broke."""

    code = "speech_voice_failed"
