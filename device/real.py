"""The parts of a real device, opened as a build says where they are.

Without button, microphone, speaker, screen or its mute switch a device is of no use (or not to be trusted): what cannot
be opened is raised, all of it together. Without light, wheel, camera, battery or watchdog it goes on, and says so.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from msgspec import Struct

from device.builds import Build
from device.errors import CameraError, MicrophoneError, PartError, PowerError
from device.parts.camera import PiCamera
from device.parts.eye import Eye
from device.parts.eye_servo import ServoEye
from device.parts.gpio import Contact, GpioButton, GpioLight, GpioMute, GpioWheel
from device.parts.interfaces import Camera, Lights, Mute, Parts, Watchdog, Wheel
from device.parts.microphone import PyAudioMicrophone
from device.parts.mixer import CardSpeaker, Mixer
from device.parts.pins import open_pins
from device.parts.power import open_battery, open_bus
from device.parts.screen import LcdScreen
from device.parts.sound_cards import SoundCards
from device.parts.speaker import PyAudioSpeaker
from device.parts.watchdog import HardwareWatchdog, systemd_watchdog

if TYPE_CHECKING:
    from gpiozero.pins.pi import PiFactory

_Part = TypeVar("_Part")

_PYAUDIO: Final = (
    "Sound needs PyAudio, which is missing. `apt install portaudio19-dev gcc`, `pip install 'leveret[pi]'`."
)


def pi_camera(eye: Eye) -> PiCamera:
    """The camera on the ribbon cable, not started yet; raises CameraError where its library is missing."""
    if importlib.util.find_spec("picamera2") is None:
        raise CameraError("The camera cannot be used: picamera2 is missing. `apt install python3-picamera2` brings it.")
    return PiCamera(eye)


class Edges(Struct, frozen=True, kw_only=True):
    """What is outside of this process; tests put their own here. `spi`: None, the kernel's."""

    pins: Callable[[], Any] = open_pins
    cards: Callable[[], SoundCards] = SoundCards
    bus: Callable[[int], Any] = open_bus
    camera: Callable[[Eye], Camera] = pi_camera
    spi: Any = None
    environ: Mapping[str, str] = os.environ


class Missing(Struct, frozen=True):
    """A part that the device does without, and why."""

    part: str
    sentence: str


class RealParts:
    """The opened parts. `missing`: what it goes on without. `close` gives back what `Parts.close` does not."""

    def __init__(self, parts: Parts, missing: tuple[Missing, ...], held: ExitStack) -> None:
        self.parts = parts
        self.missing = missing
        self._held = held

    def close(self) -> None:
        self._held.close()


def open_parts(build: Build, *, watchdog: str = "", edges: Edges | None = None) -> RealParts:
    """Open what the build has. `watchdog`: a device such as /dev/watchdog, "" for systemd's. Raises PartErrors."""
    edges = edges or Edges()
    with ExitStack() as held:
        opening = Opening(build, edges, held)
        parts = opening.parts(watchdog)
        return RealParts(parts, tuple(opening.missing), held.pop_all())


