"""What the gateway keeps of one device: its session, its unfinished turns, and what it still has to hear."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from msgspec import Struct

from cloud import telling
from cloud.commands import AnswerAsk, CancelTask, Command
from cloud.ear import Ear, Heard, Weigh
from cloud.errors import PictureTorn, TurnRefused
from cloud.events import Event
from cloud.homes import BOOT_LETTERS, Home, address, command_of, key_of
from cloud.logs import about
from cloud.metrics import Metrics
from cloud.mouth import Mouth
from cloud.people.accounts import PairedDevice
from cloud.speech.stt import SpeechToText
from cloud.speech.tts import TextToSpeech
from cloud.turns import Pictures, StoredTurn, Turns
from wire import messages
from wire.events import Audio, CloudEvent, Packet, Picture
from wire.link import CloudLink, Session, TurnMemory
from wire.messages import Hello, TurnAbort, TurnEnd, TurnStart, TurnText
from wire.outcomes import OUTCOMES, CloseCode, Outcome
from wire.parts import Kept

log = structlog.get_logger()
# What a device that is away, and has no session, may miss before the oldest is forgotten.
MISSED = 64
MOST_CONTROLS = 64
# What is said as a note is kept to the letter, whatever it says.
NOTE = "take a note {}"
# Whether the turn was stored before that, and will be done yet, nobody knows here.
BROKEN = "Something broke in the cloud. Look in the portal before you say it again."


Control = messages.Answer | messages.CancelTask | messages.StopRinging | messages.SetTimer
Spawn = Callable[[Coroutine[Any, Any, None], str], None]


async def _nothing_expected() -> None: ...


class Works(Struct, frozen=True, kw_only=True):
    """What a desk works with. `stop_ringing` takes a person, a timer, and seconds to snooze (0: for good).

    `set_timer` takes what a device has set by itself. `expect` gets ready for what will be said, while it is said.
    """

    stt: SpeechToText
    tts: TextToSpeech
    turns: Turns
    pictures: Pictures
    submit: Callable[[Command], Awaitable[object]]
    stop_ringing: Callable[[str, str, float], Awaitable[object]]
    set_timer: Callable[[str, messages.SetTimer], Awaitable[object]]
    weigh: Weigh
    metrics: Metrics
    expect: Callable[[], Coroutine[Any, Any, None]] = _nothing_expected


class Desk:
    """One device. Lives as long as the gateway, whether or not the device is connected."""

    def __init__(self, device: PairedDevice, works: Works, spawn: Spawn, told: int = 0) -> None:
        self.device = device
        self.told = told  # cursor of the last event that the device has
        self._telling = told
        self.session: Session | None = None
        self.link: CloudLink | None = None
        self.changed = asyncio.Event()
        self.mouth = Mouth(works.tts, self.changed.set, self._first_sound)
        self._works = works
        self._spawn = spawn
        self._ears: dict[int, Ear] = {}
        self._pending: dict[int, float] = {}  # turns that are not done, and when their button came up
        self._settled: set[int] = set()  # turns that ended with nothing to store
        self._turn_of: dict[str, int] = {}
        self._task_of_ask: dict[str, str] = {}
        self._missed: deque[tuple[Event, Home]] = deque(maxlen=MISSED)
        self._last_words: dict[str, tuple[str, str]] = {}
        self._controls = 0  # commands that are not stored yet

    @property
    def address(self) -> str:
        """The device and its boot: turns count from 1 within it."""
        return address(self.device.id, self.session.boot if self.session else "")

    @property
    def at_rest(self) -> bool:
        """Nobody talks here, nothing is being said, and no turn waits for its answer; or the device is away."""
        return self.link is None or (not self._ears and not self._pending and self.mouth.is_idle)

    # The socket ---------------------------------------------------------------------------------------------------

    def session_for(self, hello: Hello) -> Session:
        """The session that the device was in, or a new one."""
        old = self.session
        if old is not None and old.boot == hello.boot:
            return old
        for ear in self._ears.values():
            ear.abort()
        for kept in (self._ears, self._pending, self._turn_of):
            kept.clear()
        self._settled.clear()
        self.mouth.forget_turns()
        self.session = self.mouth.session = Session(
            session=secrets.token_hex(8), token=secrets.token_urlsafe(24), device=hello.device, boot=hello.boot
        )
        return self.session

    async def memories(self, kept: tuple[Kept, ...]) -> list[TurnMemory]:
        """What is known to be durable of the turns that the device still keeps.

        Of a turn that the session knows, the session knows that too; only of others the store is asked.
        """
        here = self.session.intakes if self.session else {}
        found = []
        for one in kept:
            if not one.turn:
                continue
            settled = one.turn in self._settled
            if settled or (one.turn not in here and await self._works.turns.get(self.address, one.turn)):
                found.append(TurnMemory(turn=one.turn, number=one.last, closed=True))
        return found

    def joined(self, link: CloudLink) -> None:
        """The device is in: it hears what it missed."""
        self.link = link
        if not self._ears:
            self.mouth.go_on()
        missed = list(self._missed)
        self._missed.clear()
        for event, home in missed:
            self.tell(event, home)

    def left(self, link: CloudLink) -> None:
        """That socket is closed; turns in the middle are kept, the device goes on with them."""
        if self.link is link:
            self.link = None

    # What the device says -----------------------------------------------------------------------------------------

    def take(self, event: CloudEvent) -> None:
        """One thing that came over the link."""
        match event:
            case TurnStart():
                self._start(event)
            case Audio() | Packet():
                if ear := self._ears.get(event.turn):
                    ear.take(event)
            case TurnText():
                if ear := self._ears.get(event.turn):
                    ear.type(event)
            case Picture():
                if ear := self._ears.get(event.turn):
                    ear.see(event)
            case TurnEnd():
                self._end(event)
            case TurnAbort():
                self._abort(event)
            case messages.Silence():
                self.mouth.silence(event.say)
                self._commit_controls()
            case messages.Played():
                self._works.metrics.played(event.samples, whole=event.whole)
                self._commit_controls()
            case messages.Answer() | messages.CancelTask() | messages.StopRinging() | messages.SetTimer():
                self._take_control(event)
            case _:
                pass

    def _start(self, start: TurnStart) -> None:
        for turn in [turn for turn in self._ears if turn < start.turn]:
            if turn not in self._pending:
                self._ears.pop(turn).abort()
        self.mouth.listen(start.turn)
        if start.turn in self._ears:
            return
        name = f"{self.address}:{start.turn}"

        def partial(text: str) -> None:
            self._send(messages.Transcript(turn=start.turn, text=text))

        self._spawn(self._works.expect(), "expecting")
        self._ears[start.turn] = Ear(start, self._works.stt, self._works.weigh, name, partial)
        with about(device=self.device.id, turn=start.turn):
            log.info("turn_started", mode=start.mode, picture=start.picture, ask=start.ask)

    def _abort(self, abort: TurnAbort) -> None:
        if ear := self._ears.pop(abort.turn, None):
            ear.abort()
        self._pending.pop(abort.turn, None)
        self._settled.add(abort.turn)
        self.mouth.drop(abort.turn)
        self.mouth.go_on()
        with about(device=self.device.id, turn=abort.turn):
            log.info("turn_aborted", reason=abort.reason)

    def _end(self, end: TurnEnd) -> None:
        ear = self._ears.get(end.turn)
        if ear is None:
            # The session knows this turn from its store: all that is owed is the acknowledgement.
            self._commit(end.turn)
            return
        self._pending[end.turn] = time.monotonic()
        self._spawn(self._finish(ear, end), "turn")

    async def _finish(self, ear: Ear, end: TurnEnd) -> None:
        with about(device=self.device.id, turn=end.turn):
            try:
                heard = await ear.finish(end)
                await self._keep(ear, heard, end.turn)
            except TurnRefused as refusal:
                self._refuse(end.turn, refusal)
            except Exception:
                # The edge of a turn: whatever went wrong, the person hears of it and the next turn works.
                log.exception("turn_failed")
                self._refuse(end.turn, TurnRefused("unavailable", BROKEN))
            finally:
                if self._ears.get(end.turn) is ear:
                    del self._ears[end.turn]
                self.mouth.go_on()

    async def _keep(self, ear: Ear, heard: Heard, turn: int) -> None:
        released = self._pending.get(turn)
        if released is None:
            return
        engine = telling.label(heard.engine) if heard.spoken else ""
        self._send(messages.Transcript(turn=turn, text=heard.text, final=True, engine=engine))
        self._works.metrics.transcript(released)
        log.info(
            "heard", letters=len(heard.text), engine=heard.engine, took_ms=round((time.monotonic() - released) * 1000)
        )
        picture, problem = "", heard.picture_problem
        if heard.picture is not None:
            try:
                picture = await self._works.pictures.keep(self.device.person, heard.picture)
            except PictureTorn as error:
                log.warning("picture_refused", reason=str(error))
                problem = OUTCOMES[Outcome.BAD_PICTURE].sentence
        stored = StoredTurn(
            device=self.address,
            turn=turn,
            person=self.device.person,
            key=key_of(self.address, turn, heard.again),
            text=NOTE.format(heard.text) if heard.note else heard.text,
            alternatives=() if heard.note else await ear.weigh(heard),
            engine=heard.engine,
            ask=heard.ask,
            picture=picture,
            picture_problem=problem,
            said_at=heard.said_at,
        )
        kept = await self._works.turns.keep(stored)
        if (kept.device, kept.turn) != (self.address, turn):
            log.info("said_again", key=kept.key)
            self._settled.add(turn)
            self._done(turn, Outcome.STARTED, "")
        # A device that began anew meanwhile counts its turns from 1 again: that number is another turn now.
        if self._ears.get(turn) is ear:
            self._commit(turn)
        if task := self._task_of_ask.get(heard.ask):
            self._turn_of[task] = turn
        await self._works.submit(command_of(kept))
        await self._works.turns.mark_submitted(kept.key)

    def _refuse(self, turn: int, refusal: TurnRefused) -> None:
        log.warning("turn_refused", code=refusal.code, sentence=refusal.sentence)
        self._works.metrics.refused(refusal.code)
        self._settled.add(turn)
        self._commit(turn)
        if turn in self._pending:
            self._send(
                messages.Fault(
                    turn=turn,
                    code=Outcome(refusal.code),
                    sentence=refusal.sentence,
                    tone=OUTCOMES[Outcome(refusal.code)].tone,
                )
            )
            self.mouth.speak(turn, refusal.sentence)
            self._done(turn, Outcome(refusal.code), refusal.sentence)

    def _take_control(self, event: Control) -> None:
        """Overflow: a device that sends more than can be waiting is put out."""
        if self._controls >= MOST_CONTROLS:
            log.warning("too_many_controls", device=self.device.id)
            if self.link is not None:
                self.link.close(CloseCode.LIMIT, "too many commands at once")
                self.changed.set()
            return
        self._controls += 1
        self._spawn(self._controlled(event), "control")

    async def _controlled(self, event: Control) -> None:
        try:
            await self._control(event)
        finally:
            self._controls -= 1
        self._commit_controls()

    def _commit_controls(self) -> None:
        """Acknowledges the commands, all at once, so never while one of them is not stored yet."""
        if not self._controls:
            self._commit(0)

    async def _control(self, event: Control) -> None:
        person = self.device.person
        with about(device=self.device.id):
            log.info("control", what=type(event).__name__)
            match event:
                case messages.Answer():
                    answer = event.choice if event.answer == "choice" else event.answer
                    await self._works.submit(
                        AnswerAsk(
                            ask=event.ask, digest=event.digest, answer=answer, person=person, surface=self.device.id
                        )
                    )
                case messages.CancelTask():
                    await self._works.submit(CancelTask(person=person, task=event.task))
                case messages.StopRinging():
                    await self._works.stop_ringing(person, event.timer, event.snooze_ms / 1000)
                case messages.SetTimer():
                    await self._works.set_timer(person, event)

    # What the device is told --------------------------------------------------------------------------------------

    def received(self) -> int:
        """The cursor up to which the device has heard and seen everything."""
        if self.session is not None and self.session.all_received and self.mouth.is_idle and not self._missed:
            self.told = self._telling
        return self.told

    def tell(self, event: Event, home: Home) -> None:
        """One event of the person's, as far as this device shows and says it. `home`: where its task came from."""
        self._telling = event.cursor
        if self.session is None:
            self._missed.append((event, home))
            return
        is_mine = home.is_of(self.device.id) or not event.task
        if not is_mine and event.kind not in telling.FOR_EVERYBODY:
            return
        turn = self._turn(event, home) if is_mine else 0
        for message in telling.told(event, turn):
            self._send(message)
        if is_mine:
            self._speak(event, turn)
        outcome = telling.ends_turn(event)
        if outcome is not None and turn:
            self._done(turn, outcome, str(event.data.get("sentence", "")))
        if event.kind == "ask_closed":
            self._task_of_ask.pop(str(event.data.get("ask", "")), None)
        if event.kind == "task_done":
            self._turn_of.pop(event.task, None)
            self._last_words.pop(event.task, None)

    def _turn(self, event: Event, home: Home) -> int:
        """The turn that waits for this event, 0 when none does any more."""
        if event.kind == "asked":
            self._task_of_ask[str(event.data.get("ask", ""))] = event.task
        is_now = self.session is not None and home.boot == self.session.boot[:BOOT_LETTERS]
        turn = self._turn_of.get(event.task, home.turn if is_now else 0)
        return turn if turn in self._pending else 0

    def _speak(self, event: Event, turn: int) -> None:
        """What is said, and what is asked; a question that is also said is spoken once."""
        if event.kind not in ("said", "asked") or event.data.get("quiet"):
            return
        text = str(event.data.get("text", ""))
        other = "asked" if event.kind == "said" else "said"
        if self._last_words.pop(event.task, None) == (other, text):
            return
        self._last_words[event.task] = (event.kind, text)
        self.mouth.speak(turn, text)

    def _done(self, turn: int, outcome: Outcome, sentence: str) -> None:
        if self._pending.pop(turn, None) is not None:
            self.mouth.end_turn(turn, outcome, telling.sentence(sentence))

    def _first_sound(self, turn: int) -> None:
        released = self._pending.get(turn)
        if released is not None:
            self._works.metrics.first_sound(released)

    def _send(self, message: messages.Told) -> None:
        if self.session is not None:
            self.session.send(message)
            self.changed.set()

    def _commit(self, turn: int) -> None:
        if self.session is None or turn not in self.session.intakes:
            return
        if self.link is not None and self.link.ended is None:
            self.link.commit(turn)
            self.changed.set()
        else:
            # The device may be coming back at this moment: it hears of it when it is let in.
            self.session.intakes[turn].commit()
