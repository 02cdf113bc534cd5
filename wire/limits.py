"""Every limit of the wire in one place. `docs/protocol.md` states each one, and a test holds it to that."""

from __future__ import annotations

from typing import Final

VERSION_MIN: Final = 1
VERSION_MAX: Final = 1
SUBPROTOCOL: Final = "leveret.v1"

SAMPLE_RATE_HZ: Final = 16_000
SAMPLE_BYTES: Final = 2
FRAME_MS_MIN: Final = 20
FRAME_MS_MAX: Final = 60
FRAME_SAMPLES_MAX: Final = SAMPLE_RATE_HZ * FRAME_MS_MAX // 1000
# One Opus packet: what a mono frame of the codec has at most, and its first byte.
OPUS_PACKET_BYTES: Final = 1276
# By so much the codec is late: what a decoder gives first is dropped, so that sound lies where it lay.
OPUS_DELAY_SAMPLES: Final = 104

TURN_AUDIO_MS: Final = 60_000
TURN_SAMPLES: Final = SAMPLE_RATE_HZ * TURN_AUDIO_MS // 1000
TURN_AUDIO_WARNING_MS: Final = 50_000
# 60 s in frames of 20 ms, the pieces of a picture, and room for the turn's own messages.
TURN_NUMBERS: Final = 4096
SAY_SAMPLES: Final = TURN_SAMPLES

PICTURE_BYTES: Final = 1_048_576
PICTURE_CHUNK_BYTES: Final = 16_384

TEXT_FRAME_BYTES: Final = 65_536
BINARY_FRAME_BYTES: Final = 24 + PICTURE_CHUNK_BYTES

NONCE_BYTES: Final = 16
KEY_BYTES: Final = 32
MAC_BYTES: Final = 32

ID_CHARS: Final = 64
# A boot's first 16 digits, a colon, and a turn.
ORIGIN_CHARS: Final = 27
LABEL_CHARS: Final = 80
SENTENCE_CHARS: Final = 500
TEXT_CHARS: Final = 4000
TOKEN_CHARS: Final = 128
REASON_CHARS: Final = 120

ROWS: Final = 12
CHOICES: Final = 12
KEPT_TURNS: Final = 8
# The turns, as many whose abort is not acknowledged yet, and the control messages.
KEPT_LANES: Final = 2 * KEPT_TURNS + 1
SNAPSHOT_ASKS: Final = 8
SNAPSHOT_TASKS: Final = 16
SNAPSHOT_TIMERS: Final = 32
FEATURES: Final = 16
STEPS: Final = 999

TURN_MAX: Final = 2**32 - 1
NUMBER_MAX: Final = 2**32 - 1
# Milliseconds since 1970 that a double still holds exactly, far beyond any clock.
TIME_MS_MAX: Final = 2**53 - 1

# What a session keeps for a device that is away; beyond it whole utterances are withdrawn, oldest first, then the
# session is forgotten.
OUTBOX_MESSAGES: Final = 2048
OUTBOX_BYTES: Final = 4_194_304
# What the device keeps of its control messages; beyond it new ones are not taken.
CONTROL_KEPT: Final = 256

ACKNOWLEDGE_EVERY: Final = 16
# On one socket; whoever asks more often only makes the other end work.
RESENDS: Final = 256
PING_EVERY_MS: Final = 10_000
DEAD_AFTER_MS: Final = 25_000
HANDSHAKE_MS: Final = 8_000
# Between the dials of a device that is away: as long as the cloud says, within these.
REDIAL_LEAST_MS: Final = 2_000
REDIAL_MOST_MS: Final = 15_000
# Somebody waits for an answer: so long may a link be silent then, or a few times as long as it has taken before.
PROBE_MS: Final = 1_500
PROBE_TRIPS: Final = 3
# So long at least may a handshake, or a dial, take then.
HURRIED_MS: Final = 3_000
# Until the pong, when other things are heard meanwhile: they may come one way alone.
PROBE_MOST: Final = 4
