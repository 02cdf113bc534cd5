"""What is checked: the parts, opened one by one so that one that fails keeps nobody else from being tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from PIL.Image import Image

from device.check.asking import Person
from device.check.machine import Machine
from device.config import Config, Key
from device.errors import PartError
from device.parts.interfaces import (
    Battery,
    Button,
    Camera,
    Lights,
    Microphone,
    Mute,
    Screen,
    Speaker,
    Wheel,
)

PARTS: Final = ("button", "wheel", "light", "mute", "speaker", "microphone", "screen", "camera", "eye", "battery")


class NotThere(PartError):
    """The build has no such part."""


class Stand:
    """`make`: how each part is opened; None or a missing name: the build has none. Whoever made it closes it."""

    def __init__(
        self,
        config: Config,
        make: Mapping[str, Callable[[], Any]],
        person: Person,
        *,
        key: Key | None = None,
        no_key: str = "",
        machine: Machine | None = None,
        patience_s: float = 20.0,
        record_s: float = 2.0,
    ) -> None:
        self.config = config
        self.key = key
        self.no_key = no_key
        self.person = person
        self.machine = machine or Machine()
        self.patience_s = patience_s
        self.record_s = record_s
        self._make = make
        self._opened: dict[str, Any] = {}
        self._failed: dict[str, PartError] = {}
        self._held = ExitStack()

    def __enter__(self) -> Stand:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    # Parts: each raises PartError where it cannot be had, NotThere where the build has none.

    @property
    def button(self) -> Button:
        made: Button = self._part("button")
        return made

    @property
    def wheel(self) -> Wheel:
        made: Wheel = self._part("wheel")
        return made

    @property
    def light(self) -> Lights:
        made: Lights = self._part("light")
        return made

    @property
    def mute(self) -> Mute:
        made: Mute = self._part("mute")
        return made

    @property
    def speaker(self) -> Speaker:
        made: Speaker = self._part("speaker")
        return made

    @property
    def microphone(self) -> Microphone:
        made: Microphone = self._part("microphone")
        return made

    @property
    def screen(self) -> Screen:
        made: Screen = self._part("screen")
        return made

    @property
    def camera(self) -> Camera:
        made: Camera = self._part("camera")
        return made

    @property
    def eye(self) -> Lights:
        made: Lights = self._part("eye")
        return made

    @property
    def battery(self) -> Battery:
        made: Battery = self._part("battery")
        return made

    def _part(self, name: str) -> Any:
        if name in self._failed:
            raise self._failed[name]
        if name not in self._opened:
            try:
                made = self._make[name]() if name in self._make else None
            except PartError as error:
                self._failed[name] = error
                raise
            if made is None:
                self._failed[name] = NotThere(name)
                raise self._failed[name]
            close = getattr(made, "close", None)
            # The microphone's is of another kind: whoever opens it closes it.
            if callable(close) and name != "microphone":
                self._held.callback(close)
            self._opened[name] = made
        return self._opened[name]

    def show(self, image: Image, key: str) -> None:
        """Show it on the device's own screen, where that works."""
        try:
            self.screen.show(image, f"check {key}")
            self.screen.set_brightness(100)
        except PartError:
            # Its own check tells why there is none.
            return

    @property
    def folder(self) -> Path:
        """Where the device keeps what it keeps."""
        return self.config.settings_file.absolute().parent
