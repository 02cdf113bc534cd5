"""What each observation means: a verdict, and where it is not good the reason and the next step. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from device.boot import PATH, missing_lines
from device.check.advice import next_step
from device.check.findings import Finding, absent, bad, doubtful, good, not_asked
from device.check.seen import (
    BatterySeen,
    ButtonSeen,
    ColoursSeen,
    EchoSeen,
    MachineSeen,
    MicrophoneSeen,
    MuteSeen,
    NoPart,
    PictureSeen,
    SpeakerSeen,
    WatchdogSeen,
    WheelSeen,
)
from wire import limits

CLICKS_ASKED: Final = 2
_HELD_MS: Final = 700
_TICK_MS: Final = 15
_QUIET_DB: Final = -40.0
_NOISY_DB: Final = -30.0
_OFFSET_MOST: Final = 1_000
_CLIPPED_MOST: Final = 0.001
_RATE_OFF_MS: Final = 500
_TOO_SLOW: Final = 2.0
_SLOW_OPEN_MS: Final = 500
_LATE_MS: Final = 300
_DARK, _BRIGHT, _BLURRED = 25, 235, 4.0
_LOW_PERCENT: Final = 15
_UNIT_STEP: Final = "Install the unit: `sudo leveret install device`; docs/units.md tells what it does."
_WATCHDOG_STEP: Final = "Does it exist (`ls -l /dev/watchdog*`)? A udev rule gives it to the device's group."


def no_part(seen: NoPart) -> Finding:
    """The part could not be had."""
    if not seen.reason:
        return absent("this build has none")
    return bad("cannot be used", seen.reason, next_step(seen.reason))


def machine(seen: MachineSeen) -> Finding:
    """The computer and its system."""
    facts = (seen.model or "no Raspberry Pi", seen.system, f"kernel {seen.kernel}", f"Python {seen.python}")
    words = ", ".join(fact for fact in (*facts, f"{seen.memory_mb} MB") if fact)
    for said in seen.kernel_said:
        return bad(words, said, next_step(said, "The supply or the card is failing: try others."))
    if not seen.model:
        return doubtful(words, "this is no Raspberry Pi", next_step("no raspberry pi"))
    if seen.libraries:
        return bad(words, seen.libraries, next_step(seen.libraries))
    missing = missing_lines(seen.needed, seen.overlays)
    if seen.config_txt and missing:
        lines = " and ".join(missing)
        return doubtful(words, f"{lines} is missing", f"Put it into {PATH} and reboot: this build needs it.")
    return good(words)


def button(seen: ButtonSeen) -> Finding:
    """Press, hold, release."""
    if seen.held:
        return bad(
            "down though nobody presses it",
            "the contact is closed, or its pull is the wrong way",
            "Is the right build set? Pull the button's wire: if it is still down, the pin or its pull is wrong.",
        )
    if not seen.asked:
        return not_asked("up")
    downs = [at for down, at in seen.edges if down]
    if not downs:
        return bad(
            "no press was told",
            "no edge came from the pin",
            "Does `gpiomon` see it? If not, look at the wire and at the button's pin in [pins].",
        )
    holds = [up - at for at, up in _pairs(seen.edges)]
    if len(holds) < len(downs):
        return bad("pressed, and never let go", "the release was lost", "Is the contact sticky? Try another button.")
    words = f"{len(downs)} presses, the longest {max(holds)} ms"
    if len(downs) < CLICKS_ASKED or max(holds) < _HELD_MS:
        return bad(words, "a click and a hold of a second were asked for", "Do it again; else the contact is worn.")
    if len(downs) > CLICKS_ASKED or min(holds) < _TICK_MS:
        return doubtful(words, f"{CLICKS_ASKED} were asked for: the contact bounces", "Try another button.")
    return good(words, presses=len(downs), longest_ms=max(holds))


def _pairs(edges: Sequence[tuple[bool, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    began = -1
    for down, at in edges:
        if down:
            began = at
        elif began >= 0:
            found.append((began, at))
            began = -1
    return found


def wheel(seen: WheelSeen) -> Finding:
    """Both ways, and pushed."""
    if not seen.asked:
        return not_asked("there")
    words = f"right {seen.right:+d}, left {seen.left:+d}, {seen.pushes} pushes"
    if not seen.right and not seen.left:
        return bad(words, "no step was told", "Is its common contact on ground? Look at wheel_a and wheel_b in [pins].")
    if seen.right <= 0 <= seen.left:
        return bad(words, "it counts the wrong way round", "Swap wheel_a and wheel_b in [pins].")
    if seen.right <= 0 or seen.left >= 0:
        return bad(words, "one way is not told", "One of its two wires is loose.")
    if not seen.pushes:
        return bad(words, "no push was told", "Look at the push's wire and at wheel_push in [pins].")
    return good(words)


def mute(seen: MuteSeen) -> Finding:
    """Slid off and on."""
    stands = "off" if seen.stood and seen.stood[-1] else "on"
    if not seen.asked:
        return not_asked(f"the microphone is switched {stands}")
    if {True, False} <= set(seen.stood):
        return good(f"told both ways, the microphone is {stands}")
    return bad(f"only {stands} was told", "sliding it changed nothing", "Look at its wire and at mute in [pins].")


def colours(seen: ColoursSeen, what: str, step: str) -> Finding:
    """What the person saw of the light, or of the screen."""
    wrong = [name for name, answer in seen.answers if answer is False]
    shown = ", ".join(name for name, _ in seen.answers)
    if wrong:
        return bad(f"shown: {shown}", f"not right: {', '.join(wrong)}", step)
    if any(answer is None for _, answer in seen.answers):
        return not_asked(f"{what} took: {shown}")
    return good(f"seen: {shown}")


def lights(seen: ColoursSeen) -> Finding:
    """Red, green, blue."""
    return colours(seen, "the light", "Wrong colours: swap the pins. All of them inverse: the light's other polarity.")


def screen(seen: ColoursSeen) -> Finding:
    """Pattern, colours, corners, text."""
    step = (
        "Dark: the backlight's pin. Noise: the reset or data pin. Shifted: the panel's first row. Wrong colours: a"
        " panel of another kind. APA102 lights on the same SPI shine white: cut them off."
    )
    return colours(seen, "the screen", step)


def speaker(seen: SpeakerSeen) -> Finding:
    """A tone."""
    pace = seen.took_ms / seen.sound_ms
    words = f"a tone of {seen.sound_ms} ms took {seen.took_ms} ms"
    if seen.heard is False:
        return bad(
            words,
            "the tone was not heard",
            "Is the volume up (`alsamixer`), is it the right card (`aplay -l`, setting `speaker`), is it plugged in?",
        )
    if pace > _TOO_SLOW:
        return bad(words, "it plays too slowly: the card runs at another rate", next_step("invalid sample rate"))
    if seen.heard is None:
        return not_asked(f"{words}; nobody told whether it was heard", took_ms=seen.took_ms)
    return good(f"heard; {words}", took_ms=seen.took_ms)


def microphone(seen: MicrophoneSeen) -> Finding:
    """Deaf, clipped, offset, noise, rate."""
    found = seen.levels
    words = f"peak {found.peak_db:.0f} dB, mean {found.rms_db:.0f} dB, {found.samples} samples in {seen.took_ms} ms"
    figures = {"peak_db": found.peak_db, "rms_db": found.rms_db, "offset": found.offset, "open_ms": seen.open_ms}
    if not found.samples:
        return bad("no sound came", "the microphone is deaf", next_step("no microphone"))
    if found.stuck:
        return bad(
            f"nothing but {'silence' if not found.offset else 'the same value'}",
            "the microphone is deaf",
            "Is its switch on, is the capture volume up (`alsamixer`, F4)? WM8960: does `dmesg` say “No MCLK"
            " configured”? Then the driver is not the one for this kernel.",
        )
    rate = found.samples * 1000 / limits.SAMPLE_RATE_HZ / max(1, seen.took_ms)
    if abs(rate - 1) * seen.took_ms > _RATE_OFF_MS:
        return bad(words, f"sound comes {rate:.2f} times as fast as it should", next_step("invalid sample rate"))
    if found.clipped > _CLIPPED_MOST:
        return bad(
            words, f"clipped: {100 * found.clipped:.1f} % at the rails", "Turn the capture gain down (`alsamixer`, F4)."
        )
    if abs(found.offset) > _OFFSET_MOST:
        return doubtful(
            words, f"an offset of {found.offset}", "The chip's high-pass filter is off: switch it on in `alsamixer`."
        )
    return _loudness(seen, words, figures)


def _loudness(seen: MicrophoneSeen, words: str, figures: dict[str, float | int]) -> Finding:
    found = seen.levels
    if seen.recognised is False:
        return bad(words, "what was played back was not what was said", next_step("invalid sample rate"), **figures)
    if seen.spoke and found.peak_db < _QUIET_DB:
        return doubtful(words, "speech is hardly heard", "Turn the capture gain up (`alsamixer`, F4).", **figures)
    if not seen.spoke and found.rms_db > _NOISY_DB:
        return doubtful(
            words, "loud without speech: noise, or a loud room", "Try in a quiet room, with another supply.", **figures
        )
    if seen.open_ms > _SLOW_OPEN_MS:
        return doubtful(words, f"it opens only after {seen.open_ms} ms", "First syllables may be lost.", **figures)
    return good(f"{words}; heard again" if seen.recognised else words, **figures)


def echo(seen: EchoSeen) -> Finding:
    """Loud-speaker to microphone."""
    if seen.echo is None:
        return bad(
            "the microphone did not hear the chirp",
            "speaker or microphone is deaf, or the speaker too quiet",
            "See the two checks before; turn the volume up and try again.",
        )
    latency_ms = round(seen.echo.delay_ms - seen.played_ms)
    words = f"heard after {latency_ms} ms, likeness {seen.echo.likeness}"
    figures = {"latency_ms": latency_ms, "likeness": seen.echo.likeness}
    if latency_ms > _LATE_MS:
        return doubtful(
            words, "a long way round", "A sound server in between? Name the card itself as `plughw`.", **figures
        )
    return good(words, **figures)


def picture(seen: PictureSeen) -> Finding:
    """Brightness and blur."""
    words = (
        f"{seen.width} x {seen.height}, {seen.size_bytes // 1024} KB in {seen.took_ms} ms,"
        f" brightness {seen.brightness:.0f}, sharpness {seen.sharpness:.1f}"
    )
    figures = {"brightness": round(seen.brightness), "sharpness": round(seen.sharpness, 1), "took_ms": seen.took_ms}
    if seen.right is False:
        return bad(words, "the picture is not of what is before it", "Is its ribbon in the right way?", **figures)
    if seen.brightness < _DARK:
        return doubtful(words, "nearly black", "Is the cover off? Try with light.", **figures)
    if seen.brightness > _BRIGHT:
        return doubtful(words, "nearly white", "Do not point it at a lamp.", **figures)
    if seen.sharpness < _BLURRED:
        return doubtful(words, "blurred, or there is nothing to see", "Peel the film off; focus the lens.", **figures)
    return good(words, **figures) if seen.right else not_asked(words, **figures)


def eyes(seen: ColoursSeen) -> Finding:
    """The camera's eye: looks at the world, and away."""
    step = "Still: its wire, its 5 V and the pin `eye` in [pins]. The other way round: turn the horn by half a turn."
    return colours(seen, "the eye", step)


