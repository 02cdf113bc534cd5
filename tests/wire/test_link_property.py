"""Random interleavings of talk, abort, drop, duplicate and restart: nothing is lost, doubled or mixed up."""

from __future__ import annotations

import os
import random
import zlib
from collections.abc import Callable

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from wire.events import Audio, Ended, Greeted, Joined, Packet, Picture, Proven, SayAudio, SayPacket, TurnKept, TurnLost
from wire.link import CloudLink, DeviceLink, Identity, Session, TurnMemory
from wire.messages import Answer, Card, Played, SayEnd, SayStart, StopSaying, TurnAbort, TurnEnd, TurnStart, TurnText
from wire.parts import OPUS, PCM, AudioFormat

KEY = bytes(range(32))
BOOT = "ab" * 16


def sound(turn: int, at: int, samples: int) -> bytes:
    """Samples that tell which turn and which place they are of."""
    return b"".join((((turn * 7919 + place) & 0xFFFF).to_bytes(2, "little")) for place in range(at, at + samples))


def packet(turn: int, at: int) -> bytes:
    """A false Opus packet of 60 ms, which tells as well which turn and which place it is of."""
    return b"\x58" + turn.to_bytes(4, "big") + at.to_bytes(4, "big")


class Store:
    """What survives a gateway: turns as far as they were committed, with their sound, and what was done with them."""

    def __init__(self) -> None:
        self.memories: dict[int, TurnMemory] = {}
        self.heard: dict[int, bytes] = {}
        self.pictures: dict[int, bytes] = {}
        self.finished: dict[int, tuple[bytes, bytes | None]] = {}
        self.answers: list[str] = []


class Gateway:
    """A gateway as the cloud has one: it may die at any moment and knows then what the store knows."""

    def __init__(self, store: Store, name: int) -> None:
        self.store = store
        self.name = name
        self.session: Session | None = None
        self.heard = dict(store.heard)
        self.pictures = dict(store.pictures)
        self.aborted: set[int] = set()
        self.link: CloudLink | None = None
        self.live: set[int] = set()

    def connect(self) -> None:
        self.link = CloudLink(now_ms=0)

    def take(self, data: str | bytes) -> None:
        assert self.link is not None
        link = self.link
        events = link.receive_text(data, 0) if isinstance(data, str) else link.receive_bytes(data, 0)
        for event in events:
            match event:
                case Greeted():
                    link.challenge(key=KEY, nonce=bytes(16))
                case Proven(hello=hello):
                    known = self.session
                    if known is None or hello.resume is None or hello.resume.token != known.token:
                        known = self.session = Session(
                            session=f"s{self.name}", token=f"t{self.name}", device="d", boot=BOOT
                        )
                    link.welcome(
                        known, now_ms=0, wall_ms=0, turns=tuple(self.store.memories.values()), formats=(OPUS, PCM)
                    )
                case TurnStart(turn=turn):
                    self.heard[turn] = b""
                    self.live.add(turn)
                case Audio(turn=turn, offset=offset, pcm=pcm):
                    assert turn not in self.aborted
                    assert offset * 2 == len(self.heard[turn])
                    self.heard[turn] += pcm
                case Packet(turn=turn, offset=offset, samples=samples, packet=data):
                    assert turn not in self.aborted
                    assert offset * 2 == len(self.heard[turn])
                    assert data == packet(turn, offset) and samples == 960
                    self.heard[turn] += sound(turn, offset, samples)
                case Picture(turn=turn, jpeg=jpeg, intact=intact):
                    assert intact
                    assert turn not in self.pictures
                    self.pictures[turn] = jpeg
                case TurnEnd(turn=turn, samples=samples):
                    assert turn not in self.aborted
                    assert turn not in self.store.finished
                    assert len(self.heard[turn]) == samples * 2
                    self.store.finished[turn] = (self.heard[turn], self.pictures.get(turn))
                    self.store.memories[turn] = link.memory(turn)
                    link.commit(turn)
                case TurnAbort(turn=turn):
                    self.aborted.add(turn)
                    self.heard.pop(turn, None)
                case TurnText():
                    raise AssertionError("no text was sent")
                case Answer(ask=ask):
                    self.store.answers.append(ask)
                    self.store.memories[0] = link.memory(0)
                    link.commit(0)
                case Ended() as ended:
                    raise AssertionError(ended)

    def commit_part(self, turn: int) -> None:
        if self.link is None or self.session is None or turn not in self.session.intakes or turn in self.aborted:
            return
        if self.link.session is not self.session:
            return
        memory = self.link.memory(turn)
        self.store.memories[turn] = memory
        self.store.heard[turn] = self.heard.get(turn, b"")[: memory.samples * 2]
        if turn in self.pictures:
            self.store.pictures[turn] = self.pictures[turn]
        self.link.commit(turn)


