"""What is said on one device: one sentence after the other, on the right turn, and silent at once when interrupted."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import aclosing

from msgspec import Struct

from cloud.speech.errors import SpeechError
from cloud.speech.tts import TextToSpeech
from wire.messages import Fault, TurnDone
from wire.opus import OpusEncoder
from wire.outcomes import Outcome, Tone
from wire.parts import OPUS
from wire.session import Session

# What was to be heard is on the screen; said once, until the voice works again.
NO_VOICE = "My voice does not work. You can read it."
# More waiting sentences than this are old news: the oldest are not said any more (they are still shown).
WAITING = 32


class Sentence(Struct, frozen=True):
    """Something to say. `turn` 0: no turn asked for it."""

    turn: int
    text: str


class EndOfTurn(Struct, frozen=True):
    """All of a turn has been said."""

    turn: int
    outcome: Outcome
    sentence: str = ""


class Mouth:
    """Turns sentences into sound on the session's link. `changed` is called whenever there is something to send."""

    def __init__(
        self, tts: TextToSpeech, changed: Callable[[], None], on_first_sound: Callable[[int], None] = lambda turn: None
    ) -> None:
        self.session: Session | None = None
        self._tts = tts
        self._changed = changed
        self._on_first_sound = on_first_sound
        self._waiting: deque[Sentence | EndOfTurn] = deque()
        self._news = asyncio.Event()
        self._listening = False
        self._saying: tuple[int, int] | None = None  # turn, say
        self._voiceless = False

    @property
    def is_idle(self) -> bool:
        """Nothing is being said, and nothing waits to be."""
        return not self._waiting and self._saying is None

    def speak(self, turn: int, text: str) -> None:
        """Says `text` after what is waiting."""
        if text.strip():
            self._put(Sentence(turn, text.strip()))

    def end_turn(self, turn: int, outcome: Outcome, sentence: str = "") -> None:
        """Tells the device that this turn is over, after all that is said of it."""
        self._put(EndOfTurn(turn, outcome, sentence))

    def listen(self, turn: int) -> None:
        """A person began to talk: whatever is being said stops, and nothing is begun until `go_on`."""
        self._listening = True
        if self.session is not None:
            self.session.silence_turns(turn - 1)
            if self._saying is not None and self._saying[0] != turn:
                self.session.silence_say(self._saying[1])
        self._waiting = deque(item for item in self._waiting if not is_stale(item, turn))
        self._changed()

    def go_on(self) -> None:
        """The person is done talking."""
        self._listening = False
        self._news.set()

    def drop(self, turn: int) -> None:
        """This turn was taken back: nothing of it is said any more."""
        if self.session is not None:
            self.session.silence_turns(turn)
        self._waiting = deque(item for item in self._waiting if item.turn != turn)

    def silence(self, say: int) -> None:
        """The person does not want to hear the rest of this utterance."""
        if self.session is not None:
            self.session.silence_say(say)
            self._changed()

    def forget_turns(self) -> None:
        """The device began anew, and so did its turns: what waits is no turn's any more."""
        self._listening = False
        kept = [Sentence(0, item.text) for item in self._waiting if isinstance(item, Sentence)]
        self._waiting = deque(kept)
        self._saying = None
        self._news.set()

    async def run(self) -> None:
        """Speaks until cancelled."""
        while True:
            if not self._waiting or self._listening or self.session is None:
                self._news.clear()
                await self._news.wait()
                continue
            item = self._waiting.popleft()
            if isinstance(item, EndOfTurn):
                self.session.send(TurnDone(turn=item.turn, outcome=item.outcome, sentence=item.sentence))
                self._changed()
            else:
                await self._say(self.session, item)

    async def _say(self, session: Session, item: Sentence) -> None:
        opus = OpusEncoder() if session.plays == OPUS else None
        say = session.start_saying(item.turn, item.text, codec=session.plays, voice=self._tts.name)
        self._saying = (item.turn, say)
        first = True
        try:
            async with aclosing(self._tts.speak(item.text)) as pieces:
                async for pcm in pieces:
                    if session is not self.session or not await _queue(session, say, pcm, opus):
                        break
                    self._changed()
                    if first:
                        first = False
                        self._on_first_sound(item.turn)
            for packet in opus.rest() if opus else ():
                session.say_packet(say, packet)
            self._voiceless = False
        except SpeechError:
            if not self._voiceless:
                session.send(Fault(turn=item.turn, code=Outcome.UNAVAILABLE, sentence=NO_VOICE, tone=Tone.SOFT))
            self._voiceless = True
        finally:
            self._saying = None
            session.end_saying(say)
            self._changed()

    def _put(self, item: Sentence | EndOfTurn) -> None:
        self._waiting.append(item)
        while sum(isinstance(one, Sentence) for one in self._waiting) > WAITING:
            oldest = next(one for one in self._waiting if isinstance(one, Sentence))
            self._waiting.remove(oldest)
        self._news.set()


async def _queue(session: Session, say: int, pcm: bytes, opus: OpusEncoder | None) -> bool:
    """False when nobody will hear it. Coding takes its time beside the event loop."""
    if opus is None:
        return session.say(say, pcm)
    packets = await asyncio.to_thread(opus.encode, pcm)
    return all(session.say_packet(say, packet) for packet in packets)


def is_stale(item: Sentence | EndOfTurn, turn: int) -> bool:
    """True for what belongs to a turn before `turn` and has not been said when that begins."""
    return isinstance(item, Sentence) and 0 < item.turn < turn
