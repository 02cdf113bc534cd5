"""A whole turn in the pieces that the link takes: its sound and its words, and the same turn as PCM or as words."""

from __future__ import annotations

from wire import opus
from wire.codec import decode_from_device
from wire.errors import OpusMissing, PacketBroken
from wire.frames import Kind, decode_frame
from wire.keeper import TurnKeeper
from wire.messages import TurnEnd, TurnStart, TurnText
from wire.parts import OPUS

Whole = tuple[str | bytes, ...]


def start_of(whole: Whole) -> TurnStart | None:
    """How the turn began."""
    start = decode_from_device(whole[0]) if whole and isinstance(whole[0], str) else None
    return start if isinstance(start, TurnStart) else None


def sound_of(whole: Whole) -> bytes:
    """Its sound, 16 kHz mono s16le; empty for a turn of words. Raises PacketBroken, OpusMissing."""
    decoder: opus.OpusDecoder | None = None
    pieces: list[bytes] = []
    for piece in whole:
        if not isinstance(piece, bytes):
            continue
        frame = decode_frame(piece)
        if frame.kind is Kind.AUDIO_UP:
            pieces.append(frame.payload)
        elif frame.kind is Kind.OPUS_UP:
            decoder = decoder or opus.OpusDecoder()
            pieces.append(decoder.decode(frame.payload, frame.samples))
    return b"".join(pieces)


def text_of(whole: Whole) -> str:
    """What was typed; empty for a turn of sound."""
    messages = [decode_from_device(piece) for piece in whole if isinstance(piece, str)]
    return next((one.text for one in messages if isinstance(one, TurnText)), "")


def picture_of(whole: Whole) -> bytes:
    """Its picture; empty when it has none."""
    frames = [decode_frame(piece) for piece in whole if isinstance(piece, bytes)]
    return b"".join(frame.payload for frame in frames if frame.kind is Kind.PICTURE)


def as_pcm(whole: Whole) -> Whole:
    """The same turn for a cloud that takes no Opus; as it is when it has none, or cannot be decoded."""
    start = start_of(whole)
    if start is None or start.format != OPUS:
        return whole
    try:
        pcm = sound_of(whole)
    except (OpusMissing, PacketBroken):
        return whole
    end = decode_from_device(whole[-1]) if isinstance(whole[-1], str) else None
    keeper = TurnKeeper()
    turn = keeper.start_turn(ask=start.ask, picture=start.picture, note=start.note)
    keeper.send_audio(turn, pcm)
    if picture := picture_of(whole):
        keeper.send_picture(turn, picture)
    keeper.end_turn(turn, truncated=isinstance(end, TurnEnd) and end.truncated)
    return keeper.whole(turn)


def in_words(whole: Whole, text: str) -> Whole:
    """The same turn as if it had been typed."""
    start = start_of(whole)
    keeper = TurnKeeper()
    turn = keeper.start_turn("text", ask=start.ask if start else "", note=start is not None and start.note)
    keeper.send_text(turn, text)
    keeper.end_turn(turn)
    return keeper.whole(turn)
