"""What the device is made of, as it sees it. Real parts, simulated ones and tests all stand behind these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct
from PIL.Image import Image


class BatteryState(Struct, frozen=True):
    """How full, and whether it is being charged."""

    percent: int
    charging: bool


class Button(Protocol):
    """The one button."""

    def start(self, on_edge: Callable[[bool, int], None]) -> None:
        """Report edges from now on, in the event loop: True when it goes down, and when (`device.clock.steady_ms`).

        Contacts are debounced by the part. The time is that of the contact: a busy processor makes no hold of a click.
        A button that is down already was not pressed: nothing is told before it went up and down again.
        """

    def held(self) -> bool:
        """Whether it is down now."""

    def close(self) -> None:
        """Report no more. May be called twice."""


class Mute(Protocol):
    """The switch that turns the microphone off, where there is one."""

    def start(self, on_change: Callable[[bool], None]) -> None:
        """Report in the event loop how it stands, at once and whenever it was slid. True: the microphone is off."""

    def close(self) -> None:
        """Report no more. May be called twice."""


class Wheel(Protocol):
    """The wheel, where there is one."""

    def start(self, on_turn: Callable[[int], None], on_push: Callable[[], None]) -> None:
        """Report steps (positive: clockwise) and pushes from now on, in the event loop."""

    def close(self) -> None:
        """Report no more. May be called twice."""


class Microphone(Protocol):
    """16 kHz mono s16le. `xruns`: how often sound was lost because nobody took it in time."""

    xruns: int

    async def open(self) -> None:
        """Begin to record; raises MicrophoneError."""

    async def read(self) -> bytes:
        """The next 20 to 60 ms of sound; raises MicrophoneError. Only between `open` and `close`.

        After `finish` what was captured before it, in pieces of any length up to that; then nothing: empty ones.
        """

    def finish(self) -> None:
        """Record no more from this moment on; what was captured until now can still be read. May be called twice."""

    async def close(self) -> None:
        """Stop recording. May be called twice, and while a `read` waits."""

    async def restart(self) -> None:
        """As `close`; what was broken may be whole at the next `open`, which begins anew from the hardware."""


class Speaker(Protocol):
    """16 kHz mono s16le."""

    @property
    def xruns(self) -> int:
        """How often it fell silent because nothing came in time."""

    async def play(self, pcm: bytes) -> None:
        """Play sound; returns once it has been heard, or nearly so. Raises SpeakerError."""

    def cut(self) -> None:
        """Be silent at once; what is left of a `play` under way is not heard."""

    def set_volume(self, percent: int) -> None:
        """0 to 100."""

    def close(self) -> None:
        """May be called twice."""


class Camera(Protocol):
    """The eye."""

    async def warm(self) -> None:
        """Get ready, so that the first picture takes no longer than the others; raises CameraError."""

    async def picture(self) -> bytes:
        """A JPEG of what it sees now; raises CameraError, also when the picture is torn."""

    async def preview(self) -> Image:
        """A small picture of what it sees now, 240 x 180 pixels; raises CameraError."""

    def close(self) -> None:
        """May be called twice."""


class Screen(Protocol):
    """240 x 280 pixels."""

    def show(self, image: Image, key: str) -> None:
        """Show a picture. `key` is the same for pictures that differ only by animation. Raises ScreenError."""

    def set_brightness(self, percent: int) -> None:
        """0 (off) to 100; takes effect with the picture that was shown last, never before it."""

    def close(self) -> None:
        """May be called twice."""


class Lights(Protocol):
    """One coloured light."""

    def show(self, red: int, green: int, blue: int) -> None:
        """0 to 255 each."""

    def close(self) -> None:
        """May be called twice."""


class Battery(Protocol):
    """The battery, where there is one."""

    def read(self) -> BatteryState | None:
        """What it said last, if it says anything. Never waits."""

    def close(self) -> None:
        """May be called twice."""


class Watchdog(Protocol):
    """What restarts a device that has stopped living."""

    @property
    def feed_s(self) -> float:
        """How often to feed it; 0: never."""

    def ready(self) -> None:
        """The device can be used from now on."""

    def feed(self) -> None:
        """It lives."""

    def close(self) -> None:
        """It ends, and that is meant. May be called twice."""


class Parts(Struct):
    """A whole device's parts. Without camera, wheel, lights or battery it is a device without them."""

    button: Button
    microphone: Microphone
    speaker: Speaker
    screen: Screen
    camera: Camera | None = None
    wheel: Wheel | None = None
    lights: Lights | None = None
    battery: Battery | None = None
    mute: Mute | None = None
    watchdog: Watchdog | None = None
    # Shows that a picture may be taken: a light beside the camera, or a servo that turns it.
    eye: Lights | None = None

    def names(self) -> tuple[str, ...]:
        """Which parts there are."""
        return tuple(name for name in self.__struct_fields__ if getattr(self, name) is not None)

    def close(self) -> None:
        """Close all of them but the microphone, which whoever opened it closes."""
        inputs = (self.button, self.mute, self.wheel)
        shown = (self.screen, self.lights, self.eye)
        for part in (*inputs, self.speaker, *shown, self.camera, self.battery, self.watchdog):
            if part is not None:
                part.close()