class World:
    """A person, a device, a bad net, and gateways that die."""

    def __init__(self) -> None:
        self.device = DeviceLink(Identity(device="d", key=KEY, boot=BOOT, records=(OPUS, PCM), plays=(OPUS, PCM)))
        self.store = Store()
        self.gateways = 1
        self.gateway = Gateway(self.store, self.gateways)
        self.up: list[str | bytes] = []
        self.down: list[str | bytes] = []
        self.past_up: list[str | bytes] = []
        self.past_down: list[str | bytes] = []
        self.joined = False
        self.turn = 0
        self.recording = False
        self.spoken: dict[int, int] = {}
        self.pictured: dict[int, bytes] = {}
        self.ended: set[int] = set()
        self.aborted: set[int] = set()
        self.lost: set[int] = set()
        self.kept: set[int] = set()
        self.asked = 0
        self.told: list[str] = []
        self.shown: list[str] = []
        self.say = 0
        self.said: dict[int, tuple[int, int]] = {}
        self.played: dict[int, int] = {}
        self.connected = False
        self.samples_played = 0
        self.codec: AudioFormat = PCM
        self.packets = self.packets_played = 0

    # the person -----------------------------------------------------------------------------------------------------

    def press(self) -> None:
        if self.recording:
            return
        self.codec = self.device.records if self.turn % 2 else PCM
        self.turn = self.device.start_turn(codec=self.codec)
        self.spoken[self.turn] = 0
        self.recording = True

    def talk(self, samples: int) -> None:
        if not self.recording:
            return
        if self.codec == PCM:
            self.device.send_audio(self.turn, sound(self.turn, self.spoken[self.turn], samples))
            self.spoken[self.turn] += samples
            return
        for _ in range(samples // 960):
            self.device.send_packet(self.turn, packet(self.turn, self.spoken[self.turn]))
            self.spoken[self.turn] += 960
            self.packets += 1

    def photograph(self, size: int) -> None:
        if not self.recording or self.turn in self.pictured:
            return
        jpeg = (zlib.crc32(bytes([self.turn % 256])).to_bytes(4, "big") * (size // 4 + 1))[:size]
        self.pictured[self.turn] = jpeg
        self.device.send_picture(self.turn, jpeg)

    def release(self) -> None:
        if not self.recording:
            return
        self.device.end_turn(self.turn)
        self.recording = False
        self.ended.add(self.turn)

    def abort(self, back: int) -> None:
        if not self.turn:
            return
        turn = max(1, self.turn - back)
        if turn == self.turn:
            self.recording = False
        self.device.abort_turn(turn)
        self.aborted.add(turn)

    def press_an_answer(self) -> None:
        self.asked += 1
        self.device.tell(Answer(ask=f"a{self.asked}", digest="d", answer="no"))

    # the cloud ------------------------------------------------------------------------------------------------------

    def show(self) -> None:
        if self.gateway.session is None:
            return
        self.told.append(f"card {len(self.told)}")
        self.gateway.session.send(Card(title=self.told[-1]))

    def speak(self, samples: int, back: int) -> None:
        session = self.gateway.session
        if session is None or not self.gateway.live:
            return
        turn = sorted(self.gateway.live)[-1 - min(back, len(self.gateway.live) - 1)]
        codec = session.plays if turn % 2 else PCM
        say = session.start_saying(turn, codec=codec)
        if codec == PCM:
            session.say(say, sound(turn, 0, samples))
        else:
            for at in range(0, samples, 960):
                session.say_packet(say, packet(turn, at))
        session.end_saying(say)

    def commit_part(self, back: int) -> None:
        self.gateway.commit_part(max(1, self.turn - back))

    # the net --------------------------------------------------------------------------------------------------------

    def drop(self) -> None:
        self.device.disconnect()
        self.up.clear()
        self.down.clear()
        self.past_up.clear()
        self.past_down.clear()
        self.gateway.link = None
        self.connected = self.joined = False

    def dial(self) -> None:
        if self.connected:
            return
        self.gateway.connect()
        self.device.connect(nonce=bytes(16), now_ms=0)
        self.connected = True

    def kill_gateway(self) -> None:
        self.drop()
        self.gateways += 1
        self.gateway = Gateway(self.store, self.gateways)
        self.played.clear()

    def carry(self, most: int, count: int) -> None:
        if not self.connected:
            return
        self.pump(most)
        for _ in range(min(count, len(self.up))):
            self.deliver_up()
        for _ in range(min(count, len(self.down))):
            self.deliver_down()

    def duplicate_up(self, pick: int) -> None:
        if self.joined and self.past_up:
            self.gateway.take(self.past_up[pick % len(self.past_up)])

    def duplicate_down(self, pick: int) -> None:
        if self.joined and self.past_down:
            self.hear(self.past_down[pick % len(self.past_down)])

    def swap_up(self, pick: int) -> None:
        if not self.joined or len(self.up) < 2:
            return
        at = pick % (len(self.up) - 1)
        self.up[at], self.up[at + 1] = self.up[at + 1], self.up[at]

    def swap_down(self, pick: int) -> None:
        if not self.joined or len(self.down) < 2:
            return
        at = pick % (len(self.down) - 1)
        self.down[at], self.down[at + 1] = self.down[at + 1], self.down[at]

    # ----------------------------------------------------------------------------------------------------------------

    def pump(self, most: int = 65_536) -> None:
        self.up += self.device.data_to_send(most)
        if self.gateway.link is not None:
            self.down += self.gateway.link.data_to_send(most)

    def deliver_up(self) -> None:
        data = self.up.pop(0)
        if self.joined:
            self.past_up.append(data)
        self.gateway.take(data)
        assert self.gateway.link is not None
        self.down += self.gateway.link.data_to_send(1)

    def deliver_down(self) -> None:
        data = self.down.pop(0)
        if self.joined:
            self.past_down.append(data)
        self.hear(data)

    def hear(self, data: str | bytes) -> None:
        device = self.device
        events = device.receive_text(data, 0) if isinstance(data, str) else device.receive_bytes(data, 0)
        for event in events:
            match event:
                case Joined(welcome=welcome):
                    self.joined = True
                    if not welcome.resumed:
                        self.played.clear()
                case Card(title=title):
                    self.shown.append(title)
                case SayAudio(turn=turn, say=say, offset=offset, pcm=pcm):
                    assert turn == self.turn and turn not in self.aborted, "sound of an old turn was heard"
                    assert offset == self.played.get(say, 0)
                    assert pcm == sound(turn, offset, len(pcm) // 2)
                    self.samples_played += len(pcm) // 2
                    self.played[say] = offset + len(pcm) // 2
                case SayPacket(turn=turn, say=say, offset=offset, samples=samples, packet=data):
                    assert turn == self.turn and turn not in self.aborted, "sound of an old turn was heard"
                    assert offset == self.played.get(say, 0)
                    assert data == packet(turn, offset) and samples == 960
                    self.samples_played += samples
                    self.packets_played += 1
                    self.played[say] = offset + samples
                case SayEnd(say=say, samples=samples, turn=turn):
                    assert turn == self.turn
                    assert self.played.get(say, 0) == samples
                case TurnKept(turn=turn):
                    self.kept.add(turn)
                case TurnLost(turn=turn, reason=reason):
                    assert reason == "buffer_full", "a turn was given up although everything was kept"
                    self.lost.add(turn)
                case SayStart() | StopSaying() | Played():
                    pass
                case Ended() as ended:
                    raise AssertionError(ended)

    def check(self) -> None:
        for turn, (heard, picture) in self.store.finished.items():
            assert heard == sound(turn, 0, self.spoken[turn])
            assert picture == self.pictured.get(turn)
        order = [int(title.split()[1]) for title in self.shown]
        assert order == sorted(set(order)), "a card came twice or out of order"
        answers = self.store.answers
        assert answers == [f"a{number}" for number in range(1, len(answers) + 1)]

    def settle(self) -> None:
        if self.recording:
            self.release()
        self.drop()
        self.dial()
        for _ in range(400):
            self.pump()
            if not self.up and not self.down:
                break
            while self.up:
                self.deliver_up()
            while self.down:
                self.deliver_down()
        assert self.joined and self.device.idle
        assert len(self.store.answers) == self.asked
        expected = {turn for turn in self.ended if turn not in self.aborted}
        assert expected - self.lost <= set(self.store.finished)
        self.check()


class LinkMachine(RuleBasedStateMachine):
    """The same world, for hypothesis to search and shrink. Drops are rarer than talk, or nothing would ever arrive."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @rule(samples=st.integers(1, 3000), size=st.integers(0, 60_000), ended=st.booleans())
    def a_turn(self, samples: int, size: int, ended: bool) -> None:
        self.world.press()
        self.world.talk(samples)
        if size:
            self.world.photograph(size)
        if ended:
            self.world.release()

    @rule(back=st.integers(0, 2))
    def abort(self, back: int) -> None:
        self.world.abort(back)

    @rule(samples=st.integers(1, 4000), back=st.integers(0, 2))
    def reply(self, samples: int, back: int) -> None:
        self.world.show()
        self.world.speak(samples, back)

    @rule(back=st.integers(0, 2))
    def commit_part(self, back: int) -> None:
        self.world.press_an_answer()
        self.world.commit_part(back)

    @rule(most=st.integers(1, 40_000), count=st.integers(1, 60))
    def carry(self, most: int, count: int) -> None:
        self.world.dial()
        self.world.carry(most, count)

    @rule(pick=st.integers(0, 10_000))
    def disturb(self, pick: int) -> None:
        self.world.duplicate_up(pick)
        self.world.duplicate_down(pick)
        self.world.swap_up(pick)
        self.world.swap_down(pick)

    @rule(kill=st.booleans())
    def cut(self, kill: bool) -> None:
        if kill:
            self.world.kill_gateway()
        else:
            self.world.drop()

    @invariant()
    def whole(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        self.world.settle()


TestLink = LinkMachine.TestCase
TestLink.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def walk(seed: int, steps: int) -> World:
    """A long random journey with rates as in life: much talk and carrying, few drops, fewer dead gateways."""
    dice = random.Random(seed)
    world = World()
    deeds: list[tuple[float, Callable[[], None]]] = [
        (6, world.press),
        (16, lambda: world.talk(dice.randint(1, 3000))),
        (2, lambda: world.photograph(dice.randint(1, 60_000))),
        (6, world.release),
        (2, lambda: world.abort(dice.randint(0, 2))),
        (3, world.press_an_answer),
        (4, world.show),
        (6, lambda: world.speak(dice.randint(1, 9000), dice.randint(0, 2))),
        (2, lambda: world.commit_part(dice.randint(0, 2))),
        (2, world.drop),
        (8, world.dial),
        (1, world.kill_gateway),
        (30, lambda: world.carry(dice.randint(1, 30_000), dice.randint(1, 60))),
        (3, lambda: world.duplicate_up(dice.randrange(10_000))),
        (3, lambda: world.duplicate_down(dice.randrange(10_000))),
        (2, lambda: world.swap_up(dice.randrange(10_000))),
        (2, lambda: world.swap_down(dice.randrange(10_000))),
    ]
    for deed in dice.choices([deed for _, deed in deeds], [weight for weight, _ in deeds], k=steps):
        deed()
        world.check()
    world.settle()
    return world


# `make soak` takes 5,000 journeys of 200 steps.
JOURNEYS, STEPS = (5000, 200) if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else (120, 150)


@pytest.mark.parametrize("start", range(0, JOURNEYS, 40))
def test_nothing_is_lost_doubled_or_mixed_up_on_long_bad_journeys(start: int) -> None:
    finished = heard = shown = aborted = packets = 0
    for seed in range(start, start + 40):
        try:
            world = walk(seed, STEPS)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
        finished += len(world.store.finished)
        heard += world.samples_played
        packets += min(world.packets, world.packets_played)
        shown += len(world.shown)
        aborted += len(world.aborted)
    # The journeys must have been journeys: turns finished, sound was heard, cards came, turns were aborted.
    assert finished > 80 and heard > 100_000 and shown > 50 and aborted > 40 and packets > 30
