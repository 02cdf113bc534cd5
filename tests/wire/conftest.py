"""Two ends of a link with nothing between them."""

from __future__ import annotations

import pytest

from wire.events import CloudEvent, DeviceEvent, Ended, Greeted, Joined, Proven
from wire.link import CloudLink, DeviceLink, Identity, Session, Snapshot, TurnMemory
from wire.parts import PCM, AudioFormat, Limits

KEY = bytes(range(32))
BOOT = "0123456789abcdef" * 2
NONCE_DEVICE = bytes(16)
NONCE_CLOUD = bytes([1] * 16)


class Pair:
    """A device and a cloud. `carry` moves all there is, both ways, until nothing is left."""

    def __init__(self) -> None:
        self.device = DeviceLink(Identity(device="hare", key=KEY, boot=BOOT, software="test 1"))
        self.cloud = CloudLink(now_ms=0)
        self.session = Session(session="s1", token="t1", device="hare", boot=BOOT)
        self.cloud_key: bytes | None = KEY
        self.memories: tuple[TurnMemory, ...] = ()
        self.snapshot = Snapshot()
        self.limits = Limits()
        self.formats: tuple[AudioFormat, ...] = (PCM,)
        self.at_cloud: list[CloudEvent] = []
        self.at_device: list[DeviceEvent] = []
        self.sent_up: list[str | bytes] = []
        self.sent_down: list[str | bytes] = []

    def connect(self) -> Pair:
        self.cloud = CloudLink(now_ms=0)
        self.device.connect(nonce=NONCE_DEVICE, now_ms=0)
        self.carry()
        return self

    def drop(self) -> None:
        self.device.disconnect()

    def new_gateway(self) -> None:
        self.drop()
        self.session = Session(session="s2", token="t2", device="hare", boot=BOOT)

    def carry(self) -> None:
        moving = True
        while moving:
            up = self.device.data_to_send()
            for data in up:
                self.sent_up.append(data)
                self.up(data)
            down = self.cloud.data_to_send()
            for data in down:
                self.sent_down.append(data)
                self.down(data)
            moving = bool(up or down)

    def up(self, data: str | bytes) -> list[CloudEvent]:
        cloud = self.cloud
        events = cloud.receive_text(data, 0) if isinstance(data, str) else cloud.receive_bytes(data, 0)
        for event in events:
            if isinstance(event, Greeted):
                cloud.challenge(key=self.cloud_key, nonce=NONCE_CLOUD)
            if isinstance(event, Proven):
                cloud.welcome(
                    self.session,
                    now_ms=0,
                    wall_ms=1_700_000_000_000,
                    turns=self.memories,
                    snapshot=self.snapshot,
                    allowed=self.limits,
                    formats=self.formats,
                )
        self.at_cloud += events
        return events

    def down(self, data: str | bytes) -> list[DeviceEvent]:
        device = self.device
        events = device.receive_text(data, 0) if isinstance(data, str) else device.receive_bytes(data, 0)
        self.at_device += events
        return events

    def joined(self) -> Joined:
        return next(event for event in reversed(self.at_device) if isinstance(event, Joined))

    def ended_cloud(self) -> Ended:
        assert self.cloud.ended is not None
        return self.cloud.ended


@pytest.fixture
def pair() -> Pair:
    """Connected and welcome."""
    return Pair().connect()