class Opening:
    """Opens one part after the other; `held` closes what was opened, also when a needed one fails."""

    def __init__(self, build: Build, edges: Edges, held: ExitStack) -> None:
        self._build, self._edges, self._held = build, edges, held
        self.missing: list[Missing] = []
        self._errors: list[PartError] = []

    def parts(self, watchdog: str) -> Parts:
        build = self._build
        factory = self._pins
        cards = self._need(lambda: self._cards)
        button = self._need(lambda: GpioButton(build.button, factory))
        mute = self._need(lambda: self._mute(factory))
        screen = self._need(self._screen)
        if self._errors or cards is None or button is None or screen is None:
            raise ExceptionGroup("parts", self._errors)
        microphone, speaker = self._microphone(), self._speaker()
        microphone.prepare()
        speaker.prepare()
        mixer = self._may("mixer", lambda: Mixer(build.mixer) if build.mixer else None)
        made = Parts(button, microphone, CardSpeaker(speaker, mixer) if mixer else speaker, screen, mute=mute)
        made.lights = self._may("light", lambda: self._light(factory))
        made.wheel = self._may("wheel", lambda: self._wheel(factory))
        made.camera = self._may("camera", self._camera)
        made.eye = self._may("eye", lambda: self._eye(factory))
        made.battery = self._may("battery", self._battery)
        made.watchdog = self._may("watchdog", lambda: self._watchdog(watchdog))
        return made

    def _need(self, make: Callable[[], _Part]) -> _Part | None:
        try:
            part = make()
        except PartError as error:
            self._errors.append(error)
            return None
        self._held.callback(_closing(part))
        return part

    def _may(self, name: str, make: Callable[[], _Part]) -> _Part | None:
        try:
            part = make()
        except PartError as error:
            self.missing.append(Missing(name, str(error)))
            return None
        self._held.callback(_closing(part))
        return part

    def makers(self) -> dict[str, Callable[[], Any]]:
        """How to open each part by itself; None where the build has none. They raise PartErrors."""
        return {
            "button": lambda: GpioButton(self._build.button, self._pins),
            "wheel": lambda: self._wheel(self._pins) if self._build.wheel else None,
            "light": lambda: self._light(self._pins) if self._build.light else None,
            "mute": lambda: self._mute(self._pins) if self._build.mute else None,
            "speaker": self._speaker,
            "microphone": self._microphone,
            "screen": self._screen,
            "camera": self._camera,
            "eye": lambda: self._eye(self._pins) if self._build.eye >= 0 else None,
            "battery": self._battery,
        }

    @cached_property
    def _pins(self) -> PiFactory:
        made: PiFactory = self._edges.pins()
        self._held.callback(made.close)
        return made

    @cached_property
    def _cards(self) -> SoundCards:
        try:
            made = self._edges.cards()
        except ImportError as error:
            raise MicrophoneError(_PYAUDIO) from error
        self._held.callback(made.close)
        return made

    def _microphone(self) -> PyAudioMicrophone:
        made = PyAudioMicrophone(self._cards, self._build.microphone)
        self._held.callback(made.release)
        return made

    def _speaker(self) -> PyAudioSpeaker:
        made = PyAudioSpeaker(self._cards, self._build.speaker)
        self._held.callback(made.close)
        return made

    def _screen(self) -> LcdScreen:
        return LcdScreen(self._build.panel, spi=self._edges.spi)

    def _mute(self, factory: PiFactory) -> Mute | None:
        return GpioMute(self._build.mute, factory) if self._build.mute else None

    def _light(self, factory: PiFactory) -> Lights | None:
        pins = self._build.light
        return GpioLight(pins.red, pins.green, pins.blue, factory, active_high=pins.active_high) if pins else None

    def _wheel(self, factory: PiFactory) -> Wheel | None:
        pins = self._build.wheel
        if pins is None:
            return None
        return GpioWheel(pins.a, pins.b, Contact(pins.push) if pins.push >= 0 else None, factory)

    def _camera(self) -> Camera | None:
        return self._edges.camera(Eye(rotation=self._build.camera_rotation)) if self._build.camera else None

    def _eye(self, factory: PiFactory) -> Lights | None:
        return ServoEye(self._build.eye, factory) if self._build.eye >= 0 else None

    def _battery(self) -> Any:
        return open_battery(self._build.batteries, bus=lambda: self._edges.bus(1)) if self._build.batteries else None

    def _watchdog(self, path: str) -> Watchdog | None:
        return HardwareWatchdog(Path(path)) if path else systemd_watchdog(self._edges.environ, os.getpid())


def _closing(part: object) -> Callable[[], None]:
    close: Callable[[], None] | None = getattr(part, "close", None)
    return close if close is not None else lambda: None


async def power_off() -> None:
    """Switch the whole device off; raises PowerError."""
    try:
        running = await asyncio.create_subprocess_exec("systemctl", "poweroff", stdin=asyncio.subprocess.DEVNULL)
    except OSError as error:
        raise PowerError(f"The device cannot be switched off: {error.strerror}. Pull the plug.") from error
    if await running.wait():
        raise PowerError("The device may not switch itself off: a polkit rule for its user is missing. Pull the plug.")
