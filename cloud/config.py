"""What the cloud is told at its start: one frozen struct, from a TOML file, then `LEVERET_…`, then flags."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct, field

from cloud.errors import ConfigError
from cloud.sources.definitions import Source, faults_of
from release.boot.names import PUT_OFF, RELEASE, REPORT_FD, ROOT

PREFIX = "LEVERET_"
# Variables of the same prefix that belong to other programs, or to no program's configuration.
FOREIGN = ("LEVERET_CONFIG", "LEVERET_CRASH_AT", "LEVERET_DEVICE_", "LEVERET_TOWN_", PUT_OFF, RELEASE, REPORT_FD, ROOT)


class Owner(Struct, frozen=True, kw_only=True):
    """Who the cloud works for: what a form may be filled with."""

    name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    place: str = ""  # where the weather is asked for when no place is said
    spending_cap: Annotated[str, Meta(pattern=r"^(\d{1,7}(\.\d{1,2})?)?$")] = ""  # the most that one act may cost


class Endpoint(Struct, frozen=True, kw_only=True):
    """An OpenAI-compatible model. An empty `url`: none, the embedded models do all. The key stays in its file."""

    url: str = ""
    model: str = ""
    key_file: str = ""


class HeardEndpoint(Endpoint, frozen=True, kw_only=True):
    """An OpenAI-compatible ear. After `deadline_s` the embedded one's words are taken."""

    deadline_s: Annotated[float, Meta(gt=0, le=60)] = 4.0


class SpokenEndpoint(Endpoint, frozen=True, kw_only=True):
    """An OpenAI-compatible voice: where it is, as whom it speaks, and how long its sound is waited for.

    A device waits 5 s for it.
    """

    voice: str = "alloy"
    deadline_s: Annotated[float, Meta(gt=0, le=4.5)] = 4.0


class Weights(Struct, frozen=True, kw_only=True):
    """The stronger engines. `whisper`: a model's name, or a folder that holds one; `piper`: a voice's, or a path.

    `fetch`: whether `auto` fetches what is not there, from `hub`, or from the usual one.
    """

    whisper: str = "base.en"
    piper: str = "en_US-lessac-medium"
    fetch: bool = True
    hub: str = ""


class History(Struct, frozen=True, kw_only=True):
    """For how many days runs are told of, and how many megabytes their pictures may take; 0: without bound."""

    keep_days: Annotated[int, Meta(ge=0, le=36_500)] = 90
    pictures_mb: Annotated[int, Meta(ge=0, le=1_000_000)] = 2_000


class Limits(Struct, frozen=True, kw_only=True):
    """Bounds of everything that could otherwise grow."""

    ask_s: float = 60.0
    weigh_s: float = 6.0
    task_s: float = 600.0
    long_s: float = 60.0
    tasks: int = 8
    devices: int = 256
    picture_bytes: int = 4 << 20


class Config(Struct, frozen=True, kw_only=True):
    """`port` 0: a free one. `names`: other host names that the portal is reached by. `certificate`: to speak TLS with.

    `allow_local`: the only host:port on loopback that a browser may reach. `chromium`: its path, else it is looked for.
    `vault_key_file`: the key that the vault's keys are wrapped with; else a systemd credential, else one of our own.
    """

    data_dir: Path = field(default_factory=lambda: Path("data"))
    host: str = "127.0.0.1"
    port: int = 8350
    names: tuple[str, ...] = ()
    certificate: str = ""
    certificate_key: str = ""
    timezone: str = "UTC"
    owner: Owner = field(default_factory=Owner)
    sites: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    allow_local: tuple[str, ...] = ()
    skills: tuple[Path, ...] = ()
    chromium: str = ""
    vault_key_file: str = ""
    stt: str = "auto"
    tts: str = "auto"
    transcription: HeardEndpoint = field(default_factory=HeardEndpoint)
    speech: SpokenEndpoint = field(default_factory=SpokenEndpoint)
    weights: Weights = field(default_factory=Weights)
    model: Endpoint = field(default_factory=Endpoint)
    limits: Limits = field(default_factory=Limits)
    history: History = field(default_factory=History)
    log: str = "console"
    log_level: str = "info"

    @property
    def zone(self) -> ZoneInfo:
        """The zone that spoken times are in."""
        return ZoneInfo(self.timezone)


SECTIONS: dict[str, type[Struct]] = {
    "owner": Owner,
    "transcription": HeardEndpoint,
    "speech": SpokenEndpoint,
    "weights": Weights,
    "model": Endpoint,
    "limits": Limits,
    "history": History,
}
LISTS = ("names", "allow_local", "skills")
LOGS = ("console", "json")
LOG_LEVELS = ("debug", "info", "warning", "error")


