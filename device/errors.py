"""What can go wrong on the device.

DeviceError                    code
├── ConfigError (ValueError)   config       a setting or a flag; says which and what was expected
├── ScenarioError (ValueError) scenario     a step of a simulated person cannot be read
├── SettingsError              settings     what the person has set cannot be kept
├── CupboardError              cupboard     what is set aside cannot be written, or read
├── PairingError               pairing      the cloud does not pair this device; its message is a sentence
├── RadioError                 radio        Wi-Fi cannot be set up; its message is a sentence
├── JournalError (OSError)     journal      what happened cannot be written down
└── PartError                  part
    ├── MicrophoneError        microphone   no sound comes, or it is broken
    ├── CameraError            camera       no picture, or a torn one
    ├── SpeakerError           speaker
    ├── ScreenError            screen
    ├── PinError               pins         the pins, or one of them, cannot be had
    └── PowerError             power        a battery or a watchdog does not answer
"""

from __future__ import annotations

from typing import ClassVar


class DeviceError(Exception):
    """Root of what this package raises."""

    code: ClassVar[str] = "device"


class ConfigError(DeviceError, ValueError):
    """A setting is wrong."""

    code = "config"


class ScenarioError(DeviceError, ValueError):
    """A scenario is wrong."""

    code = "scenario"


class SettingsError(DeviceError):
    """Settings cannot be kept; its message is a sentence for the screen."""

    code = "settings"


class CupboardError(DeviceError):
    """A request, a timer or an alarm cannot be written to the disk, or read back; its message is a sentence."""

    code = "cupboard"


class PairingError(DeviceError):
    """The device is not paired; its message is a sentence for the screen."""

    code = "pairing"


class RadioError(DeviceError):
    """Wi-Fi cannot be set up on this device; its message is a sentence for the screen."""

    code = "radio"


class JournalError(DeviceError, OSError):
    """The journal cannot be written."""

    code = "journal"


class PartError(DeviceError):
    """A part of the device does not work; its message is a sentence for the screen."""

    code = "part"


class MicrophoneError(PartError):
    """No sound, or broken sound."""

    code = "microphone"


class CameraError(PartError):
    """No picture, or a torn one."""

    code = "camera"


class SpeakerError(PartError):
    """Nothing can be played."""

    code = "speaker"


class ScreenError(PartError):
    """Nothing can be shown."""

    code = "screen"


class PinError(PartError):
    """The pins, or one of them, cannot be had."""

    code = "pins"


class PowerError(PartError):
    """A battery or a watchdog does not answer."""

    code = "power"
