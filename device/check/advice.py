"""What is known to go wrong on real Pis, by the words that it is told with, and the next step. Pure."""

from __future__ import annotations

import re
from typing import Final

_KNOWN: Final[tuple[tuple[str, str], ...]] = (
    (
        r"no mclk",
        "The sound chip has no clock: the overlay in the kernel is for another board. Use the driver of the HAT's"
        " maker for exactly this kernel, then hold the kernel back (`sudo apt-mark hold linux-image-rpi-v8`).",
    ),
    (
        r"-9997|invalid sample rate|sample rate",
        "The sound card does not take this rate (PortAudio -9997): name it as `plughw` or `default`, not `hw`, in"
        " `microphone` and `speaker`, so that ALSA converts.",
    ),
    (
        r"busy|in use",
        "Something else owns it. Stop the service first (`sudo systemctl stop leveret-device`); else `gpioinfo` and"
        " `fuser -v /dev/snd/*` tell who, and a dtoverlay line in /boot/firmware/config.txt may own the pin.",
    ),
    (
        r"both installed|overwrite one another",
        "`pip uninstall RPi.GPIO rpi-lgpio`, `sudo apt remove python3-rpi.gpio`, then `pip install rpi-lgpio`.",
    ),
    (r"soc peripheral base|rpi\.gpio is installed", "RPi.GPIO knows no Pi 5: put rpi-lgpio in its place."),
    (
        r"no permission|permission denied",
        "Add the user to the groups: `sudo usermod -aG gpio,i2c,spi,audio,video $USER`.",
    ),
    (r"spidev|spi ", "Put `dtparam=spi=on` into /boot/firmware/config.txt and reboot."),
    (r"i2c", "Put `dtparam=i2c_arm=on` into /boot/firmware/config.txt and reboot."),
    (
        r"libcamera",
        "`sudo apt install -y python3-picamera2 --no-install-recommends`, and a venv with --system-site-packages.",
    ),
    (
        r"cannot allocate memory|error 12|dma|cma",
        "The camera found no memory: `dtoverlay=vc4-kms-v3d,cma-128` in /boot/firmware/config.txt, then reboot.",
    ),
    (
        r"no microphone|no speaker|there is no",
        "Is it plugged in? `arecord -l` and `aplay -l` list what the kernel knows.",
    ),
    (r"pyaudio", "`sudo apt install portaudio19-dev gcc`, then `pip install 'leveret[pi]'`."),
    (r"no raspberry pi", "On a desk only simulated parts can be checked: `leveret-device check --simulated`."),
)


def next_step(reason: str, otherwise: str = "") -> str:
    """What to do about what a part or a library said."""
    for words, step in _KNOWN:
        if re.search(words, reason, re.IGNORECASE):
            return step
    return otherwise or "Paste this report into an issue."


# What the kernel's log tells of a sound chip or a supply that fails, and of a card of memory.
CHIP_WORDS: Final = ("No MCLK configured", "Under-voltage", "Undervoltage")
CARD_WORDS: Final = ("mmcblk0: error", "I/O error, dev mmcblk", "EXT4-fs error")
