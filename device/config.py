"""The device's settings: one frozen struct from a TOML file, then `LEVERET_DEVICE_…`, then flags."""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct, field

from device.builds import DEFAULT, SIMULATED, Build, build_of, near
from device.errors import ConfigError
from device.files import write_whole
from device.opus import Codec
from device.signing import SEED_BYTES
from wire import limits

PREFIX: Final = "LEVERET_DEVICE_"


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`key_file` is what `leveret pair` wrote. `plain`: allow ws:// to another machine, where anyone can listen in.

    `volume` and `camera` are those of a new device; what is set on it is kept in `settings_file`. `build`: what the
    device is made of (`device/builds.py`); `pins`, `microphone` and `speaker` say otherwise for single parts of it.
    `mixer`: the card's own volume, as `card/control`.
    `kept_dir`: where requests that wait for the cloud are kept, and the device's own timers and alarms.
    `setup`: a device that has no key file sets itself up, with a hotspot of its own; "off": it ends and says so.
    `understand`: whether the device hears words itself while there is no cloud, where it can.
    `echo_ms`: how long the microphone hears the device's own sounds.
    """

    cloud: str = "ws://127.0.0.1:8350/device"
    key_file: Path = Path("device.key")
    plain: bool = False
    echo_ms: Annotated[int, Meta(ge=0, le=1000)] = 120
    volume: Annotated[int, Meta(ge=0, le=100)] = 75
    camera: bool = True
    settings_file: Path = Path("device.settings.json")
    codec: Codec = "auto"
    build: str = DEFAULT
    pins: dict[str, int] = field(default_factory=dict)
    microphone: str = ""
    speaker: str = ""
    mixer: str = ""
    screen_rotation: Literal[0, 180] = 0
    camera_rotation: Literal[0, 90, 180, 270] = 0
    watchdog: str = ""
    kept_dir: Path = Path("device.kept")
    understand: Literal["auto", "off"] = "auto"
    setup: Literal["auto", "off"] = "auto"
    battery: Annotated[int, Meta(ge=-1, le=100)] = -1
    deadline_s: Annotated[float, Meta(gt=0, le=86_400)] = 180.0


class Key(Struct, frozen=True):
    """Who the device is, from its key file.

    `seed`: of the key that it signs with, `cloud`: whom it was paired with, `certificate`: the only one (PEM) that it
    believes there, `made_at`: when, in UTC seconds. These are of a device that was paired by a code, and else empty.
    """

    device: str
    key: bytes
    seed: bytes = b""
    cloud: str = ""
    certificate: str = ""
    made_at: int = 0


class _KeyFile(Struct, omit_defaults=True):
    device: str
    key: str
    seed: str = ""
    cloud: str = ""
    certificate: str = ""
    made_at: int = 0


def read_config(path: Path | None, environ: Mapping[str, str], flags: Mapping[str, Any]) -> Config:
    """Settings from all three places, the later ones first. `flags` that are None are not set. Raises ConfigError."""
    told: dict[str, Any] = {}
    if path is not None:
        told |= _toml(path)
    told |= {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and name != PREFIX + "CONFIG"
    }
    told |= {name: value for name, value in flags.items() if value is not None}
    known = dict.fromkeys(Config.__struct_fields__)
    for name in told:
        if name not in known:
            raise ConfigError(f"unknown setting {name!r}; {near(name, known)}")
    if "pins" in told:
        told["pins"] = _pins(told["pins"])
    try:
        config = msgspec.convert(told, Config, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise ConfigError(f"setting is wrong: {error}") from error
    check_address(config.cloud, plain=config.plain)
    if config.build != SIMULATED or config.pins:
        device_of(config)
    return config


def device_of(config: Config) -> Build:
    """What the device is made of; raises ConfigError. Not of a simulated one."""
    build = build_of(config.build, config.pins)
    return msgspec.structs.replace(
        build,
        microphone=config.microphone or build.microphone,
        speaker=config.speaker or build.speaker,
        mixer=config.mixer or build.mixer,
        # A screen that is built in upside down is turned from where the build has it.
        panel=msgspec.structs.replace(
            build.panel, rotation=0 if build.panel.rotation == config.screen_rotation else 180
        ),
        camera_rotation=config.camera_rotation or build.camera_rotation,
    )


def _pins(told: Any) -> Any:
    """`button=26,mute=-1`, as the environment has it; a table is left as it is, but its numbers must be some."""
    if isinstance(told, str):
        pairs = [one.partition("=") for one in told.split(",")]
        told = {name.strip(): number.strip() for name, _, number in pairs}
    for name, number in told.items() if isinstance(told, dict) else ():
        if not str(number).removeprefix("-").isdigit():
            raise ConfigError(f"pin {name!r} is {number!r}, expected a number, for instance button=26")
    return told


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"settings {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"settings {path} are no TOML: {error}") from error


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value)
    if kind is Path and isinstance(value, Path):
        return value
    raise NotImplementedError(f"no {kind} here")


def check_address(address: str, *, plain: bool) -> None:
    """Raises ConfigError unless it is wss://, or ws:// to this very machine (or `plain`)."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise ConfigError(f"cloud {address!r} is no address: {error}") from error
    if parts.scheme not in ("ws", "wss") or not host:
        raise ConfigError(f"cloud {address!r} is no address, expected wss://host/device")
    if parts.scheme == "ws" and not plain and not _is_loopback(host):
        raise ConfigError(f"cloud {address!r} is not encrypted: use wss://, or set plain = true where nobody listens")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_key(path: Path) -> Key:
    """The key file: {"device": id, "key": 64 hex digits}, and more when paired by a code. Raises ConfigError."""
    try:
        told = msgspec.json.decode(path.read_bytes(), type=_KeyFile)
        key, seed = bytes.fromhex(told.key), bytes.fromhex(told.seed)
    except OSError as error:
        raise ConfigError(f"key file {path} cannot be read: {error.strerror}; `leveret pair` writes one") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise ConfigError(f"key file {path} is broken: {error}; `leveret pair` writes a new one") from error
    if len(key) != limits.KEY_BYTES or len(seed) not in (0, SEED_BYTES) or not 0 < len(told.device) <= limits.ID_CHARS:
        due = f"{limits.KEY_BYTES} bytes of key and an id are due"
        raise ConfigError(f"key file {path} is broken: {due}; `leveret pair` writes a new one")
    return Key(told.device, key, seed, told.cloud, told.certificate, told.made_at)


def write_key(path: Path, key: Key) -> None:
    """Keep who the device is, for its own user alone. Raises ConfigError."""
    kept = _KeyFile(key.device, key.key.hex(), key.seed.hex(), key.cloud, key.certificate, key.made_at)
    try:
        write_whole(path, msgspec.json.encode(kept) + b"\n", mode=0o600)
    except OSError as error:
        raise ConfigError(f"key file {path} cannot be written: {error.strerror}") from error
