"""A link that loses a tenth of all pieces and swaps others: what is decoded is what was said, sample by sample."""

from __future__ import annotations

import os
import random

import pytest

from tests.wire.test_opus import needs_opus, packets_of, sound_of, voice
from wire.events import CloudEvent, DeviceEvent, Ended, Greeted, Packet, Proven, SayPacket
from wire.link import CloudLink, DeviceLink, Identity, Session
from wire.messages import SayEnd, TurnEnd
from wire.opus import OpusDecoder
from wire.parts import OPUS, PCM

KEY = bytes(range(32))
BOOT = "cd" * 16
LOSS = SWAPPED = 0.1
# `make soak` breaks more links.
LINKS = 500 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 8


class BadLink:
    """Both ends. What stands still for want of a lost piece gets a new socket, as when the link's time is up."""

    def __init__(self, seed: int) -> None:
        formats = (OPUS, PCM)
        self.dice = random.Random(seed)
        self.device = DeviceLink(Identity(device="d", key=KEY, boot=BOOT, records=formats, plays=formats))
        self.cloud = CloudLink(now_ms=0)
        self.session = Session(session="s", token="t", device="d", boot=BOOT)
        self.decoders = {"up": OpusDecoder(), "down": OpusDecoder()}
        self.heard = {"up": b"", "down": b""}
        self.ends: list[TurnEnd | SayEnd] = []
        self.lost = self.swapped = self.sockets = 0

    def connect(self) -> None:
        self.sockets += 1
        self.device.disconnect()
        self.cloud = CloudLink(now_ms=0)
        self.device.connect(nonce=bytes(16), now_ms=0)
        for _ in range(3):
            self.up(self.device.data_to_send(1))
            self.down(self.cloud.data_to_send(1))
        assert self.device.joined

    def carry(self) -> None:
        """Until nothing moves any more."""
        while True:
            up, down = self.device.data_to_send(4000), self.cloud.data_to_send(4000)
            if not up and not down:
                return
            self.up(self.spoilt(up))
            self.down(self.spoilt(down))

    def spoilt(self, pieces: list[str | bytes]) -> list[str | bytes]:
        kept = [piece for piece in pieces if self.dice.random() >= LOSS]
        self.lost += len(pieces) - len(kept)
        for at in range(len(kept) - 1):
            if self.dice.random() < SWAPPED:
                kept[at], kept[at + 1] = kept[at + 1], kept[at]
                self.swapped += 1
        return kept

    def up(self, pieces: list[str | bytes]) -> None:
        for piece in pieces:
            cloud = self.cloud
            events = cloud.receive_text(piece, 0) if isinstance(piece, str) else cloud.receive_bytes(piece, 0)
            for event in events:
                self.at_cloud(event)

    def at_cloud(self, event: CloudEvent) -> None:
        match event:
            case Greeted():
                self.cloud.challenge(key=KEY, nonce=bytes(16))
            case Proven():
                self.cloud.welcome(self.session, now_ms=0, wall_ms=0, formats=(OPUS, PCM))
            case Packet(packet=packet, samples=samples):
                self.heard["up"] += self.decoders["up"].decode(packet, samples)
            case TurnEnd():
                self.ends.append(event)
            case Ended():
                raise AssertionError(event)

    def down(self, pieces: list[str | bytes]) -> None:
        for piece in pieces:
            device = self.device
            events = device.receive_text(piece, 0) if isinstance(piece, str) else device.receive_bytes(piece, 0)
            for event in events:
                self.at_device(event)

    def at_device(self, event: DeviceEvent) -> None:
        match event:
            case SayPacket(packet=packet, samples=samples):
                self.heard["down"] += self.decoders["down"].decode(packet, samples)
            case SayEnd():
                self.ends.append(event)
            case Ended():
                raise AssertionError(event)


@needs_opus
@pytest.mark.parametrize("frame_ms", [20, 60])
def test_with_a_tenth_lost_and_a_tenth_swapped_every_sample_is_as_without(frame_ms: int) -> None:
    question, answer = voice(2.5, 1), voice(2.0, 2)
    said, told = packets_of(question, frame_ms=frame_ms), packets_of(answer, frame_ms=frame_ms)
    whole = {"up": sound_of(said), "down": sound_of(told)}
    lost = swapped = sockets = 0
    for seed in range(LINKS):
        link = BadLink(seed)
        link.connect()
        turn = link.device.start_turn(codec=link.device.records)
        for at, packet in enumerate(said):
            link.device.send_packet(turn, packet)
            if at % 7 == 0:
                link.carry()
        link.device.end_turn(turn)
        say = link.session.start_saying(turn, codec=link.session.plays)
        for at, packet in enumerate(told):
            assert link.session.say_packet(say, packet)
            if at % 7 == 0:
                link.carry()
        link.session.end_saying(say)
        for _ in range(200):
            link.carry()
            if len(link.ends) == 2:
                break
            link.connect()
        assert link.heard == whole, f"link {seed}"
        lost, swapped, sockets = lost + link.lost, swapped + link.swapped, sockets + link.sockets
    assert lost > 8 * LINKS and swapped > 4 * LINKS and sockets > 1.5 * LINKS
