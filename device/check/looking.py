"""Looks at each part with the person's help, and returns what was seen. Adapters; what it means is in `judging.py`."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from PIL import Image

from device import cues
from device.check import acoustics, screens
from device.check.judging import CLICKS_ASKED
from device.check.seen import (
    Answer,
    BatterySeen,
    ButtonSeen,
    ColoursSeen,
    EchoSeen,
    MicrophoneSeen,
    MuteSeen,
    PictureSeen,
    SpeakerSeen,
    WheelSeen,
)
from device.check.stand import Stand
from device.errors import SpeakerError
from device.parts.interfaces import Microphone
from device.window import SEEING

_STEPS_ASKED: Final = 2
_BOUNCES_S: Final = 0.2
_CAMERA_S: Final = 10.0
_STALL_S: Final = 2.0
# A battery is asked behind our back: its first answer may take a while.
_READINGS, _READING_S = 30, 0.1
_TONE_MS: Final = 600
_TAIL_S: Final = 0.3
_LEVEL_S: Final = 0.2
# The recording runs so long before the chirp is played, and so long after.
_BEFORE_S: Final = 0.3
_AFTER_S: Final = 1.2
_EYE: Final = {"looks": "look at what is before it now", "looks away": "look away now"}
_LIGHTS: Final = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}


class _Awaited:
    """Something that a part tells in the event loop."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._news = asyncio.Event()

    def told(self) -> None:
        self._news.set()

    async def until(self, true: Callable[[], bool]) -> bool:
        """Wait for it; False when it did not become so in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience_s):
                while not true():
                    self._news.clear()
                    await self._news.wait()
        return true()


async def button(stand: Stand) -> ButtonSeen:
    """A click, then a hold of a second."""
    part = stand.button
    if part.held() or not stand.person.there:
        return ButtonSeen(part.held(), asked=False)
    edges: list[tuple[bool, int]] = []
    awaited = _Awaited(stand.patience_s)

    def told(down: bool, at_ms: int) -> None:
        edges.append((down, at_ms))
        awaited.told()

    part.start(told)
    say(stand, "button", "Press the button once, and let it go.")
    if await awaited.until(lambda: ups(edges) >= 1):
        await asyncio.sleep(_BOUNCES_S)
        say(stand, "button", "Now hold it for a second, and let it go.")
        await awaited.until(lambda: ups(edges) >= CLICKS_ASKED)
        await asyncio.sleep(_BOUNCES_S)
    return ButtonSeen(False, True, tuple(edges))


def ups(edges: list[tuple[bool, int]]) -> int:
    """How often it was let go."""
    return sum(not down for down, _ in edges)


async def wheel(stand: Stand) -> WheelSeen:
    """Right, left, push."""
    part = stand.wheel
    if not stand.person.there:
        return WheelSeen(asked=False)
    turned, pushed = [0], [0]
    awaited = _Awaited(stand.patience_s)

    def on_turn(steps: int) -> None:
        turned[0] += steps
        awaited.told()

    def on_push() -> None:
        pushed[0] += 1
        awaited.told()

    async def steps(words: str) -> int:
        turned[0] = 0
        say(stand, "wheel", words)
        await awaited.until(lambda: abs(turned[0]) >= _STEPS_ASKED)
        return turned[0]

    part.start(on_turn, on_push)
    right = await steps("Turn the wheel to the right.")
    left = await steps("Now turn it to the left.")
    say(stand, "wheel", "Push it.")
    await awaited.until(lambda: pushed[0] > 0)
    return WheelSeen(True, right, left, pushed[0])


async def light(stand: Stand) -> ColoursSeen:
    """Red, green, blue; dark again."""
    part = stand.light
    answers: list[tuple[str, Answer]] = []
    for name, colour in _LIGHTS.items():
        part.show(*colour)
        answers.append((name, await stand.person.ask(f"Is the light {name}?")))
    part.show(0, 0, 0)
    return ColoursSeen(tuple(answers))


async def eye(stand: Stand) -> ColoursSeen:
    """It looks at the world, and away."""
    part = stand.eye
    answers: list[tuple[str, Answer]] = []
    for name, colour in (("looks", SEEING), ("looks away", (0, 0, 0))):
        part.show(*colour)
        answers.append((name, await stand.person.ask(f"The eye of the camera: does it {_EYE[name]}?")))
    return ColoursSeen(tuple(answers))


async def mute(stand: Stand) -> MuteSeen:
    """Slid to and fro."""
    part = stand.mute
    stood: list[bool] = []
    awaited = _Awaited(stand.patience_s)

    def told(off: bool) -> None:
        stood.append(off)
        awaited.told()

    part.start(told)
    if stand.person.there:
        say(stand, "mute", "Slide the mute switch off and on again.")
        await awaited.until(lambda: len(stood) > CLICKS_ASKED)
    return MuteSeen(stand.person.there, tuple(stood))


async def speaker(stand: Stand) -> SpeakerSeen:
    """A tone."""
    part = stand.speaker
    say(stand, "speaker", "Listen: a tone.")
    part.set_volume(stand.config.volume)
    # The first sound opens the device, which takes a while of its own.
    await part.play(acoustics.tone(100))
    began = time.monotonic()
    await part.play(acoustics.tone(_TONE_MS))
    took_ms = _since(began)
    # A speaker may say that it is through a little before; the next check must not hear this one.
    await asyncio.sleep(_TAIL_S)
    return SpeakerSeen(await stand.person.ask("Did you hear a tone?"), _TONE_MS, took_ms)


async def microphone(stand: Stand) -> MicrophoneSeen:
    """Two seconds, shown as they come and played back."""
    part = stand.microphone
    say(stand, "microphone", "Say: one, two, three.")
    pcm, open_ms, took_ms = await record(part, stand.record_s, on_sound=_meter(stand))
    recognised: Answer = None
    if stand.person.there and pcm:
        say(stand, "microphone", "That was it:")
        # The speaker has a check of its own.
        with suppress(SpeakerError):
            await stand.speaker.play(pcm)
        recognised = await stand.person.ask("Did you hear yourself, as you spoke?")
    return MicrophoneSeen(acoustics.levels(pcm), took_ms, open_ms, stand.person.there, recognised)


def _meter(stand: Stand) -> Callable[[bytes], None]:
    shown_s = [0.0]

    def on_sound(pcm: bytes) -> None:
        if time.monotonic() - shown_s[0] >= _LEVEL_S:
            shown_s[0] = time.monotonic()
            bars = cues.level_of(pcm)
            stand.person.level(bars)
            stand.show(screens.level(bars), "level")

    return on_sound


async def record(
    part: Microphone, seconds: float, *, on_sound: Callable[[bytes], None] = lambda pcm: None
) -> tuple[bytes, int, int]:
    """Sound of so many seconds, ms until it was open, ms that it took; less sound when it goes silent."""
    began = time.monotonic()
    pcm = bytearray()
    try:
        await part.open()
        open_ms = _since(began)
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            try:
                async with asyncio.timeout(_STALL_S):
                    piece = await part.read()
            except TimeoutError:
                break
            pcm += piece
            on_sound(piece)
        return bytes(pcm), open_ms, _since(began)
    finally:
        await part.close()


async def echo(stand: Stand) -> EchoSeen:
    """A chirp is played while the microphone is open."""
    hears, speaks = stand.microphone, stand.speaker
    speaks.set_volume(stand.config.volume)
    pcm = bytearray()
    sounding = asyncio.Event()

    def on_sound(piece: bytes) -> None:
        pcm.extend(piece)
        sounding.set()

    recording = asyncio.create_task(record(hears, _BEFORE_S + _AFTER_S, on_sound=on_sound))
    first = asyncio.create_task(sounding.wait())
    try:
        await asyncio.wait({recording, first}, return_when=asyncio.FIRST_COMPLETED)
        began = time.monotonic()
        await asyncio.sleep(_BEFORE_S)
        heard_ms = len(pcm) // 32
        played = time.monotonic()
        await speaks.play(acoustics.chirp())
        await recording
    finally:
        recording.cancel()
        first.cancel()
    # Sound and clock may drift apart while buffers fill: the sound that had come is what counts.
    played_ms = max(heard_ms, round(1000 * (played - began)))
    return EchoSeen(await asyncio.to_thread(acoustics.find_chirp, bytes(pcm)), played_ms)


async def screen(stand: Stand) -> ColoursSeen:
    """Colours and pictures, each asked for."""
    part = stand.screen
    part.set_brightness(100)
    shown = {name: screens.plain_colour(name) for name in _LIGHTS}
    shown |= {name: picture() for name, picture in screens.PICTURES.items()}
    questions = {
        "grey steps": "Sixteen even steps from black to white, and red, green, blue beside them?",
        "corners": "A thin line all round, red above left, green above right?",
        "letters": "Can you read all of it?",
    }
    answers: list[tuple[str, Answer]] = []
    for name, image in shown.items():
        part.show(image, f"check {name}")
        answers.append((name, await stand.person.ask(questions.get(name, f"Is the screen {name}?"))))
    # What failed behind the back of the last picture is told by the next.
    part.show(shown["letters"], "check letters")
    return ColoursSeen(tuple(answers))


async def camera(stand: Stand) -> PictureSeen:
    """One picture."""
    part = stand.camera
    say(stand, "camera", "Hold still before something bright.")
    began = time.monotonic()
    async with asyncio.timeout(_CAMERA_S):
        jpeg = await part.picture()
    took_ms = _since(began)
    with Image.open(io.BytesIO(jpeg)) as picture:
        picture.load()
        width, height = picture.size
        brightness, sharpness = screens.brightness_and_sharpness(picture)
        stand.show(screens.seen_by_camera(picture), "camera")
    right = await stand.person.ask("Is that what the camera sees?")
    return PictureSeen(width, height, len(jpeg), brightness, sharpness, took_ms, right)


async def battery(stand: Stand) -> BatterySeen:
    """The first reading."""
    part = stand.battery
    state = part.read()
    for _ in range(_READINGS):
        if state is None:
            await asyncio.sleep(_READING_S)
            state = part.read()
    return BatterySeen(state.percent, state.charging) if state else BatterySeen(-1, False)


def say(stand: Stand, name: str, words: str) -> None:
    """On the terminal and on the device."""
    stand.person.tell(words)
    stand.show(screens.step(name, words), f"{name} {words}")


def _since(began_s: float) -> int:
    return round(1000 * (time.monotonic() - began_s))
