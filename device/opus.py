"""Which codec the device speaks, and the sound of turns and utterances through it. See `wire.opus`."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from device.errors import ConfigError
from wire import limits, opus
from wire.errors import PacketBroken
from wire.events import SayAudio, SayPacket
from wire.link import DeviceLink, Identity
from wire.parts import OPUS, PCM, AudioFormat

Codec = Literal["auto", "opus", "pcm"]


def offering(identity: Identity, codec: Codec) -> tuple[Identity, str]:
    """The identity with the formats of this setting, and why Opus is missing where it was wanted.

    Raises ConfigError when nothing but Opus is wanted.
    """
    formats: tuple[AudioFormat, ...] = (PCM,)
    reason = ""
    if codec != "pcm":
        formats, reason = opus.formats(), opus.missing()
    if codec == "opus" and reason:
        raise ConfigError(f'setting codec is "opus", but {reason}; or set codec = "auto"')
    return replace(identity, records=formats, plays=formats), reason


class TurnSound:
    """The sound of one turn on its way to the link, in the format that the turn began with."""

    def __init__(self, link: DeviceLink, turn: int, codec: AudioFormat) -> None:
        self._link = link
        self._turn = turn
        self._open = True
        self._encoder = opus.OpusEncoder() if codec == OPUS else None

    def send(self, pcm: bytes) -> None:
        """Add sound, of any length. What comes after `close` falls away."""
        if not self._open:
            return
        if self._encoder is None:
            self._link.send_audio(self._turn, pcm)
            return
        for packet in self._encoder.encode(pcm):
            self._link.send_packet(self._turn, packet)

    def close(self) -> None:
        """The button is up: the last of the sound goes to the link."""
        self._open = False
        for packet in self._encoder.rest() if self._encoder else ():
            self._link.send_packet(self._turn, packet)


class SaySound:
    """The packets of the utterance that is being said, as sound. One that breaks is silent from there on."""

    def __init__(self) -> None:
        self._say = 0
        self._decoder: opus.OpusDecoder | None = None

    def take(self, event: SayPacket) -> SayAudio | None:
        """Its sound; None for what follows a broken packet. Raises PacketBroken, once an utterance."""
        if event.offset == 0:
            self._say, self._decoder = event.say, opus.OpusDecoder()
        if self._decoder is None or event.say != self._say:
            return None
        try:
            pcm = self._decoder.decode(event.packet, event.samples)
        except PacketBroken:
            self._decoder = None
            raise
        return SayAudio(event.turn, event.say, max(0, event.offset - limits.OPUS_DELAY_SAMPLES), pcm, False)
