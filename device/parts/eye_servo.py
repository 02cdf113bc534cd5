"""The camera on a small servo: it looks at the world while a picture may be taken, else away. Stands in for a light."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from device.errors import PinError
from device.parts.pins import pin_errors

if TYPE_CHECKING:
    from gpiozero.pins.pi import PiFactory

SEEING_DEG: Final = 90
AWAY_DEG: Final = -90
# A servo that has arrived is not held: it would hum, and draw current.
_TURN_S: Final = 0.6


class ServoEye:
    """Any colour: looks at the world; black: looks away."""

    def __init__(self, pin: int, factory: PiFactory, *, turn_s: float = _TURN_S) -> None:
        from gpiozero import AngularServo

        self._turn_s = turn_s
        self._seeing: bool | None = None
        self._rest: asyncio.TimerHandle | None = None
        try:
            # From 0.5 to 2.5 ms is the half turn of the usual small servos.
            self._servo: Any = AngularServo(
                pin,
                initial_angle=None,
                min_angle=AWAY_DEG,
                max_angle=SEEING_DEG,
                min_pulse_width=0.0005,
                max_pulse_width=0.0025,
                pin_factory=factory,
            )
        except pin_errors() as error:
            raise PinError(f"The eye's servo cannot be had at GPIO {pin}: {error}.") from error

    def show(self, red: int, green: int, blue: int) -> None:
        seeing = bool(red or green or blue)
        if seeing == self._seeing or self._servo.closed:
            return
        self._seeing = seeing
        self._servo.angle = SEEING_DEG if seeing else AWAY_DEG
        if self._rest is not None:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(self._turn_s, self._servo.detach)

    def close(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        self._servo.close()