def watchdog(seen: WatchdogSeen) -> Finding:
    """What restarts a device that has stopped living."""
    chip = f"{seen.chip}, {seen.chip_s} s" if seen.chip else "the chip's"
    if seen.path and seen.reason:
        step = "systemd feeds it: leave `watchdog` unset, or RuntimeWatchdogSec out of /etc/systemd/system.conf."
        return bad(f"{seen.path} cannot be had", seen.reason, step if "busy" in seen.reason else _WATCHDOG_STEP)
    if seen.path and seen.endless:
        return not_asked(f"{chip}; once started it cannot be stopped, so it was not tried")
    if seen.path:
        return good(f"{chip}: started, fed, and stopped again", chip_s=seen.chip_s)
    if seen.unit_s > 0:
        return good(f"systemd's, {seen.unit_s:g} s", unit_s=seen.unit_s)
    if seen.unit_s == 0:
        return doubtful("the unit asks for none", "WatchdogSec is missing in leveret-device.service", _UNIT_STEP)
    return doubtful("none", "nothing restarts a device that has stopped living", _UNIT_STEP)


def battery(seen: BatterySeen) -> Finding:
    """How full."""
    if seen.percent < 0:
        return bad("says nothing", "no reading came", next_step("i2c"))
    words = f"{seen.percent} %, {'charging' if seen.charging else 'not charging'}"
    if seen.percent <= _LOW_PERCENT and not seen.charging:
        return doubtful(words, "low", "Charge it before anything else.", percent=seen.percent)
    return good(words, percent=seen.percent)