def load(
    path: Path | None = None, environ: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None
) -> Config:
    """Reads the file (none is fine), lays environment and flags over it, and checks the whole.

    Flags are named with dots (`owner.name`); those that are None were not given. Raises ConfigError.
    """
    tree: dict[str, Any] = {}
    if path is not None:
        tree = _read(path)
        check_keys(tree, str(path))
    for name, value in from_environment(environ or {}).items():
        put(tree, name, value)
    for name, value in (flags or {}).items():
        if value is not None:
            put(tree, name, value)
    check_keys(tree, "flags")
    try:
        config = msgspec.convert(tree, Config, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise ConfigError(f"the configuration does not fit: {error}") from error
    return _checked(config)


def from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """`LEVERET_OWNER_NAME=Ada` as {"owner.name": "Ada"}; a list is split at commas, sites are `name=url,…`."""
    names = {PREFIX + dotted.replace(".", "_").upper(): dotted for dotted in all_keys()}
    found: dict[str, Any] = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX) or variable.startswith(FOREIGN):
            continue
        if variable not in names:
            raise ConfigError(f"{variable} is no setting{_nearest(variable, names)}; see `leveret serve --help`")
        dotted = names[variable]
        if dotted in LISTS:
            found[dotted] = [part.strip() for part in text.split(",") if part.strip()]
        elif dotted == "sites":
            found[dotted] = sites_of(text.split(","))
        elif dotted == "sources":
            found[dotted] = _read(Path(text))
        else:
            found[dotted] = text
    return found


def sites_of(pairs: Iterable[str]) -> dict[str, str]:
    """`pizza=http://…` as a mapping. Raises ConfigError on a part without a name or an address."""
    found: dict[str, str] = {}
    for pair in pairs:
        if not pair.strip():
            continue
        name, equals, url = pair.strip().partition("=")
        if not (name and equals and url):
            raise ConfigError(f"a site is written name=address, not {pair!r}")
        found[name] = url
    return found


def all_keys() -> tuple[str, ...]:
    """Every key there is, with dots."""
    keys: list[str] = []
    for name in Config.__struct_fields__:
        section = SECTIONS.get(name)
        keys.extend([f"{name}.{key}" for key in section.__struct_fields__] if section else [name])
    return tuple(keys)


def check_keys(tree: Mapping[str, Any], where: str) -> None:
    """Raises ConfigError for a key that is none, naming the nearest that is."""
    for name, value in tree.items():
        if name not in Config.__struct_fields__:
            raise ConfigError(f"{where}: {name!r} is no setting{_nearest(name, Config.__struct_fields__)}")
        if name == "sources":
            _check_sources(value, where)
        section = SECTIONS.get(name)
        if section is None:
            continue
        if not isinstance(value, Mapping):
            raise ConfigError(f"{where}: {name!r} is a section; write [{name}] and its keys below it")
        for key in value:
            if key not in section.__struct_fields__:
                raise ConfigError(f"{where}: {name}.{key} is no setting{_nearest(key, section.__struct_fields__)}")


def _check_sources(value: Any, where: str) -> None:
    """Raises ConfigError for a key that no source has."""
    for source, keys in value.items() if isinstance(value, Mapping) else ():
        for key in keys if isinstance(keys, Mapping) else ():
            if key not in Source.__struct_fields__:
                near = _nearest(key, Source.__struct_fields__)
                raise ConfigError(f"{where}: sources.{source}.{key} is no setting{near}")


def read_key(path: str, setting: str) -> str:
    """The key that a file holds; "" when no file is named. Raises ConfigError."""
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except OSError as error:
        raise ConfigError(f"{setting}: cannot read {path}: {error.strerror}") from error


def put(tree: dict[str, Any], dotted: str, value: Any) -> None:
    """Sets a key named with dots."""
    section, dot, key = dotted.partition(".")
    if dot:
        tree.setdefault(section, {})[key] = value
    else:
        tree[section] = value


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read the configuration {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no TOML: {error}") from error


def _checked(config: Config) -> Config:
    try:
        ZoneInfo(config.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(f"timezone {config.timezone!r} is unknown; write one such as Europe/Berlin") from error
    if not 0 <= config.port <= 65535:
        raise ConfigError(f"port {config.port} is none; write 0 (a free one) to 65535")
    if bool(config.certificate) != bool(config.certificate_key):
        raise ConfigError("certificate and certificate_key go together; name both, or neither")
    for name, url in config.sites.items():
        if not url.startswith(("http://", "https://")):
            raise ConfigError(f"site {name!r}: {url!r} is no web address; write http://… or https://…")
    if config.weights.hub and not config.weights.hub.startswith(("http://", "https://")):
        raise ConfigError(f"weights.hub {config.weights.hub!r} is no web address; write https://…, or leave it out")
    for name, source in config.sources.items():
        for fault in faults_of(name, source):
            raise ConfigError(f"sources.{name}: {fault}")
    for place in config.allow_local:
        host, colon, port = place.rpartition(":")
        if not (host and colon and port.isdigit()):
            raise ConfigError(f"allow_local: {place!r} is written host:port")
    if config.log not in LOGS:
        raise ConfigError(f"log {config.log!r} is none; write {' or '.join(LOGS)}")
    if config.log_level not in LOG_LEVELS:
        raise ConfigError(f"log_level {config.log_level!r} is none; write one of {', '.join(LOG_LEVELS)}")
    return config


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str | Path):
        return Path(value)
    raise NotImplementedError(f"no way to read {kind.__name__}")
